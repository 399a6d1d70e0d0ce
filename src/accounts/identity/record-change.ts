import { randomUUID } from 'node:crypto'
import type { Journal } from '#src/journal/journal.ts'
import { seal } from '#src/store/seal.ts'
import type { Tx } from '#src/store/store.ts'
import { type Account, documentPlace, personPlace } from '../account.ts'
import type { IdentityDocument } from '../documents/document.ts'
import { kindsInPlaceOf } from '../documents/kinds.ts'
import type { Address } from '../fields/address.ts'
import type { Person } from '../person.ts'
import { addressLine, readAddress, writeAddress } from './addresses.ts'
import { type ClaimedKind, claim, claimIndex, release } from './claims.ts'
import { digestOf, digestsOf, type Proven } from './digests.ts'
import { evidenceRecorded, identitySuspended, profileChanged } from './events.ts'
import type { CoveredGroup, EvidenceKind } from './evidence.ts'
import { type ChangeReason, insertHistory } from './history.ts'
import { rememberEnd } from './level-ends.ts'

export interface NewEvidence {
  readonly kind: EvidenceKind
  /** Groups whose values in the record, as they are after the change, are proven by it. `address`: the registered one. */
  readonly covers: readonly CoveredGroup[]
  /** Which document, where `document` is covered: its kind. */
  readonly documentKind?: string
  /** It is proven that this is the person whom the record named before this change, too. */
  readonly samePerson?: boolean
  readonly verifier: string
  readonly until?: Date
  /** What the verifier has on it, as JSON; sealed. */
  readonly details?: Readonly<Record<string, unknown>>
}

/** One change of a record, inside its transaction. */
export interface RecordChange {
  /** As it was before the change. */
  readonly account: Account
  /** Members that are undefined are taken away. Each one that differs goes into the history. */
  setPerson(values: { readonly [K in Exclude<keyof Person, 'snils'>]?: Person[K] | undefined }): Promise<void>
  /**
   * Makes a document that was checked the one in force of its kind, and of those that it takes the place of.
   * @param identifier by which one document is one
   * @returns false when another account has it (R-A13): nothing is changed then
   */
  putDocument(document: IdentityDocument, identifier: string): Promise<boolean>
  /** @param value eleven digits, checked @returns false when another account has it (R-A13): nothing is changed then */
  claimSnils(value: string): Promise<boolean>
  putAddress(address: Address): Promise<void>
  /** Appends evidence of values that the record holds by now. @returns its id @throws Error when it does not hold them */
  prove(evidence: NewEvidence): Promise<string>
  /** *Verified* counts again only after a later proof. */
  suspend(): Promise<void>
  /** The same on an operator's suspicion, which can be taken back. */
  setSuspicion(suspected: boolean): Promise<void>
  /** Whether a change of core data waits for its check or was found to differ. */
  setCoreChange(open: boolean): Promise<void>
}

export const evidencePlace = (oid: number, id: string) => ({
  table: 'identity_evidence',
  column: 'details',
  key: `${oid}:${id}`,
})

