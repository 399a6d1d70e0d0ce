import type { Middleware } from 'koa'
import OidcProvider, { errors, type KoaContextWithOIDC } from 'oidc-provider'
import { registrationOf } from './clients.ts'
import { extraOf } from './resources/token-claims.ts'
import { isBelow, type SaidLevel } from './token-levels.ts'

interface RefreshTokens {
  find(value: string, options?: object): Promise<SaidLevel | undefined>
}

/**
 * A refresh token of a sign-in that is weaker than what its client demands by now is good for nothing: whoever raises `minimum_acr` means
 * the tokens that are out, too. The client hears `invalid_grant` and sends the person to sign in.
 */
export function refuseWeakRefreshes(provider: OidcProvider): void {
  const tokens = provider.RefreshToken as unknown as RefreshTokens
  const find = tokens.find.bind(tokens)
  tokens.find = async (value, options) => {
    const token = await find(value, options)
    const { oidc } = (OidcProvider.ctx as KoaContextWithOIDC | undefined) ?? {}
    if (!token || !oidc?.client || oidc.params?.grant_type !== 'refresh_token') return token
    return isBelow(token, oidc.client) ? undefined : token
  }
}

const INSUFFICIENT = 'insufficient_user_authentication'

/** RFC 9470, section 3. */
class InsufficientAuthentication extends errors.CustomOIDCProviderError {
  override readonly status = 401
  override readonly statusCode = 401

  constructor() {
    super(INSUFFICIENT, 'a stronger sign-in is required')
  }
}

/**
 * An access token of such a sign-in gets no claims of the person any more. @param token the one that was presented, its client loaded
 * @throws InsufficientAuthentication
 */
export function refuseWeakToken({ oidc }: KoaContextWithOIDC, token: object): void {
  if (oidc.client && isBelow(extraOf(token), oidc.client)) throw new InsufficientAuthentication()
}

/** Says in the challenge what would be enough, so that the client knows what to ask for. */
export const nameLevelWanted: Middleware = async (ctx, next) => {
  await next()
  const { client } = (ctx as unknown as KoaContextWithOIDC).oidc ?? {}
  const challenge = ctx.response.get('WWW-Authenticate')
  // A refusal without a challenge has no such header, whatever its type says.
  if (ctx.status !== 401 || !client || !challenge?.includes(INSUFFICIENT)) return
  ctx.set('WWW-Authenticate', `${challenge}, acr_values="${registrationOf(client).minimum_acr}"`)
}
