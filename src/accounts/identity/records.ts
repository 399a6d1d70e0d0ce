import { randomUUID } from 'node:crypto'
import type { Journal } from '#src/journal/journal.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import type { DataKeys, Keyring } from '#src/store/keyring.ts'
import { keyedHash, seal } from '#src/store/seal.ts'
import type { Tx } from '#src/store/store.ts'
import { units } from '#src/store/unit.ts'
import { type Account, accountName, documentPlace, personPlace } from '../account.ts'
import type { Accounts } from '../accounts.ts'
import type { Owner, OwnerNotices } from '../owner-notices.ts'
import type { IdentityDocument, Person } from '../person.ts'
import { digestsOf, type Proven } from './digests.ts'
import { evidenceRecorded, identitySuspended, levelChanged, profileChanged } from './events.ts'
import type { CoveredGroup, EvidenceKind } from './evidence.ts'
import { insertHistory } from './history.ts'
import type { Identity } from './level.ts'

/** Why the record of a person changes, and by whom. */
export interface ChangeReason {
  /** A word of ours: `owner`, `reconciled`, `proven`, `recovery`, `operator`, `undone`, `expired`. */
  readonly cause: string
  /** `owner`, `registry`, `cli`, an operator's account number. */
  readonly actor: string
  /** In which sign-in or session, as in `Enrolling.origin`; empty where there is none. */
  readonly origin: string
  /** The request that asked for it. */
  readonly request?: string
}

export interface NewEvidence {
  readonly kind: EvidenceKind
  /** Groups whose values in the record, as they are after the change, are proven by it. */
  readonly covers: readonly CoveredGroup[]
  /** Which document, where `document` is covered: its kind. */
  readonly documentKind?: string
  /** As one line, where `address` is covered. */
  readonly address?: string
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
  setPerson(values: { readonly [K in keyof Person]?: Person[K] | undefined }): Promise<void>
  /**
   * Makes a document that was checked the one in force of its kind.
   * @param identifier by which one document is one
   * @returns false when another account has it (R-A13): nothing is changed then
   */
  putDocument(document: IdentityDocument, identifier: string): Promise<boolean>
  /** @param value eleven digits, checked @returns false when another account has it (R-A13): nothing is changed then */
  claimSnils(value: string): Promise<boolean>
  /** Appends evidence of values that the record holds by now. @returns its id */
  prove(evidence: NewEvidence): Promise<string>
  /** *Verified* counts again only after a later proof. */
  suspend(): Promise<void>
  /** Whether a change of core data waits for its check or was found to differ. */
  setCoreChange(open: boolean): Promise<void>
}

export interface IdentityRecords {
  /**
   * The one way to change what an identity level is made of: locks the record, writes history and journal, and tells the owner where the
   * level is another one afterwards (R-A3).
   * @param owner read before the transaction
   */
  change<T>(tx: Tx, owner: Owner, reason: ChangeReason, work: (record: RecordChange) => Promise<T>): Promise<T>
  /** Who holds a SNILS or document; costs the same whether anybody does. */
  ownerOf(kind: 'snils' | 'document', value: string, tx?: Tx): Promise<AccountId | undefined>
}

