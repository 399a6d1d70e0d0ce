import { createLocalJWKSet, type JWK, jwtVerify } from 'jose'
import type { Adapter, AdapterPayload, KoaContextWithOIDC } from 'oidc-provider'
import type { Clock } from '#src/kernel/clock.ts'

type Provider = KoaContextWithOIDC['oidc']['provider']
type AccessToken = InstanceType<Provider['AccessToken']>

/**
 * Access tokens that were issued as JWTs. The provider keeps nothing of them; an exchange has to know the grant and the session behind
 * one, and a pairwise `sub` does not lead back to the account, so a note stays until the token expires. It is found by `jti`, which
 * resource servers may log: it opens nothing without the signed token.
 */
export interface IssuedJwts {
  remember(token: AccessToken, times: { readonly iat: number; readonly exp: number }): Promise<void>
  /** The access token behind a JWT that we signed and that has not expired; nothing for any other string. */
  find(provider: Provider, jwt: string): Promise<AccessToken | undefined>
}

/** Which members of a JWK are public, whatever its kind. */
const PUBLIC = ['kty', 'kid', 'alg', 'use', 'crv', 'x', 'y', 'n', 'e']

/** @param deps.notes where the notes are kept; @param deps.signingKeys private JWKs of every key that may have signed one */
export function makeIssuedJwts(deps: {
  notes: Pick<Adapter, 'upsert' | 'find'>
  signingKeys: readonly object[]
  issuer: string
  clock: Clock
}): IssuedJwts {
  const { notes, issuer, clock } = deps
  const keys = deps.signingKeys.map(
    (key) => Object.fromEntries(Object.entries(key).filter(([name]) => PUBLIC.includes(name))) as unknown as JWK,
  )
  const published = createLocalJWKSet({ keys })

  return {
    async remember(token, { iat, exp }) {
      const members = (token.constructor as unknown as { IN_PAYLOAD: string[] }).IN_PAYLOAD
      const held = Object.entries(token).filter(([name, value]) => members.includes(name) && value !== undefined)
      await notes.upsert(token.jti, { ...Object.fromEntries(held), iat, exp } as AdapterPayload, token.expiration)
    },
    async find(provider, jwt) {
      const options = { issuer, typ: 'at+jwt', algorithms: ['ES256'], currentDate: clock.now() }
      const verified = await jwtVerify(jwt, published, options).catch(() => undefined)
      const jti = verified?.payload.jti
      const note = jti === undefined ? undefined : await notes.find(jti)
      if (!note) return undefined
      return new provider.AccessToken(note as unknown as ConstructorParameters<Provider['AccessToken']>[0])
    },
  }
}
