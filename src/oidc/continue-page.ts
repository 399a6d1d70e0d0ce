import type { Middleware } from 'koa'
import type { KoaContextWithOIDC } from 'oidc-provider'
import type { State } from '#src/http/context.ts'
import { describe, type RelyingParty } from './clients.ts'
import { preferred } from './pages.ts'

/** A form that the provider wants the browser to send at once: to a relying party (`form_post`) or to itself. */
export interface OnwardForm {
  readonly action: string
  readonly inputs: readonly { readonly name: string; readonly value: string }[]
}

/** What the provider's hard-coded page starts with, and what no page of ours contains. */
const PROVIDERS_PAGE = '<!DOCTYPE html>\n<html>\n<head>\n  <meta http-equiv="X-UA-Compatible"'
const SUBMITS_ITSELF = 'document.forms[0].submit()'

/**
 * Around the provider: in place of its page that submits itself (no `lang`, English words, an inline script) puts ours with the same
 * form. It is the answer of `response_mode=form_post`, of a sign-out with nobody signed in, and of a sign-in as another person.
 */
export const continuePage: Middleware<State> = async (ctx, next) => {
  await next()
  const { body, status } = ctx
  if (typeof body !== 'string' || !body.startsWith(PROVIDERS_PAGE) || !body.includes(SUBMITS_ITSELF)) return
  const { action, inputs } = onwardForm(body)
  const providers = ctx as unknown as KoaContextWithOIDC
  const page = preferred(providers)
  const leaves = new URL(action, ctx.origin).origin !== ctx.origin
  const client = leaves ? (providers.oidc.client?.metadata() as RelyingParty | undefined) : undefined
  const service = client && describe(client, page.locale).name
  // The page's own policy would send `Origin: null` to the relying party.
  ctx.set('Referrer-Policy', 'strict-origin')
  page.render('oidc/continue', { action, inputs, service }, { status, leavesOrigin: true })
}

/** @throws Error when the page has another shape than expected: an update of the provider has to be looked at */
export function onwardForm(html: string): OnwardForm {
  const action = /<form method="post" action="([^"]*)">/.exec(html)?.[1]
  if (action === undefined) throw new Error('the page that submits itself has no form that we know')
  const inputs = [...html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"\/>/g)].map(
    ([, name, value]) => ({
      name: unescaped(name!),
      value: unescaped(value!),
    }),
  )
  return { action: unescaped(action), inputs }
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }

function unescaped(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => ENTITIES[name]!)
}
