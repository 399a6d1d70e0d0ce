import { compactVerify, createLocalJWKSet, decodeJwt, decodeProtectedHeader } from 'jose'
import type Provider from 'oidc-provider'
import type { Client, JWK } from 'oidc-provider'

/**
 * Lets an id_token still serve as `id_token_hint` when the key that signed it is no longer published (RP-Initiated Logout, section 2:
 * expired ones should). The provider's own check knows the published keys only, and its refusal would leave a person who signs out of a
 * service on an error page.
 * @param formerKeys public JWKs
 */
export function readFormerHints(provider: Provider, formerKeys: readonly JWK[]): void {
  const { IdToken } = provider
  const validate = IdToken.validate.bind(IdToken)
  const former = createLocalJWKSet({ keys: formerKeys as never })
  const isFormer = (jwt: string) => formerKeys.some(({ kid }) => kid === decodeProtectedHeader(jwt).kid)
  IdToken.validate = async (jwt: string, client: Client) => {
    if (!isFormer(jwt)) return validate(jwt, client)
    const { protectedHeader } = await compactVerify(jwt, former, { algorithms: [client.idTokenSignedResponseAlg!] })
    const payload = decodeJwt(jwt)
    if (payload.iss !== provider.issuer || payload.aud !== client.clientId || payload.sub === undefined)
      throw new Error('the hint was not issued here for this client')
    return { header: { ...protectedHeader }, payload }
  }
}
