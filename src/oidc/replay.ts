import type Provider from 'oidc-provider'
import type { KoaContextWithOIDC } from 'oidc-provider'
import type { Store } from '#src/store/store.ts'
import { write } from '#src/store/unit.ts'
import { artifactParts, isFleeting } from './artifacts.ts'

/**
 * After two parallel redemptions of one authorization code, device code or auth_req_id: the grant dies with everything issued from it,
 * the winner's tokens included (RFC 6749, section 4.1.2). A refresh token spent twice in parallel only loses: browsers and mobile
 * clients do that.
 */
export async function killReplayedGrant(provider: Provider, ctx: unknown): Promise<void> {
  const { oidc } = ctx as KoaContextWithOIDC
  // Elsewhere a code has just been made and its grant is the session's: of a pushed request that ends twice at once, only the second is lost.
  if (oidc?.route !== 'token') return
  const { AuthorizationCode, DeviceCode, BackchannelAuthenticationRequest } = oidc.entities
  const grantId = (AuthorizationCode ?? DeviceCode ?? BackchannelAuthenticationRequest)?.grantId
  if (grantId !== undefined) await killGrant(provider, grantId)
}

/** A grant and everything issued from it. */
export async function killGrant(provider: Provider, grantId: string): Promise<void> {
  const { AccessToken, RefreshToken, AuthorizationCode, DeviceCode, BackchannelAuthenticationRequest } = provider
  await Promise.all(
    [AccessToken, RefreshToken, AuthorizationCode, DeviceCode, BackchannelAuthenticationRequest].map((model) =>
      model.revokeByGrantId(grantId),
    ),
  )
  await (provider.Grant as unknown as { adapter: { destroy(id: string): Promise<void> } }).adapter.destroy(grantId)
}

const ISSUED = ['AccessToken', 'RefreshToken', 'AuthorizationCode', 'DeviceCode', 'BackchannelAuthenticationRequest']

/** The same for a grant of which only the hash of its id is kept. */
export async function killGrantByHash(store: Store, hash: string): Promise<void> {
  for (const model of ISSUED) {
    const { revoke } = artifactParts[isFleeting(model) ? 'fleeting' : 'durable']
    await write(store, revoke, `${model}:${hash}`, [model, hash])
  }
  await write(store, artifactParts.durable.drop, `Grant:${hash}`, ['Grant', hash])
}
