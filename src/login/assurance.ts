import type { Evidence, Worth } from '#src/factors/factor.ts'
import type { Factors } from '#src/factors/registry.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import { type Acr, type AuthLevel, higherOf, isAuthLevel, lowerOf, satisfies } from '#src/kernel/levels.ts'

/**
 * The authentication level that the evidence carries (R-B9): one factor is `aal1`; knowledge together with possession, or two factors
 * in one act, is `aal2`; hardware that verifies its user is `aal3`. No piece lifts above its own ceiling.
 */
export function reached(evidence: readonly Worth[]): AuthLevel | undefined {
  let level: AuthLevel | undefined
  const known = evidence.some((piece) => piece.proof === 'knowledge')
  for (const piece of evidence) {
    const alone = piece.multiFactor ? (piece.hardware ? 'aal3' : 'aal2') : 'aal1'
    const together = piece.proof === 'possession' && known && !satisfies(alone, 'aal2') ? 'aal2' : alone
    level = higherOf(level, lowerOf(together, piece.ceiling))
  }
  return level
}

/** Whether the evidence has what an `acr` value stands for. */
export function holds(acr: Acr, evidence: readonly Worth[]): boolean {
  if (acr === 'phr') return evidence.some((piece) => piece.phishingResistant)
  if (acr === 'phrh') return evidence.some((piece) => piece.phishingResistant && piece.hardware)
  return satisfies(reached(evidence), acr)
}

/** What a sign-in has to bring. */
export interface Demand {
  readonly level: AuthLevel
  /** At least one of these beside the level, where there are any. */
  readonly anyOf: readonly Acr[]
  /** Two factors, whatever level they make: the owner's wish, or what settles a doubt, which an e-mail fulfils too. A realm's rule is `ruled`. */
  readonly twoFactors?: boolean
  /** What only stands in for another authenticator does not count. */
  readonly lasting?: boolean
}

/** Two factors of whatever level. */
export const TWO_FACTORS: Demand = { level: 'aal1', anyOf: [], twoFactors: true }

/** The demand where the realm rules (R-C8): a second factor that lifts to `aal2`, which an e-mail never does (R-B2). */
export function ruled(demand: Demand): Demand {
  return { ...demand, level: higherOf(demand.level, 'aal2') }
}

/** @param asked `acr` values, any one of which will do; none where nothing was asked for */
export function demandOf(level: AuthLevel, asked: readonly Acr[] = []): Demand {
  const levels = asked.filter(isAuthLevel)
  if (levels.length < asked.length) return { level, anyOf: asked }
  return { level: levels.length > 0 ? higherOf(level, levels.reduce(lowerOf)) : level, anyOf: [] }
}

/** The level that a demand leads to: what a factor with several channels has to carry. */
export function levelWanted({ level, anyOf }: Demand): AuthLevel {
  const levels = anyOf.filter(isAuthLevel)
  return levels.length > 0 ? higherOf(level, levels.reduce(lowerOf)) : level
}

export function meets(demand: Demand, given: readonly Worth[]): boolean {
  const evidence = demand.lasting ? given.filter(({ rescue }) => !rescue) : given
  return (
    satisfies(reached(evidence), demand.level) &&
    (demand.anyOf.length === 0 || demand.anyOf.some((acr) => holds(acr, evidence))) &&
    (!demand.twoFactors || hasTwoFactors(evidence))
  )
}

/** Of different nature: two things that one has are stolen together. */
function hasTwoFactors(evidence: readonly Worth[]): boolean {
  return evidence.some((piece) => piece.multiFactor) || new Set(evidence.map((piece) => piece.proof)).size > 1
}

export type Step =
  | { readonly kind: 'done' }
  /** Any one of these factors leads on. */
  | { readonly kind: 'ask'; readonly factors: readonly string[] }
  /** No enrolled factor reaches what is asked for. */
  | { readonly kind: 'unmet' }