/** @param key the account's data key @param blindKey `blind_index` of the keyring @param now one moment for all that is written */
export function makeRecordChange(
  tx: Tx,
  at: {
    readonly account: Account
    readonly key: Buffer
    readonly blindKey: Buffer
    readonly journal: Pick<Journal, 'record'>
    readonly reason: ChangeReason
    readonly now: Date
  },
): RecordChange {
  const { account, key, blindKey, journal, reason, now } = at
  const { oid } = account
  const { cause, actor, origin } = reason
  const common = { account: oid, cause, actor, origin }
  let person: Person = account.person
  const documents = new Map<string, IdentityDocument>(
    account.documents.map(({ document }) => [document.kind, document]),
  )
  const hashOf = (kind: ClaimedKind, value: string) => claimIndex(blindKey, kind, value)

  async function remember(field: string, before: unknown, after: unknown): Promise<void> {
    await insertHistory(tx, key, { oid, field, before, after, reason, at: now })
    await journal.record(tx, profileChanged({ ...common, field }))
  }

  async function store(values: Partial<Record<keyof Person, string | undefined>>): Promise<void> {
    const changed = Object.entries(values).filter(([field, value]) => person[field as keyof Person] !== value)
    if (changed.length === 0) return
    for (const [field, value] of changed) await remember(field, person[field as keyof Person], value)
    // What was taken away leaves no member behind.
    person = JSON.parse(JSON.stringify({ ...person, ...Object.fromEntries(changed) }))
    const core = seal(key, personPlace(oid), JSON.stringify(person))
    await tx.updateTable('persons').set({ core }).where('oid', '=', oid).execute()
  }

  /** The values that evidence covers, as the record has them. */
  async function provenOf({ covers, documentKind }: NewEvidence): Promise<Partial<Proven>> {
    const address = covers.includes('address') ? await readAddress(tx, key, oid, 'registered') : undefined
    const known: Partial<Record<CoveredGroup, unknown>> = {
      person,
      snils: person.snils,
      inn: person.inn,
      document: documentKind && documents.get(documentKind),
      address: address && addressLine(address),
    }
    const missing = covers.find((group) => known[group] === undefined)
    if (missing) throw new Error(`the record has no ${missing} that evidence could cover`)
    return Object.fromEntries(covers.map((group) => [group, known[group]]))
  }

  return {
    account,
    setPerson: store,
    async claimSnils(value) {
      if (!(await claim(tx, oid, 'snils', hashOf('snils', value)))) return false
      if (person.snils !== undefined && person.snils !== value)
        await release(tx, oid, 'snils', hashOf('snils', person.snils))
      await store({ snils: value })
      return true
    },
    async putDocument(document, identifier) {
      // What the person had before stays theirs: nobody else can have the same paper.
      if (!(await claim(tx, oid, 'document', hashOf('document', identifier)))) return false
      const { kind } = document
      const kinds = kindsInPlaceOf(kind)
      const former = documents.get(kind) ?? kinds.map((other) => documents.get(other)).find(Boolean)
      if (digestOf(key, 'document', document) === (former && digestOf(key, 'document', former))) return true
      await tx
        .updateTable('identity_documents')
        .set({ ended_at: now })
        .where('oid', '=', oid)
        .where('kind', 'in', kinds)
        .where('ended_at', 'is', null)
        .execute()
      const id = randomUUID()
      const core = seal(key, documentPlace(oid, id), JSON.stringify(document))
      await tx
        .insertInto('identity_documents')
        .values({ oid, id, kind, core, recorded_at: now, ended_at: null })
        .execute()
      await remember(`document.${kind}`, former, document)
      for (const other of kinds) documents.delete(other)
      documents.set(kind, document)
      return true
    },
    async putAddress(address) {
      const former = await readAddress(tx, key, oid, address.kind)
      if (JSON.stringify(former) === JSON.stringify(address)) return
      await writeAddress(tx, key, oid, address, now)
      await remember(`address.${address.kind}`, former, address)
    },
    async prove(evidence) {
      const id = randomUUID()
      const { kind, verifier, until = null, details, samePerson = false } = evidence
      const covers = digestsOf(key, await provenOf(evidence))
      const former = samePerson && digestOf(key, 'person', account.person)
      const all = former && former !== covers.person ? { ...covers, former_person: former } : covers
      const groups = Object.keys(all).join(' ')
      await tx
        .insertInto('identity_evidence')
        .values({
          oid,
          id,
          kind,
          covers: JSON.stringify(all),
          verifier,
          request: reason.request ?? null,
          details: details ? seal(key, evidencePlace(oid, id), JSON.stringify(details)) : null,
          at: now,
          until,
        })
        .execute()
      if (until !== null) await rememberEnd(tx, oid, until)
      await journal.record(tx, evidenceRecorded({ ...common, evidence: id, kind, covers: groups, verifier }))
      return id
    },
    async suspend() {
      await tx.updateTable('accounts').set({ identity_suspended_at: now }).where('oid', '=', oid).execute()
      await journal.record(tx, identitySuspended(common))
    },
    async setSuspicion(suspected) {
      const suspected_at = suspected ? now : null
      await tx.updateTable('accounts').set({ suspected_at }).where('oid', '=', oid).execute()
    },
    async setCoreChange(open) {
      const core_change_at = open ? now : null
      await tx.updateTable('accounts').set({ core_change_at }).where('oid', '=', oid).execute()
    },
  }
}