export function makeIdentityRecords(deps: {
  accounts: Pick<Accounts, 'readIn' | 'holderOf'>
  keyring: Pick<Keyring, 'key'>
  dataKeys: Pick<DataKeys, 'of'>
  ownerNotices: Pick<OwnerNotices, 'tell'>
  journal: Pick<Journal, 'record'>
  clock: Clock
}): IdentityRecords {
  const { accounts, keyring, dataKeys, ownerNotices, journal, clock } = deps
  const blindIndex = (kind: string, value: string) => keyedHash(keyring.key('blind_index'), kind, value)

  /** @returns false when an account has it already: its own one included */
  async function claim(tx: Tx, oid: AccountId, kind: string, value: string): Promise<boolean> {
    const hash = blindIndex(kind, value)
    await tx
      .insertInto('identifiers')
      .values({ kind, hash, oid })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    const held = await tx
      .selectFrom('identifiers')
      .select('oid')
      .where('kind', '=', kind)
      .where('hash', '=', hash)
      .executeTakeFirst()
    return held?.oid === oid
  }

  const release = (tx: Tx, oid: AccountId, kind: string, value: string) =>
    tx
      .deleteFrom('identifiers')
      .where('kind', '=', kind)
      .where('hash', '=', blindIndex(kind, value))
      .where('oid', '=', oid)
      .execute()

  async function told(tx: Tx, owner: Owner, before: Identity, after: Identity, cause: string): Promise<void> {
    if (before.level === after.level) return
    const { oid } = owner.account
    const evidence = after.carriedBy.map(({ id }) => id).join(' ')
    const lacks = after.lacks.join(' ')
    await journal.record(
      tx,
      levelChanged({ account: oid, before: before.level, after: after.level, cause, evidence, lacks }),
    )
    await ownerNotices.tell(tx, owner, { kind: `level_${after.level}`, values: {} })
  }

  return {
    ownerOf: (kind, value, tx) => accounts.holderOf(kind, blindIndex(kind, value), tx),
    async change(tx, owner, reason, work) {
      const { oid } = owner.account
      await tx.selectFrom('accounts').select('oid').where('oid', '=', oid).forUpdate().execute()
      const before = await accounts.readIn(tx, oid)
      const beforeIdentity = before.identity
      const key = await dataKeys.of(oid, tx)
      const { cause, actor, origin } = reason
      const common = { account: oid, cause, actor, origin }
      let person: Person = before.person
      const documents = new Map(before.documents.map(({ document }) => [document.kind, document]))

      async function remember(field: string, was: unknown, is: unknown): Promise<void> {
        await insertHistory(tx, key, { oid, field, before: was, after: is, reason, at: clock.now() })
        await journal.record(tx, profileChanged({ ...common, field }))
      }

      async function store(values: object): Promise<void> {
        const changed = Object.entries(values).filter(([field, value]) => person[field as keyof Person] !== value)
        if (changed.length === 0) return
        for (const [field, value] of changed) await remember(field, person[field as keyof Person], value)
        person = JSON.parse(JSON.stringify({ ...person, ...Object.fromEntries(changed) }))
        const core = seal(key, personPlace(oid), JSON.stringify(person))
        await tx.updateTable('persons').set({ core }).where('oid', '=', oid).execute()
      }

      const result = await work({
        account: before,
        async setPerson({ snils, ...values }) {
          if (snils !== undefined) throw new Error('a SNILS is claimed, not set')
          await store(values)
        },
        async claimSnils(value) {
          if (!(await claim(tx, oid, 'snils', value))) return false
          if (person.snils !== undefined && person.snils !== value) await release(tx, oid, 'snils', person.snils)
          await store({ snils: value })
          return true
        },
        async putDocument(document, identifier) {
          if (!(await claim(tx, oid, 'document', identifier))) return false
          const former = documents.get(document.kind)
          if (JSON.stringify(former) === JSON.stringify(document)) return true
          await tx
            .updateTable('identity_documents')
            .set({ ended_at: clock.now() })
            .where('oid', '=', oid)
            .where('kind', '=', document.kind)
            .where('ended_at', 'is', null)
            .execute()
          const id = randomUUID()
          const core = seal(key, documentPlace(oid, id), JSON.stringify(document))
          await tx
            .insertInto('identity_documents')
            .values({ oid, id, kind: document.kind, core, recorded_at: clock.now(), ended_at: null })
            .execute()
          await remember(`document.${document.kind}`, former, document)
          documents.set(document.kind, document)
          return true
        },
        async prove(evidence) {
          const id = randomUUID()
          const covers = digestsOf(key, provenOf(evidence, person, documents))
          const details = evidence.details && seal(key, evidencePlace(oid, id), JSON.stringify(evidence.details))
          const { kind, verifier, until = null } = evidence
          await tx
            .insertInto('identity_evidence')
            .values({
              oid,
              id,
              kind,
              covers: JSON.stringify(covers),
              verifier,
              request: reason.request ?? null,
              details: details ?? null,
              at: clock.now(),
              until,
            })
            .execute()
          if (until !== null)
            await tx
              .insertInto('level_ends')
              .values({ oid, at: until })
              .onConflict((conflict) => conflict.doNothing())
              .execute()
          const groups = Object.keys(covers).join(' ')
          await journal.record(tx, evidenceRecorded({ ...common, evidence: id, kind, covers: groups, verifier }))
          return id
        },
        async suspend() {
          await tx.updateTable('accounts').set({ identity_suspended_at: clock.now() }).where('oid', '=', oid).execute()
          await journal.record(tx, identitySuspended(common))
        },
        async setCoreChange(open) {
          await tx
            .updateTable('accounts')
            .set({ core_change_at: open ? clock.now() : null })
            .where('oid', '=', oid)
            .execute()
        },
      })
      // Whoever reads the account later in this request sees what it is now.
      units.getStore()?.reads.delete(accountName(oid))
      const after = await accounts.readIn(tx, oid)
      await told(tx, owner, beforeIdentity, after.identity, cause)
      return result
    },
  }
}

export const evidencePlace = (oid: AccountId, id: string) => ({
  table: 'identity_evidence',
  column: 'details',
  key: `${oid}:${id}`,
})

/** The values that evidence covers, as the record has them. @throws Error when it has none */
function provenOf(
  { covers, documentKind, address }: NewEvidence,
  person: Person,
  documents: ReadonlyMap<string, IdentityDocument>,
): Partial<Proven> {
  const { snils, inn } = person
  const all: Partial<Proven> = {
    person,
    ...(snils !== undefined && { snils }),
    ...(inn !== undefined && { inn }),
    ...(address !== undefined && { address }),
  }
  const document = documentKind === undefined ? undefined : documents.get(documentKind)
  const known = document ? { ...all, document } : all
  const missing = covers.find((group) => known[group] === undefined)
  if (missing) throw new Error(`the record has no ${missing} that evidence could cover`)
  return Object.fromEntries(covers.map((group) => [group, known[group]]))
}