/**
 * What is still missing for a demand: the factors that the shortest ways to it begin with, so that each answer brings the end nearer.
 * @param evidence what counts so far: fresh enough and of this account
 * @param enrolled what the account's authenticators would be worth
 */
export function nextStep(demand: Demand, evidence: readonly Evidence[], enrolled: readonly Worth[]): Step {
  if (meets(demand, evidence)) return { kind: 'done' }
  const left = enrolled.filter((worth) => !evidence.some((piece) => isWorth(piece, worth)))
  if (!meets(demand, [...evidence, ...left])) return { kind: 'unmet' }
  let ways: Worth[][] = []
  for (let length = 1; ways.length === 0; length++)
    ways = choices(left, length).filter((way) => meets(demand, [...evidence, ...way]))
  const useful = new Set(ways.flat())
  return { kind: 'ask', factors: [...new Set(left.filter((worth) => useful.has(worth)).map(({ kind }) => kind))] }
}

/** All ways to choose so many; no demand needs more than a few. */
function choices(from: readonly Worth[], length: number): Worth[][] {
  if (length === 0) return [[]]
  return from.flatMap((first, index) => choices(from.slice(index + 1), length - 1).map((rest) => [first, ...rest]))
}

/** Whether asking for that again would gain nothing. */
function isWorth(piece: Worth, worth: Worth): boolean {
  return (
    piece.kind === worth.kind &&
    piece.proof === worth.proof &&
    satisfies(piece.ceiling, worth.ceiling) &&
    (piece.multiFactor || !worth.multiFactor) &&
    (piece.hardware || !worth.hardware) &&
    (piece.phishingResistant || !worth.phishingResistant)
  )
}

/** What the account's authenticators would be worth. */
export async function enrolledWorths(factors: Factors, oid: AccountId): Promise<Worth[]> {
  return (await Promise.all(Object.values(factors).map((factor) => factor.worths(oid)))).flat()
}

/** The highest level that the owner of an account can reach with what is enrolled. */
export async function highestLevel(factors: Factors, oid: AccountId): Promise<AuthLevel> {
  return reached(await enrolledWorths(factors, oid)) ?? 'aal1'
}

/** What it takes to change what opens an account. */
export interface ChangeDemands {
  /**
   * At once: the highest level that lasting authenticators of the account reach, and two factors of different nature even where these make no
   * higher level, as with an e-mail; undefined where there is but one thing, which whoever stole it would have as well.
   */
  readonly atOnce: Demand | undefined
  /** After 72 hours: the same, but what stands in for another authenticator counts, and of one thing there is no more to ask. */
  readonly delayed: Demand
}

export function changeDemands(worths: readonly Worth[]): ChangeDemands {
  const level = reached(worths.filter(({ rescue }) => !rescue)) ?? 'aal1'
  const atOnce: Demand = { ...TWO_FACTORS, level, lasting: true }
  return {
    atOnce: meets(atOnce, worths) ? atOnce : undefined,
    delayed: { level, anyOf: [], twoFactors: meets(TWO_FACTORS, worths) },
  }
}

/** The evidence that is recent enough for `max_age` or a forced sign-in. */
export function freshEnough(evidence: readonly Evidence[], since: Date | undefined): Evidence[] {
  return since === undefined ? [...evidence] : evidence.filter((piece) => piece.at >= since)
}

/** Adds evidence; a newer piece takes the place of what is worth no more: nothing lowers a live session. */
export function combined(older: readonly Evidence[], newer: readonly Evidence[]): Evidence[] {
  return newer.reduce<Evidence[]>((all, piece) => [...all.filter((old) => !isWorth(piece, old)), piece], [...older])
}

/** RFC 8176 `amr` of a sign-in; `mfa` where more than one factor stands behind it. */
export function amrOf(evidence: readonly Evidence[]): string[] {
  const values = new Set(evidence.flatMap((piece) => piece.amr))
  if (satisfies(reached(evidence), 'aal2')) values.add('mfa')
  return [...values]
}
