import OidcProvider, { type KoaContextWithOIDC } from 'oidc-provider'
import { isScope } from '#src/consents/scopes.ts'
import type { ResourceServers } from './resources/store.ts'

/** The part of the provider's model that is wrapped; its own type cannot be assigned to. */
interface RefreshTokens {
  find(value: string, options?: object): Promise<{ readonly scopes: ReadonlySet<string> } | undefined>
}

/**
 * Lets a refresh repeat the scopes of the authorization request, as mod_auth_openidc does, though not all of them were granted: one that
 * is unknown here was ignored then, and so was `offline_access` without `prompt=consent`. What was never granted is not given either way;
 * a scope that could have been granted and was not is still refused (RFC 6749, section 6).
 */
export function tolerateRepeatedScopes(provider: OidcProvider, resourceServers: Pick<ResourceServers, 'scopes'>): void {
  const tokens = provider.RefreshToken as unknown as RefreshTokens
  const find = tokens.find.bind(tokens)
  tokens.find = async (value, options) => {
    const token = await find(value, options)
    const params = (OidcProvider.ctx as KoaContextWithOIDC | undefined)?.oidc?.params
    if (token && params?.grant_type === 'refresh_token' && typeof params.scope === 'string')
      params.scope = withoutIgnored(params.scope, token.scopes, await resourceServers.scopes())
    return token
  }
}

/**
 * @param resourceScopes scopes of resource servers, which are known here too
 * @returns the list as it was if nothing would remain, which is an error and not a wish for everything
 */
export function withoutIgnored(
  asked: string,
  granted: ReadonlySet<string>,
  resourceScopes: ReadonlySet<string> = new Set(),
): string {
  const known = (scope: string) => (isScope(scope) && scope !== 'offline_access') || resourceScopes.has(scope)
  const kept = asked.split(' ').filter((scope) => granted.has(scope) || known(scope))
  return kept.length > 0 ? kept.join(' ') : asked
}
