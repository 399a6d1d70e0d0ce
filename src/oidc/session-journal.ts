import type { Middleware } from 'koa'
import type { KoaContextWithOIDC } from 'oidc-provider'
import type { State } from '#src/http/context.ts'
import type { Journal, JournalEvent } from '#src/journal/journal.ts'
import { ticketHash } from '#src/kernel/ids.ts'
import { sessionEnded, sessionUsed } from './events.ts'

/** Journals what happens to sessions without a page of ours, after the provider has done it and in the same unit of work. */
export function journalSessions(journal: Journal): Middleware<State> {
  return async (ctx, next) => {
    await next()
    if (ctx.status !== 303 && ctx.status !== 200) return
    const event = eventOf(ctx as unknown as KoaContextWithOIDC, ctx.state)
    if (event) await journal.note(event)
  }
}

function eventOf(ctx: KoaContextWithOIDC, { address }: State): JournalEvent | undefined {
  const { oidc } = ctx
  const accountId = oidc?.session?.accountId
  if (accountId === undefined) return undefined
  const common = { account: Number(accountId), client: oidc.client?.clientId ?? '', address }
  if (oidc.route === 'end_session_confirm' && ctx.status === 303)
    return sessionEnded({
      ...common,
      scope: oidc.params?.logout ? 'everywhere' : 'service',
      reason: 'signed_out',
      session: ticketHash(oidc.session!.uid),
    })
  // Only an accepted request has a code by now; one that needs a page is journalled by its pages.
  if (oidc.route === 'authorization' && oidc.entities.AuthorizationCode)
    return sessionUsed({
      ...common,
      acr: oidc.acr ?? '',
      origin: ticketHash(oidc.session!.uid),
      device: ctx.get('User-Agent'),
    })
  return undefined
}
