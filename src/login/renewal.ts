import type { Account } from '#src/accounts/account.ts'
import type { Evidence, Factor } from '#src/factors/factor.ts'
import type { Factors } from '#src/factors/registry.ts'
import { enrolledWorths, nextStep, reached, type Step } from './assurance.ts'

/** Something that was passed in this sign-in has to give way to a new one. */
export interface RenewalDue {
  readonly kind: 'renewal'
  readonly factor: string
  /** Else it can be put off. */
  readonly required: boolean
  /** What was proven is enough to put a new one in its place here. */
  readonly mayNow: boolean
}

/**
 * What a sign-in that has everything else asks to be renewed. Like everything that changes the security of an account it takes the strongest
 * sign-in that its owner can still make; a mere reminder does not ask for that, and leads to the cabinet.
 * @param proven in this sign-in; what the session brought is not looked at again
 * @param fresh what counts for a change: proven in this sign-in or a moment ago
 * @returns the step that is missing first, where a renewal cannot wait
 */
export async function renewalDue(
  factors: Factors,
  account: Account,
  proven: readonly Evidence[],
  fresh: readonly Evidence[],
): Promise<RenewalDue | (Step & { kind: 'ask' }) | undefined> {
  for (const kind of new Set(proven.map((piece) => piece.kind))) {
    const factor = (factors as Readonly<Record<string, Factor>>)[kind]
    const due = await factor?.renewal?.due(account)
    if (due === undefined) continue
    const worths = await enrolledWorths(factors, account.oid)
    const step = nextStep({ level: reached(worths) ?? 'aal1', anyOf: [] }, fresh, worths)
    if (step.kind === 'ask' && due === 'required') return step
    return { kind: 'renewal', factor: kind, required: due === 'required', mayNow: step.kind === 'done' }
  }
  return undefined
}
