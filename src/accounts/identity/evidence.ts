import type { IdentityLevel } from '#src/kernel/levels.ts'

/**
 * What each kind of evidence can carry (R-A3, R-A5): a reconciliation with the state registries carries *standard*, a proof of identity in
 * front of somebody who is trusted with it carries *verified*.
 */
export const evidenceKinds = {
  registry: { carries: 'standard' },
  bank: { carries: 'verified' },
  centre: { carries: 'verified' },
  signature: { carries: 'verified' },
  letter: { carries: 'verified' },
  review: { carries: 'verified' },
  video: { carries: 'verified' },
} as const satisfies Record<string, { readonly carries: IdentityLevel }>

export type EvidenceKind = keyof typeof evidenceKinds

/** Groups of values that a piece of evidence may cover. */
export type CoveredGroup = 'person' | 'snils' | 'inn' | 'document' | 'address'

/**
 * Digests of the values that were proven, by group: keyed with the account's data key, so that evidence says nothing by itself. What changes
 * afterwards has another digest, and the evidence does not speak of it any more. `former_person`: the names and birth date that the same person had
 * before, where it is proven that it is the same one.
 */
export type Covers = Readonly<Partial<Record<CoveredGroup | 'former_person', string>>>

/** One proof on record. It is never changed; what ends it is time, other values in the record, or a suspension. */
export interface IdentityEvidence {
  readonly id: string
  readonly kind: EvidenceKind
  readonly covers: Covers
  /** Who proved it: a registry gateway, a bank, a service centre and its operator, a certificate authority; a code, never a name of a person. */
  readonly verifier: string
  readonly at: Date
  /** From then on it does not count. */
  readonly until: Date | undefined
}
