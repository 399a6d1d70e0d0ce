import type { Middleware } from 'koa'
import type { KoaContextWithOIDC } from 'oidc-provider'
import type { State } from '#src/http/context.ts'
import type { Clients } from '../clients/clients.ts'
import type { Registered } from '../clients/store.ts'
import { paths } from '../paths.ts'

const MANAGED = `${paths.registration}/`

export interface Guard {
  /** Around the provider. */
  readonly middleware: Middleware<State>
  /**
   * The registration that a request is about, as it was before its registration access token was looked at: of two requests with one
   * token, the second finds either the token gone or the version outdated, as both change in one statement.
   * @param req the request's `IncomingMessage`
   */
  before(req: object): Registered | undefined
}

/**
 * Around the management of a registration. A secret stands only in the answer that made it; its holder has it. A client that is suspended
 * is refused ahead of the provider, which would destroy its registration access token for it.
 */
export function makeGuard(clients: Clients): Guard {
  const before = new WeakMap<object, Registered>()
  return {
    before: (req) => before.get(req),
    async middleware(ctx, next) {
      if (!ctx.path.startsWith(MANAGED)) return next()
      const registered = await clients.read(ctx.path.slice(MANAGED.length))
      if (registered?.state !== 'active') {
        ctx.status = 401
        ctx.set('Cache-Control', 'no-store')
        ctx.set('WWW-Authenticate', 'Bearer error="invalid_token"')
        ctx.body = { error: 'invalid_token', error_description: 'there is no such client, or it is suspended' }
        return
      }
      before.set(ctx.req, registered)
      await next()
      const { oidc } = ctx as unknown as KoaContextWithOIDC
      const made = oidc?.route === 'client_update' && registered.client.client_secret === undefined
      if (ctx.status !== 200 || made) return
      const { client_secret: _held, client_secret_expires_at: _never, ...shown } = ctx.body as Record<string, unknown>
      ctx.body = shown
    },
  }
}
