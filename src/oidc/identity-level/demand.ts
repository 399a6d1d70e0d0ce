import { type IdentityLevel, identityLevels, satisfiesIdentity } from '#src/kernel/levels.ts'
import type { RelyingParty } from '../clients.ts'

export const IDENTITY_LEVEL = 'identity_level'

/** The `claims` parameter: what userinfo and the id_token are to hold, by name. */
type ClaimsAsked = Readonly<Partial<Record<'userinfo' | 'id_token', Readonly<Record<string, unknown>>>>>

interface AskedLevel {
  readonly essential?: unknown
  readonly value?: unknown
  readonly values?: unknown
}

/**
 * How well a person has to be proven for a request to succeed: the client's floor, and an essential claim `identity_level` that names values
 * (OpenID Connect Core, section 5.5.1). Levels are ordered, so the least of the values will do, and of several demands the highest counts.
 * @param claims the `claims` parameter, as JSON or parsed; it was checked
 * @returns undefined where every account will do
 */
export function identityLevelWanted(
  claims: unknown,
  client: Pick<RelyingParty, 'minimum_identity_level'>,
): IdentityLevel | undefined {
  const { userinfo, id_token: idToken } = claimsOf(claims)
  const demands = [client.minimum_identity_level, ...[userinfo, idToken].map(essentialLevel)]
  const highest = demands
    .filter((level) => level !== undefined)
    .reduce((a, b) => (satisfiesIdentity(a, b) ? a : b), 'simplified' as IdentityLevel)
  return highest === 'simplified' ? undefined : highest
}

function claimsOf(claims: unknown): ClaimsAsked {
  if (typeof claims === 'string') return JSON.parse(claims) as ClaimsAsked
  return (claims ?? {}) as ClaimsAsked
}

function essentialLevel(members: Readonly<Record<string, unknown>> | undefined): IdentityLevel | undefined {
  const asked = members?.[IDENTITY_LEVEL] as AskedLevel | null | undefined
  return asked?.essential === true ? leastOf(asked) : undefined
}

const valuesOf = ({ value, values }: AskedLevel): unknown[] => [values ?? value ?? []].flat()

function leastOf(asked: AskedLevel): IdentityLevel | undefined {
  const named = valuesOf(asked)
  return identityLevels.find((level) => named.includes(level))
}

/** Whether an essential claim names values, none of which there is: no person could ever have one of them. */
export function namesNoLevel(asked: unknown): boolean {
  const claim = asked as AskedLevel | null
  return claim?.essential === true && valuesOf(claim).length > 0 && leastOf(claim) === undefined
}
