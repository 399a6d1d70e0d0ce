import type { Middleware } from 'koa'
import type { KoaContextWithOIDC } from 'oidc-provider'
import type { State } from '#src/http/context.ts'
import type { Clients } from '../clients/clients.ts'
import { paths } from '../paths.ts'

const MANAGED = `${paths.registration}/`

/**
 * Around the management of a registration. A secret stands only in the answer that made it; its holder has it. A client that is suspended
 * is refused ahead of the provider, which would destroy its registration access token for it.
 */
export function guardRegistrations(clients: Clients): Middleware<State> {
  return async (ctx, next) => {
    if (ctx.path.startsWith(MANAGED) && !(await clients.active(ctx.path.slice(MANAGED.length)))) {
      ctx.status = 401
      ctx.set('Cache-Control', 'no-store')
      ctx.set('WWW-Authenticate', 'Bearer error="invalid_token"')
      ctx.body = { error: 'invalid_token', error_description: 'there is no such client, or it is suspended' }
      return
    }
    await next()
    const { oidc } = ctx as unknown as KoaContextWithOIDC
    const made = oidc?.route === 'client_update' && oidc.client?.clientSecret === undefined
    if ((oidc?.route !== 'client' && oidc?.route !== 'client_update') || made) return
    const { client_secret: _held, client_secret_expires_at: _never, ...shown } = ctx.body as Record<string, unknown>
    ctx.body = shown
  }
}
