import OidcProvider, { type KoaContextWithOIDC } from 'oidc-provider'
import { isAuthLevel, satisfies } from '#src/kernel/levels.ts'
import { registrationOf } from './clients.ts'

interface RefreshTokens {
  find(value: string, options?: object): Promise<{ readonly acr?: string } | undefined>
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
    const { minimum_acr } = registrationOf(oidc.client)
    if (minimum_acr === undefined || (isAuthLevel(token.acr) && satisfies(token.acr, minimum_acr))) return token
    return undefined
  }
}
