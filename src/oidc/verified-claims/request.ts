import { Malformed, measured, objectAt } from './malformed.ts'
import { verificationShape } from './shape.ts'
import { readParts, readWanted, type Wanted, type WantedParts } from './wanted.ts'

/** One set of claims under one set of demands on how they were verified. */
export interface VerifiedClaimsRequest {
  readonly verification: WantedParts
  /** By name; none where it is enough to know that and how the person was verified. */
  readonly claims: ReadonlyMap<string, Wanted>
}

/** What stands for `verified_claims` in one member of the `claims` parameter. */
export interface VerifiedClaimsRequests {
  /** Whether an array was sent, and is to be answered. */
  readonly several: boolean
  readonly requests: readonly VerifiedClaimsRequest[]
}

const MOST_REQUESTS = 10
const MOST_CLAIMS = 100

/**
 * Reads a request for verified claims (OpenID Connect for Identity Assurance 1.0, sections 5.3 to 5.6).
 * @param path where it stands, for the messages
 * @throws Malformed
 */
export function parseVerifiedClaims(value: unknown, path: string): VerifiedClaimsRequests {
  measured(value, path)
  if (!Array.isArray(value)) return { several: false, requests: [parseRequest(value, path)] }
  if (value.length === 0) throw new Malformed(path, 'must not be empty')
  if (value.length > MOST_REQUESTS) throw new Malformed(path, `must have at most ${MOST_REQUESTS} elements`)
  return { several: true, requests: value.map((element, index) => parseRequest(element, `${path}[${index}]`)) }
}

/** What stands beside the two members is ignored (Schema Definition, section 5.2). */
function parseRequest(value: unknown, path: string): VerifiedClaimsRequest {
  const request = objectAt(value, path)
  const verification = objectAt(request.verification, `${path}.verification`)
  if (!Object.hasOwn(verification, 'trust_framework'))
    throw new Malformed(`${path}.verification.trust_framework`, 'is missing')
  const claims = request.claims === null ? [] : Object.entries(objectAt(request.claims, `${path}.claims`))
  if (claims.length > MOST_CLAIMS) throw new Malformed(`${path}.claims`, `must have at most ${MOST_CLAIMS} members`)
  return {
    verification: readParts(
      verification,
      { parts: verificationShape, always: ['trust_framework'], needed: [] },
      `${path}.verification`,
    ),
    claims: new Map(
      claims.map(([name, claim]) => [name, readWanted(claim, { is: 'claim' }, `${path}.claims.${name}`)!]),
    ),
  }
}
