import { decodeJwt } from 'jose'
import { type Configuration, errors, type KoaContextWithOIDC } from 'oidc-provider'
import { type Clock, unixSeconds } from '#src/kernel/clock.ts'
import { fapiSignatures } from '../algorithms.ts'

/** How far a client's clock may run ahead of ours (FAPI 2.0 Security Profile, section 5.3.2.1, clause 13). */
export const CLOCK_OFFSET_SECONDS = 60
/** Between `nbf` and `exp` of a request object (FAPI 2.0 Message Signing, section 5.3.1; FAPI CIBA, section 5.2.2, clause 9). */
const REQUEST_OBJECT_SECONDS = 3600
/** An assertion that is good for longer would have to be remembered for longer (RFC 7523, section 3, clause 4). */
const LONGEST_ASSERTION_SECONDS = 3600

type Claims = Readonly<Record<string, unknown>>
type Requests = NonNullable<NonNullable<Configuration['features']>['requestObjects']>
type Dpop = NonNullable<NonNullable<Configuration['features']>['dPoP']>

const isAhead = (seconds: unknown, clock: Clock, tolerated: number) =>
  typeof seconds === 'number' && seconds > unixSeconds(clock.now()) + tolerated

/** What a client assertion has to hold beyond RFC 7523; its signature, `iss`, `sub`, `exp` and audience were checked before. */
export function checkClientAssertions(clock: Clock): NonNullable<Configuration['assertJwtClientAuthClaimsAndHeader']> {
  return ({ oidc }, claims, header) => {
    if (isAhead(claims.exp, clock, LONGEST_ASSERTION_SECONDS))
      throw new errors.InvalidClientAuth('the client assertion is good for more than an hour')
    if (!oidc.isFapi('2.0')) return
    // A string and nothing else: an audience that names further servers lets them use the assertion here.
    if (claims.aud !== oidc.issuer) throw new errors.InvalidClientAuth('aud must be the issuer, as a string')
    if (!isAllowed(header.alg)) throw new errors.InvalidClientAuth(`${String(header.alg)} is not allowed by FAPI 2.0`)
    if (isAhead(claims.iat, clock, CLOCK_OFFSET_SECONDS))
      throw new errors.InvalidClientAuth('iat is more than a minute ahead')
  }
}

/** What a signed request object has to hold beyond RFC 9101, for FAPI and for CIBA. */
export function checkRequestObjects(clock: Clock): NonNullable<Requests['assertJwtClaimsAndHeader']> {
  return ({ oidc }, claims, header) => {
    const fapi = oidc.isFapi('2.0') !== undefined
    const ciba = oidc.route === 'backchannel_authentication'
    // CIBA Core, section 7.1.1.
    const required = [
      ...(fapi ? ['exp', 'aud', 'nbf'] : []),
      ...(ciba ? ['aud', 'iss', 'exp', 'iat', 'nbf', 'jti'] : []),
    ]
    const missing = required.find((claim) => claims[claim] === undefined)
    if (missing) throw new errors.InvalidRequestObject(`Request Object is missing the '${missing}' claim`)
    if (!fapi && !ciba) return
    const lifetime = (claims.exp as number) - (claims.nbf as number)
    if (!(lifetime > 0 && lifetime <= REQUEST_OBJECT_SECONDS))
      throw new errors.InvalidRequestObject("'exp' must be at most 60 minutes after 'nbf'")
    if (isAhead(claims.iat, clock, CLOCK_OFFSET_SECONDS))
      throw new errors.InvalidRequestObject('iat is more than a minute ahead')
    // What was pushed was checked then; the provider keeps it unsigned if it came as plain parameters.
    if (fapi && !('PushedAuthorizationRequest' in oidc.entities) && !isAllowed(header.alg))
      throw new errors.InvalidRequestObject(`${String(header.alg)} is not allowed by FAPI 2.0`)
  }
}

/**
 * DPoP with nonces, which a client is given and need not use. The provider asks here about each proof before it reads it: the place to
 * refuse one that is dated ahead, which it would accept for five minutes.
 * @param nonceSecret 32 bytes, the same in every process
 */
export function dpop(nonceSecret: Buffer, clock: Clock): Dpop {
  return {
    enabled: true,
    nonceSecret,
    requireNonce(ctx) {
      if (isAhead(claimsOf(ctx)?.iat, clock, CLOCK_OFFSET_SECONDS))
        throw new errors.InvalidDpopProof('DPoP proof iat is more than a minute ahead')
      return false
    },
  }
}

function claimsOf(ctx: KoaContextWithOIDC): Claims | undefined {
  try {
    return decodeJwt(ctx.get('DPoP'))
  } catch {
    // Malformed: the provider says so.
    return undefined
  }
}

const isAllowed = (alg: unknown) => fapiSignatures.includes(String(alg))
