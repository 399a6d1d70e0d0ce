import type { IdentityLevel } from '#src/kernel/levels.ts'
import { type CoveredGroup, type EvidenceKind, evidenceKinds, type IdentityEvidence } from './evidence.ts'

/** What the record of a person says now, as digests like those that evidence covers. */
export interface CurrentDigests {
  /** Names and birth date. */
  readonly person: string
  readonly snils: string | undefined
  readonly inn?: string | undefined
  /** Of the registered address. */
  readonly address?: string | undefined
  /** Of each identity document in force. */
  readonly documents: readonly string[]
}

/** Everything that the identity level depends on. */
export interface IdentityFacts {
  readonly current: CurrentDigests
  readonly evidence: readonly IdentityEvidence[]
  /** Proofs before that moment do not carry *verified*: a weak recovery (R-D4), an operator's suspicion (R-A8). */
  readonly suspendedAt: Date | undefined
  /** Since when a change of core data waits for its check, or was found to differ (R-A8). */
  readonly coreChangeAt: Date | undefined
  /** Digests of documents that may stand for the SNILS of who has none (R-A3); none unless policy lets those from abroad. */
  readonly withoutSnils: readonly string[]
  readonly now: Date
}

/** What stands between a person and the next level, in the order in which it is dealt with. */
export type Lack = 'snils' | 'document' | 'proof' | 'proof_again' | 'core_change'

export interface Identity {
  readonly level: IdentityLevel
  /** Nothing for *verified*. */
  readonly lacks: readonly Lack[]
  /** The evidence that carries the level. */
  readonly carriedBy: readonly IdentityEvidence[]
  /**
   * By group, the evidence of the registries that speaks of what the record says now, of this person; a group without any is absent. Of
   * several documents each has to be looked for by its digest.
   */
  readonly reconciled: Reconciled
}

export type Reconciled = ReadonlyMap<CoveredGroup, readonly IdentityEvidence[]>

/**
 * The identity level that the evidence on record carries (R-A3). Nothing else decides it, and nothing stores it.
 *
 * *standard*: SNILS and an identity document that is in force are reconciled for the names and birth date of the record. *verified*: beside
 * that, a proof of identity for these names and birth date, or for those that the same person had before by the registries, later than any
 * suspension, and no change of core data is open.
 */
export function identityOf(facts: IdentityFacts): Identity {
  const { current, evidence, suspendedAt, coreChangeAt, withoutSnils, now } = facts
  const live = evidence.filter(({ until }) => !until || until > now)
  const reconciled = live.filter(({ kind, covers }) => !isProof(kind) && covers.person === current.person)
  const snils = current.snils === undefined ? [] : reconciled.filter(({ covers }) => covers.snils === current.snils)
  const documents = reconciled.filter(
    ({ covers }) => covers.document !== undefined && current.documents.includes(covers.document),
  )
  // The document itself has to count: with one that has ended, or names somebody else, nothing stands for the SNILS.
  const waived = current.snils === undefined && documents.some(({ covers }) => withoutSnils.includes(covers.document!))
  // These were found by name and birth date, which namesakes share: what was found for whoever has another SNILS is another person's.
  const isOne = snils.length > 0 || waived
  const speaking = (group: 'inn' | 'address') =>
    reconciled.filter(
      ({ covers, at }) =>
        isOne &&
        covers[group] !== undefined &&
        covers[group] === current[group] &&
        snilsAt(evidence, at) === current.snils,
    )
  const byGroup: [CoveredGroup, IdentityEvidence[]][] = [
    ['person', reconciled],
    ['snils', snils],
    ['document', documents],
    ['inn', speaking('inn')],
    ['address', speaking('address')],
  ]
  const groups: Reconciled = new Map(byGroup.filter(([, pieces]) => pieces.length > 0))
  const names = namesOf(current.person, live)
  const proofs = live.filter(({ kind, covers }) => isProof(kind) && names.has(covers.person))
  const counting = proofs.filter(({ at }) => suspendedAt === undefined || at > suspendedAt)

  const lacks: Lack[] = []
  if (snils.length === 0 && !waived) lacks.push('snils')
  if (documents.length === 0) lacks.push('document')
  const standard = lacks.length === 0
  if (counting.length === 0) lacks.push(proofs.length === 0 ? 'proof' : 'proof_again')
  if (coreChangeAt !== undefined) lacks.push('core_change')

  const carrying = standard ? [...new Set([...snils, ...documents])] : []
  if (lacks.length === 0) return { level: 'verified', lacks, carriedBy: [...carrying, ...counting], reconciled: groups }
  return { level: standard ? 'standard' : 'simplified', lacks, carriedBy: carrying, reconciled: groups }
}

const isProof = (kind: EvidenceKind) => evidenceKinds[kind].carries === 'verified'

/** Digests of the present names and birth date, and of those that a registry tells the same person had before, however often they changed. */
function namesOf(present: string, evidence: readonly IdentityEvidence[]): ReadonlySet<string | undefined> {
  const names = new Set([present])
  // What is added while the set is walked through is walked through too.
  for (const name of names)
    for (const { kind, covers } of evidence)
      if (!isProof(kind) && covers.person === name && covers.former_person !== undefined)
        names.add(covers.former_person)
  return names
}

/** Which SNILS the record had at that moment: it comes into the record with evidence of it, and by nothing else. */
function snilsAt(evidence: readonly IdentityEvidence[], moment: Date): string | undefined {
  const until = evidence.filter(({ kind, covers, at }) => !isProof(kind) && covers.snils !== undefined && at <= moment)
  const newest = Math.max(...until.map(({ at }) => at.getTime()))
  return until.findLast(({ at }) => at.getTime() === newest)?.covers.snils
}

/** When the level may next change by the mere passing of time, if it may. */
export function nextEnd({ evidence, now }: Pick<IdentityFacts, 'evidence' | 'now'>): Date | undefined {
  const ends = evidence.flatMap(({ until }) => (until && until > now ? [until.getTime()] : []))
  return ends.length === 0 ? undefined : new Date(Math.min(...ends))
}
