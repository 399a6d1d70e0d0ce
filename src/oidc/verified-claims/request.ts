import { Malformed, measured, objectAt } from './malformed.ts'
import { verificationShape } from './shape.ts'
import { readMembers, readWanted, type Wanted } from './wanted.ts'

/** One set of claims under one set of demands on how they were verified. */
export interface VerifiedClaimsRequest {
  readonly verification: Extract<Wanted, { is: 'parts' }>
  /** By name. */
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

function parseRequest(value: unknown, path: string): VerifiedClaimsRequest {
  const request = objectAt(value, path)
  const stranger = Object.keys(request).find((name) => name !== 'verification' && name !== 'claims')
  if (stranger !== undefined) throw new Malformed(`${path}.${stranger}`, 'is unknown')
  const verification = objectAt(request.verification, `${path}.verification`)
  if (!Object.hasOwn(verification, 'trust_framework'))
    throw new Malformed(`${path}.verification.trust_framework`, 'is missing')
  const claims = Object.entries(objectAt(request.claims, `${path}.claims`))
  if (claims.length === 0) throw new Malformed(`${path}.claims`, 'must not be empty')
  if (claims.length > MOST_CLAIMS) throw new Malformed(`${path}.claims`, `must have at most ${MOST_CLAIMS} members`)
  return {
    verification: {
      is: 'parts',
      parts: readMembers(verification, verificationShape, `${path}.verification`),
      always: ['trust_framework'],
    },
    claims: new Map(
      claims.map(([name, claim]) => [name, readWanted(claim, { is: 'claim' }, `${path}.claims.${name}`)]),
    ),
  }
}
