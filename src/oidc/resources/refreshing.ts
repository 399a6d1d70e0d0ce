import type { KoaContextWithOIDC, TokenEndpointGrantContext } from 'oidc-provider'
import { applyAuthorizationDetails, resolveAndApplyResource } from 'oidc-provider/lib/helpers/grants.js'

type Entities = KoaContextWithOIDC['oidc']['entities']
type AccessToken = NonNullable<Entities['AccessToken']>

/**
 * Asks whether a refresh token may get what the request wants of a resource server. The provider spends the token first, and a refusal after
 * that would cost the client the whole sign-in: whoever is refused for one resource server goes on with the token for another.
 * @throws InvalidTarget, InvalidAuthorizationDetails
 */
export async function refuseBeforeSpent(ctx: KoaContextWithOIDC): Promise<void> {
  const { provider, params, entities, requestParamScopes } = ctx.oidc
  const token = entities.RefreshToken!
  const probe = {} as AccessToken
  const at = ctx as TokenEndpointGrantContext
  const scopes = params?.scope ? requestParamScopes : token.scopes
  await resolveAndApplyResource(provider, at, token, probe, entities.Grant!, scopes)
  await applyAuthorizationDetails(provider, at, probe, token)
}
