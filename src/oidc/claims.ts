import type { Account } from '#src/accounts/account.ts'
import { claimsAsked, scopeClaims } from '#src/consents/scopes.ts'
import { unixSeconds } from '#src/kernel/clock.ts'
import { identityClaimsOf } from './identity-claims.ts'
import { type ClaimsAsked, claimsBehind, VERIFIED_CLAIMS } from './verified-claims/parameter.ts'

/**
 * An account as OpenID Connect claims (Core, section 5.1). Confirmed contacts only, so `email_verified` and
 * `phone_number_verified` are true wherever they appear.
 */
export function claimsOf(account: Account): Record<string, string | number | boolean> {
  const { person, phone, email } = account
  const name = [person.familyName, person.givenName, person.patronymic].filter((part) => part !== undefined).join(' ')
  return {
    sub: String(account.oid),
    name,
    family_name: person.familyName,
    given_name: person.givenName,
    ...(person.patronymic !== undefined && { middle_name: person.patronymic }),
    gender: person.gender,
    birthdate: person.birthDate,
    updated_at: unixSeconds(account.registeredAt),
    ...(email !== undefined && { email, email_verified: true }),
    ...(phone !== undefined && { phone_number: phone, phone_number_verified: true }),
  }
}

const restingOnProof: ReadonlySet<string> = new Set([
  'identity_level',
  'snils',
  'inn',
  'id_doc',
  'address',
  VERIFIED_CLAIMS,
])

/**
 * The claims of an account, from which the provider takes those that were asked for and agreed to. What rests on proofs is worked out only
 * where it may be wanted.
 * @param scope separated by spaces @param asked by name, as its keys
 */
export function claimsFor(account: Account, scope: string, asked: object | undefined): Record<string, unknown> {
  const named = claimsAsked(scope.split(' '), Object.keys(asked ?? {}))
  return named.some((name) => restingOnProof.has(name))
    ? { ...claimsOf(account), ...identityClaimsOf(account) }
    : claimsOf(account)
}

/**
 * Those that are handed over only with consent. `sub` is what the client knows the person by anyway. `verified_claims` stands for how that
 * which is in it was proven.
 */
const personalClaims: ReadonlySet<string> = new Set([
  ...Object.values(scopeClaims)
    .flat()
    .filter((claim) => claim !== 'sub'),
  VERIFIED_CLAIMS,
])

/**
 * The personal claims that the `claims` parameter asks for by name (Core, section 5.5), for userinfo and id_token alike, verified ones
 * included. Only those that there are: a name that is unknown is ignored, and agreed to unseen it could hold the names of others, as lists
 * are kept with spaces between.
 * @param parameter JSON as sent; the provider has checked it
 */
export function claimsNamed(parameter: unknown): string[] {
  if (typeof parameter !== 'string') return []
  const asked = JSON.parse(parameter) as ClaimsAsked
  const named = [...Object.keys(asked.userinfo ?? {}), ...Object.keys(asked.id_token ?? {}), ...claimsBehind(asked)]
  return [...new Set(named)].filter((claim) => personalClaims.has(claim))
}
