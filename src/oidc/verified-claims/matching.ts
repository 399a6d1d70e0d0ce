import { isDeepStrictEqual } from 'node:util'
import type { VerifiedClaimsRequest, VerifiedClaimsRequests } from './request.ts'
import type { Wanted, WantedParts } from './wanted.ts'

type Json = Readonly<Record<string, unknown>>

/** Claims that one verification covers, both as they would go out in full: nothing is in them that the person has not agreed to. */
export interface Candidate {
  readonly verification: Json
  readonly claims: Json
}

/** One element of `verified_claims`. */
export interface VerifiedClaims {
  readonly verification: Json
  readonly claims: Json
}

/**
 * What is released (OpenID Connect for Identity Assurance 1.0, section 5.7), whatever was called essential: that changes nothing here. Each
 * request is answered by itself (section 5.6) with one element at most, so an object is answered by an object; where several
 * verifications would do, by the one that covers most of the claims, of these the first.
 * @param candidates the best first
 * @returns undefined where no request can be answered
 */
export function answerTo(
  { several, requests }: VerifiedClaimsRequests,
  candidates: readonly Candidate[],
  now: Date,
): VerifiedClaims | readonly VerifiedClaims[] | undefined {
  const answers = requests.flatMap((request) => bestAnswer(request, candidates, now) ?? [])
  if (answers.length === 0) return undefined
  return several ? answers : answers[0]
}

function bestAnswer(
  request: VerifiedClaimsRequest,
  candidates: readonly Candidate[],
  now: Date,
): VerifiedClaims | undefined {
  const answers = candidates.flatMap((candidate) => answerFrom(request, candidate, now) ?? [])
  const most = Math.max(...answers.map(({ claims }) => Object.keys(claims).length))
  return answers.find(({ claims }) => Object.keys(claims).length === most)
}

/**
 * A restriction on `verification` that is not met takes all away, one on a claim the claim (section 5.7.4). Where none of the claims is left
 * that were asked for there is no element (5.7.5); where none were, the verification stands alone (Schema Definition, section 5.3).
 */
function answerFrom(request: VerifiedClaimsRequest, candidate: Candidate, now: Date): VerifiedClaims | undefined {
  const verification = take(request.verification, candidate.verification, now)
  if (verification === UNMET) return undefined
  const claims = [...request.claims]
    .filter(([name]) => Object.hasOwn(candidate.claims, name))
    .map(([name, wanted]) => [name, take(wanted, candidate.claims[name], now)] as const)
    .filter(([, value]) => value !== UNMET && value !== undefined)
  if (claims.length === 0 && request.claims.size > 0) return undefined
  return { verification: verification as Json, claims: Object.fromEntries(claims) }
}

const UNMET = Symbol('a restriction is not met')

/** @returns what was asked for of the data, undefined where there is none of it, or UNMET */
function take(wanted: Wanted, data: unknown, now: Date): unknown {
  if (data === undefined) return binds(wanted) ? UNMET : undefined
  switch (wanted.is) {
    case 'value':
      return meets(wanted, data, now) ? data : UNMET
    case 'parts':
      return takeParts(wanted, data as Json, now)
    case 'list':
      return takeElements(wanted.anyOf, data as readonly unknown[], now)
  }
}

/** Whether something has to be there. */
function binds(wanted: Wanted): boolean {
  switch (wanted.is) {
    case 'value':
      return wanted.values !== undefined || wanted.maxAgeSeconds !== undefined
    case 'parts':
      return [...wanted.parts.values()].some(binds)
    case 'list':
      return wanted.anyOf.every(binds)
  }
}

/** An object that would be invalid is left out (section 5.7.5), though all that was demanded of it is met. */
function takeParts({ parts, always, needed }: WantedParts, data: Json, now: Date): unknown {
  const taken = new Map<string, unknown>()
  for (const name of always) if (data[name] !== undefined) taken.set(name, data[name])
  for (const [name, wanted] of parts) {
    const value = take(wanted, data[name], now)
    if (value === UNMET) return UNMET
    if (value !== undefined) taken.set(name, value)
  }
  const whole = needed.every((name) => taken.has(name))
  return taken.size === 0 || !whole ? undefined : Object.fromEntries(taken)
}

/** The entries of a request are filters and templates at once, and linked by "or" (section 5.4). */
function takeElements(anyOf: readonly Wanted[], data: readonly unknown[], now: Date): unknown {
  const found = data.flatMap((element) => {
    const met = anyOf.filter((wanted) => take(wanted, element, now) !== UNMET)
    const value = met.length === 0 ? UNMET : take(met.reduce(joined), element, now)
    return value === UNMET ? [] : [value]
  })
  if (found.length === 0) return anyOf.every(binds) ? UNMET : undefined
  const taken = found.filter((value) => value !== undefined)
  return taken.length === 0 ? undefined : taken
}

/** Everything that either wants. Both are met, so their restrictions are done with, but for those that choose among elements. */
function joined(a: Wanted, b: Wanted): Wanted {
  if (a.is === 'parts' && b.is === 'parts') {
    const parts = new Map(a.parts)
    for (const [name, wanted] of b.parts) {
      const other = parts.get(name)
      parts.set(name, other ? joined(other, wanted) : wanted)
    }
    return { ...a, parts }
  }
  if (a.is === 'list' && b.is === 'list') return { is: 'list', anyOf: [...a.anyOf, ...b.anyOf] }
  return { is: 'value' }
}

function meets({ values, maxAgeSeconds }: Extract<Wanted, { is: 'value' }>, data: unknown, now: Date): boolean {
  if (values && !values.some((value) => isDeepStrictEqual(value, data))) return false
  return maxAgeSeconds === undefined || secondsSince(data, now) <= maxAgeSeconds
}

/** From the last second of a date, from a time stamp itself (section 5.5.2). @returns NaN, which meets nothing, for what is neither */
function secondsSince(data: unknown, now: Date): number {
  if (typeof data !== 'string') return Number.NaN
  const moment = Date.parse(/^\d{4}-\d\d-\d\d$/.test(data) ? `${data}T23:59:59Z` : data)
  return Math.floor(now.getTime() / 1000) - Math.floor(moment / 1000)
}
