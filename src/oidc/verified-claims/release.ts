import type OidcProvider from 'oidc-provider'
import type { KoaContextWithOIDC } from 'oidc-provider'
import type { Account } from '#src/accounts/account.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { Keyring } from '#src/store/keyring.ts'
import { pairwiseReference } from '../pairwise.ts'
import { type Assurance, candidateOf } from './evidence.ts'
import { answerTo } from './matching.ts'
import { VERIFIED_CLAIMS } from './parameter.ts'
import { parseVerifiedClaims } from './request.ts'
import { verificationsOf } from './verifications.ts'

/** The member `verified_claims` of a userinfo answer or id_token, where it was asked for, agreed to and can be given. */
export function makeVerifiedClaims(deps: {
  readonly assurance: Assurance
  readonly keyring: Pick<Keyring, 'key'>
  readonly clock: Clock
}) {
  const { assurance, clock } = deps
  const reference = pairwiseReference(deps.keyring)
  /** @param asked what this answer is to hold by name, less what the grant does not have @param claims all of the account's */
  return (
    { oidc }: KoaContextWithOIDC,
    account: Account,
    claims: Readonly<Record<string, unknown>>,
    asked: object | undefined,
  ): Record<string, unknown> => {
    const wanted = (asked as Record<string, unknown> | undefined)?.[VERIFIED_CLAIMS]
    if (wanted === undefined) return {}
    const agreed = new Set(oidc.entities.Grant?.getOIDCClaims())
    const referenceOf = (id: string) => reference(id, oidc.client!)
    const telling = { ...assurance, claims, agreed, referenceOf }
    const candidates = verificationsOf(account).map((verification) => candidateOf(verification, telling))
    const answer = answerTo(parseVerifiedClaims(wanted, VERIFIED_CLAIMS), candidates, clock.now())
    return answer === undefined ? {} : { [VERIFIED_CLAIMS]: answer }
  }
}

interface Mask {
  readonly prototype: { mask(asked: Record<string, unknown> | undefined): void }
}

/** Lets through what was asked for by an array: the provider takes only claims for wanted that stand with null or an object. */
export function answerArrays(provider: OidcProvider): void {
  const { prototype } = provider.Claims as unknown as Mask
  const { mask } = prototype
  prototype.mask = function masked(asked) {
    mask.call(this, Array.isArray(asked?.[VERIFIED_CLAIMS]) ? { ...asked, [VERIFIED_CLAIMS]: null } : asked)
  }
}
