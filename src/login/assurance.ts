import type { Evidence, Worth } from '#src/factors/factor.ts'
import { type AuthLevel, higherOf, lowerOf, satisfies } from '#src/kernel/levels.ts'

type Counted = Pick<Evidence, 'kind' | 'proof' | 'multiFactor' | 'hardware' | 'ceiling'>

/**
 * The authentication level that the evidence carries (R-B9): one factor is `aal1`; knowledge together with possession, or two factors
 * in one act, is `aal2`; hardware that verifies its user is `aal3`. No piece lifts above its own ceiling.
 */
export function reached(evidence: readonly Counted[]): AuthLevel | undefined {
  let level: AuthLevel | undefined
  const known = evidence.some((piece) => piece.proof === 'knowledge')
  for (const piece of evidence) {
    const alone = piece.multiFactor ? (piece.hardware ? 'aal3' : 'aal2') : 'aal1'
    const together = piece.proof === 'possession' && known && !satisfies(alone, 'aal2') ? 'aal2' : alone
    level = higherOf(level, lowerOf(together, piece.ceiling))
  }
  return level
}

export type Step =
  | { readonly kind: 'done' }
  /** Any one of these factors leads on. */
  | { readonly kind: 'ask'; readonly factors: readonly string[] }
  /** No enrolled factor reaches the level asked for. */
  | { readonly kind: 'unmet' }

/**
 * What is still missing for `required`.
 * @param evidence what counts so far: fresh enough and of this account
 * @param enrolled what each enrolled factor of the account would be worth
 */
export function nextStep(required: AuthLevel, evidence: readonly Evidence[], enrolled: readonly Worth[]): Step {
  if (satisfies(reached(evidence), required)) return { kind: 'done' }
  const passed = new Set(evidence.map((piece) => piece.kind))
  const left = enrolled.filter((worth) => !passed.has(worth.kind))
  if (!satisfies(reached([...evidence, ...left]), required)) return { kind: 'unmet' }
  const useful = left.filter((worth) => {
    const rest = left.filter((other) => other !== worth)
    const without = reached([...evidence, ...rest])
    const alone = satisfies(reached([...evidence, worth]), required)
    return alone || !satisfies(without, required)
  })
  return { kind: 'ask', factors: (useful.length > 0 ? useful : left).map((worth) => worth.kind) }
}

/** The evidence that is recent enough for `max_age` or a forced sign-in. */
export function freshEnough(evidence: readonly Evidence[], since: Date | undefined): Evidence[] {
  return since === undefined ? [...evidence] : evidence.filter((piece) => piece.at >= since)
}

/** Adds evidence; a newer piece of the same kind replaces the older unless it is worth less: nothing lowers a live session. */
export function combined(older: readonly Evidence[], newer: readonly Evidence[]): Evidence[] {
  const kept = older.filter((old) => {
    const same = newer.find((piece) => piece.kind === old.kind)
    return same === undefined || !satisfies(same.ceiling, old.ceiling)
  })
  return [...kept, ...newer]
}

/** RFC 8176 `amr` of a sign-in; `mfa` where more than one factor stands behind it. */
export function amrOf(evidence: readonly Evidence[]): string[] {
  const values = new Set(evidence.flatMap((piece) => piece.amr))
  if (satisfies(reached(evidence), 'aal2')) values.add('mfa')
  return [...values]
}
