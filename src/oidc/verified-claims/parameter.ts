import { type Configuration, errors } from 'oidc-provider'
import { identityLevels } from '#src/kernel/levels.ts'
import { IDENTITY_LEVEL, namesNoLevel } from '../identity-level/demand.ts'
import { printable } from '../quoted.ts'
import { ID_DOCUMENT } from './claim-groups.ts'
import { isObject, Malformed } from './malformed.ts'
import { parseVerifiedClaims, type VerifiedClaimsRequests } from './request.ts'
import type { Wanted } from './wanted.ts'

export const VERIFIED_CLAIMS = 'verified_claims'

/** The `claims` parameter: what userinfo and the id_token are to hold, by name. */
export type ClaimsAsked = Readonly<Partial<Record<'userinfo' | 'id_token', Readonly<Record<string, unknown>>>>>

type ClaimsParameter = NonNullable<NonNullable<Configuration['features']>['claimsParameter']>
export type ClaimsCheck = NonNullable<
  Extract<ClaimsParameter, { assertClaimsParameter?: unknown }>['assertClaimsParameter']
>

/**
 * What the provider asks about each `claims` parameter, wherever it came from: the address, a pushed request or a request object. Members
 * are null or objects, as its own check has it (OpenID Connect Core, section 5.5.1), but for `verified_claims`, which may be an array and
 * is read.
 * @throws InvalidRequest
 */
export const checkClaimsParameter: ClaimsCheck = (_ctx, claims) => {
  for (const container of ['userinfo', 'id_token'] as const)
    for (const [name, value] of Object.entries(claims[container] ?? {})) {
      if (name === VERIFIED_CLAIMS) checkVerifiedClaims(value, `claims.${container}.${name}`)
      else if (value !== null && !isObject(value))
        throw new errors.InvalidRequest(`claims.${container} members must be null or objects`)
      else if (name === IDENTITY_LEVEL && namesNoLevel(value))
        throw new errors.InvalidRequest(`claims.${container}.${name} must be ${identityLevels.join(', ')} if essential`)
    }
}

function checkVerifiedClaims(value: unknown, path: string): void {
  try {
    parseVerifiedClaims(value, path)
  } catch (fault) {
    if (fault instanceof Malformed) throw new errors.InvalidRequest(printable(fault.message))
    throw fault
  }
}

/** The requests for verified claims in a `claims` parameter that was checked. */
function requestsIn(asked: ClaimsAsked): VerifiedClaimsRequests[] {
  return [asked.userinfo, asked.id_token].flatMap((members) => {
    const value = members?.[VERIFIED_CLAIMS]
    return value === undefined ? [] : [parseVerifiedClaims(value, VERIFIED_CLAIMS)]
  })
}

/**
 * What a person is asked about where verified claims are wanted: the claims by name, the document where its details are wanted, and that it
 * is told how all that was proven.
 */
export function claimsBehind(asked: ClaimsAsked): string[] {
  const requests = requestsIn(asked).flatMap((several) => several.requests)
  if (requests.length === 0) return []
  const details = requests.some(({ verification }) => asksForDocument(verification))
  return [...requests.flatMap(({ claims }) => [...claims.keys()]), ...(details ? [ID_DOCUMENT] : []), VERIFIED_CLAIMS]
}

/** Whether more of a document is wanted than its type. */
function asksForDocument(verification: Wanted): boolean {
  const evidence = memberOf(verification, 'evidence')
  if (evidence?.is !== 'list') return false
  return evidence.anyOf.some((entry) => {
    const details = memberOf(entry, 'document_details')
    return details?.is === 'parts' && [...details.parts.keys()].some((name) => name !== 'type')
  })
}

const memberOf = (wanted: Wanted, name: string) => (wanted.is === 'parts' ? wanted.parts.get(name) : undefined)
