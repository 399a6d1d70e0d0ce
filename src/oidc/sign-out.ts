import type { Middleware } from 'koa'
import type { KoaContextWithOIDC } from 'oidc-provider'
import type { State } from '#src/http/context.ts'
import type { Journal } from '#src/journal/journal.ts'
import { sessionEnded } from './events.ts'

/** Journals a sign-out after the provider has carried it out, in the same unit of work. */
export function journalSignOut(journal: Journal): Middleware<State> {
  return async (ctx, next) => {
    await next()
    const { oidc } = ctx as unknown as KoaContextWithOIDC
    if (oidc?.route !== 'end_session_confirm' || ctx.status !== 303) return
    const accountId = oidc.session?.accountId
    if (accountId === undefined) return
    await journal.note(
      sessionEnded({
        account: Number(accountId),
        client: oidc.client?.clientId ?? '',
        scope: oidc.params?.logout ? 'everywhere' : 'service',
        address: ctx.state.address,
      }),
    )
  }
}
