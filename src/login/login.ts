import type { Accounts } from '#src/accounts/accounts.ts'
import { type Consents, covers } from '#src/consents/consents.ts'
import type { Evidence, Factor } from '#src/factors/factor.ts'
import type { Factors } from '#src/factors/registry.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import { type AuthLevel, satisfies } from '#src/kernel/levels.ts'
import { combined, demandOf, enrolledWorths, freshEnough, nextStep, reached } from './assurance.ts'
import type { EvidenceStore } from './evidence.ts'
import type { Interaction } from './interaction.ts'

/** Where a sign-in stands: who it is about, what was proven in it, and which page is due. */
export interface Situation {
  readonly oid: AccountId | undefined
  /** Proven in this interaction. */
  readonly proven: readonly Evidence[]
  readonly due: Due
}

export type Due =
  /** Nothing counts yet: identifier and password. */
  | { readonly kind: 'identify' }
  /** Any of these factors; each leads towards `wanted`. */
  | { readonly kind: 'factor'; readonly factors: readonly string[]; readonly wanted: AuthLevel }
  | { readonly kind: 'unmet' }
  | { readonly kind: 'consent' }
  | { readonly kind: 'done' }

export interface Login {
  situation(interaction: Interaction): Promise<Situation>
  /** The situation after one more factor was passed. */
  after(interaction: Interaction, before: Situation, oid: AccountId, passed: Evidence): Promise<Situation>
}

/** Decides what a sign-in still lacks; every page asks it first, so that no step can be skipped by an address or an empty form. */
export function makeLogin(deps: {
  accounts: Accounts
  consents: Consents
  factors: Factors
  evidence: EvidenceStore
}): Login {
  async function due(interaction: Interaction, oid: AccountId | undefined, proven: readonly Evidence[]): Promise<Due> {
    if (oid === undefined) return { kind: 'identify' }
    const { session, sessionProves, freshSince, required, wished } = interaction
    const all = combined(sessionProves && session?.oid === oid ? session.evidence : [], proven)
    const counted = freshEnough(all, freshSince)
    if (counted.length === 0) return { kind: 'identify' }
    const level = reached(counted)
    const lacking = [wished, required].filter((wanted) => wanted !== undefined && !satisfies(level, wanted))
    const worths = lacking.length > 0 ? await enrolledWorths(deps.factors, oid) : []
    for (const wanted of lacking) {
      const step = nextStep(demandOf(wanted!), counted, worths)
      if (step.kind === 'ask') return asked(step.factors, wanted!)
      if (step.kind === 'unmet' && wanted === required) return step
    }
    return (await needsConsent(interaction, oid)) ? { kind: 'consent' } : { kind: 'done' }
  }

  /** A factor that opens a sign-in has its own page, which asks for the identifier too. */
  function asked(kinds: readonly string[], wanted: AuthLevel): Due {
    const factors: Readonly<Record<string, Factor>> = deps.factors
    return kinds.some((kind) => factors[kind]?.opens)
      ? { kind: 'identify' }
      : { kind: 'factor', factors: kinds, wanted }
  }

  async function needsConsent(interaction: Interaction, oid: AccountId): Promise<boolean> {
    if (interaction.ours) return false
    if (interaction.forcesConsent || interaction.details.length > 0) return true
    return !covers(await deps.consents.find(oid, interaction.client.id), interaction)
  }

  return {
    async situation(interaction) {
      const soFar = await deps.evidence.of(interaction.uid)
      const oid = soFar?.oid ?? interaction.session?.oid
      const proven = soFar?.evidence ?? []
      return { oid, proven, due: await due(interaction, oid, proven) }
    },
    async after(interaction, before, oid, passed) {
      const proven = before.oid === oid ? combined(before.proven, [passed]) : [passed]
      return { oid, proven, due: await due(interaction, oid, proven) }
    },
  }
}
