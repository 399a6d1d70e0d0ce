import type OidcProvider from 'oidc-provider'
import type { KoaContextWithOIDC } from 'oidc-provider'
import { scopeClaims } from '#src/consents/scopes.ts'
import { accountNumber } from '../ciba/hints.ts'
import { FIRST_PARTY } from '../requirement.ts'
import { VERIFIED_CLAIMS } from '../verified-claims/parameter.ts'
import { releasedIn } from '../verified-claims/released.ts'
import type { Releases } from './releases.ts'

interface Claims {
  readonly ctx: KoaContextWithOIDC | undefined
  readonly client: { readonly clientId: string }
  result(): Promise<Record<string, unknown>>
}

/** All but `sub`, which says no more than that there was a sign-in. */
const personal: ReadonlySet<string> = new Set<string>([
  ...Object.values(scopeClaims)
    .flat()
    .filter((claim) => claim !== 'sub'),
  VERIFIED_CLAIMS,
])

/** Notes what each id_token and userinfo answer hands over, as the provider has cut it down to what was asked for and agreed to. */
export function noteReleases(provider: OidcProvider, releases: Releases): void {
  const { prototype } = provider.Claims as unknown as { prototype: Claims }
  const { result } = prototype
  prototype.result = async function noted() {
    const claims = await result.call(this)
    const { oidc } = this.ctx ?? {}
    const accountId = oidc?.account?.accountId
    const names = Object.entries(claims)
      .filter(([name]) => personal.has(name))
      .flatMap(([name, value]) => (name === VERIFIED_CLAIMS ? releasedIn(value) : [name]))
    if (oidc && accountId !== undefined && names.length > 0 && this.client.clientId !== FIRST_PARTY) {
      const channel = oidc.route === 'userinfo' ? 'userinfo' : 'id_token'
      await releases.note({ oid: accountNumber(accountId), clientId: this.client.clientId, channel, claims: names })
    }
    return claims
  }
}
