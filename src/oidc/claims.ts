import { errors } from 'oidc-provider'
import type { Account } from '#src/accounts/account.ts'
import { claimsAsked, scopeClaims } from '#src/consents/scopes.ts'
import { unixSeconds } from '#src/kernel/clock.ts'
import { registrationOf } from './clients.ts'
import { identityClaimsOf } from './identity-claims.ts'
import {
  type ClaimsAsked,
  type ClaimsCheck,
  checkClaimsParameter,
  claimsBehind,
  VERIFIED_CLAIMS,
} from './verified-claims/parameter.ts'

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
  return typeof parameter === 'string' ? namedIn(JSON.parse(parameter)) : []
}

function namedIn(asked: ClaimsAsked): string[] {
  const named = [...Object.keys(asked.userinfo ?? {}), ...Object.keys(asked.id_token ?? {}), ...claimsBehind(asked)]
  return [...new Set(named)].filter((claim) => personalClaims.has(claim))
}

/**
 * A registered `scope` bounds whose data a client reaches, so it holds for claims that are asked for by name as well, inside
 * `verified_claims` too: else an invited client would ask by the one parameter for what it was not given in the other.
 * @throws InvalidRequest naming the claim
 */
export const checkClaims: ClaimsCheck = async (ctx, asked, client) => {
  await checkClaimsParameter(ctx, asked, client)
  const { scope } = registrationOf(client)
  if (scope === undefined) return
  const within = claimsAsked(scope.split(' '), [VERIFIED_CLAIMS])
  const beyond = namedIn(asked as ClaimsAsked).find((claim) => !within.includes(claim))
  if (beyond !== undefined)
    throw new errors.InvalidRequest(`claims: ${beyond} is beyond the scope that this client is registered with`)
}
