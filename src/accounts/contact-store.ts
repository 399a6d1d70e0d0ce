import type { Clock } from '#src/kernel/clock.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import type { DataKeys, Keyring } from '#src/store/keyring.ts'
import { keyedHash, open, type Place, seal } from '#src/store/seal.ts'
import type { Tx } from '#src/store/store.ts'

export type ContactKind = 'phone' | 'email'
export type Contacts = Readonly<Partial<Record<ContactKind, string>>>

/** Why a contact changed: by its owner, at once or after 72 hours; as another person has the number now; taken back as not the owner's. */
export type ContactCause = 'owner' | 'delayed' | 'detached' | 'undone'

export interface ContactChange {
  readonly kind: ContactKind
  /** undefined: the account had none, or has none from now on. */
  readonly before: string | undefined
  readonly after: string | undefined
}

export interface RecordedChange extends ContactChange {
  readonly seq: string
}

/** The contacts of accounts, each of which belongs to one account, and their history. Everything inside the caller's transaction. */
export interface ContactStore {
  /** Takes turns with everybody else who changes contacts of this account. @returns them as they are now */
  lock(tx: Tx, oid: AccountId): Promise<Contacts>
  /** Gives a contact to an account that has none of the kind. @param key the account's data key @returns false when somebody has it already */
  claim(tx: Tx, oid: AccountId, kind: ContactKind, value: string, key: Buffer): Promise<boolean>
  /** Takes a contact away, so that somebody else can have it. @returns false when the account does not have it */
  release(tx: Tx, oid: AccountId, kind: ContactKind, value: string): Promise<boolean>
  /**
   * Puts one value in the place of another and writes it down.
   * @param origin as in `Enrolling.origin`; empty where there is none
   * @returns false when another account has the new value: nothing is changed then
   */
  change(
    tx: Tx,
    oid: AccountId,
    change: ContactChange,
    reason: { readonly cause: ContactCause; readonly origin: string },
  ): Promise<boolean>
  /** What was changed in these sign-ins or sessions and not taken back, the oldest first. */
  changesFrom(tx: Tx, oid: AccountId, origins: readonly string[]): Promise<RecordedChange[]>
  markUndone(tx: Tx, oid: AccountId, changes: readonly RecordedChange[]): Promise<void>
}

/** The blind index under which the holder of a contact is found. */
export function contactIndex(keyring: Pick<Keyring, 'key'>, kind: ContactKind, value: string): string {
  return keyedHash(keyring.key('blind_index'), kind, value)
}

export const contactPlace = (oid: AccountId, kind: string): Place => ({
  table: 'contacts',
  column: 'value',
  key: `${oid}:${kind}`,
})

/** A row of the history has no number yet when it is sealed. */
export const contactHistoryPlace = (column: 'before' | 'after', oid: AccountId, kind: string, at: Date): Place => ({
  table: 'contact_history',
  column,
  key: `${oid}:${kind}:${at.toISOString()}`,
})

export function makeContactStore(deps: {
  keyring: Pick<Keyring, 'key'>
  dataKeys: Pick<DataKeys, 'of'>
  clock: Clock
}): ContactStore {
  const { keyring, dataKeys, clock } = deps

  /** @returns false when an account has it already */
  async function take(tx: Tx, oid: AccountId, kind: ContactKind, value: string): Promise<boolean> {
    const taken = await tx
      .insertInto('identifiers')
      .values({ kind, hash: contactIndex(keyring, kind, value), oid })
      .onConflict((conflict) => conflict.doNothing())
      .returning('oid')
      .executeTakeFirst()
    return taken !== undefined
  }

  async function put(tx: Tx, oid: AccountId, kind: ContactKind, value: string, key: Buffer): Promise<void> {
    const sealed = seal(key, contactPlace(oid, kind), value)
    await tx.insertInto('contacts').values({ oid, kind, value: sealed, confirmed_at: clock.now() }).execute()
  }

  const contacts: ContactStore = {
    async lock(tx, oid) {
      await tx.selectFrom('accounts').select('oid').where('oid', '=', oid).forUpdate().execute()
      const rows = await tx.selectFrom('contacts').select(['kind', 'value']).where('oid', '=', oid).execute()
      const key = await dataKeys.of(oid, tx)
      return Object.fromEntries(
        rows.map(({ kind, value }) => [kind, open(key, contactPlace(oid, kind), value).toString('utf8')]),
      )
    },
    async claim(tx, oid, kind, value, key) {
      if (!(await take(tx, oid, kind, value))) return false
      await put(tx, oid, kind, value, key)
      return true
    },
    async release(tx, oid, kind, value) {
      const released = await tx
        .deleteFrom('identifiers')
        .where('kind', '=', kind)
        .where('hash', '=', contactIndex(keyring, kind, value))
        .where('oid', '=', oid)
        .returning('oid')
        .executeTakeFirst()
      if (!released) return false
      await tx.deleteFrom('contacts').where('oid', '=', oid).where('kind', '=', kind).execute()
      return true
    },
    async change(tx, oid, { kind, before, after }, { cause, origin }) {
      const key = await dataKeys.of(oid, tx)
      // What is new is claimed before the old one is let go: two accounts that exchange theirs then clash, and do not wait for each other.
      if (after !== undefined && !(await take(tx, oid, kind, after))) return false
      if (before !== undefined) await contacts.release(tx, oid, kind, before)
      if (after !== undefined) await put(tx, oid, kind, after, key)
      const at = clock.now()
      const sealed = (column: 'before' | 'after', value: string | undefined) =>
        value === undefined ? null : seal(key, contactHistoryPlace(column, oid, kind, at), value)
      await tx
        .insertInto('contact_history')
        .values({ oid, kind, before: sealed('before', before), after: sealed('after', after), cause, origin, at })
        .execute()
      return true
    },
    async changesFrom(tx, oid, origins) {
      if (origins.length === 0) return []
      const rows = await tx
        .selectFrom('contact_history')
        .select(['seq', 'kind', 'before', 'after', 'at'])
        .where('oid', '=', oid)
        .where('origin', 'in', [...origins])
        .where('undone_at', 'is', null)
        .orderBy('seq')
        .execute()
      const key = await dataKeys.of(oid, tx)
      return rows.map(({ seq, kind, before, after, at }) => {
        const opened = (column: 'before' | 'after', value: Uint8Array | null) =>
          value === null ? undefined : open(key, contactHistoryPlace(column, oid, kind, at), value).toString('utf8')
        return {
          seq: String(seq),
          kind: kind as ContactKind,
          before: opened('before', before),
          after: opened('after', after),
        }
      })
    },
    async markUndone(tx, oid, changes) {
      if (changes.length === 0) return
      await tx
        .updateTable('contact_history')
        .set({ undone_at: clock.now() })
        .where('oid', '=', oid)
        .where(
          'seq',
          'in',
          changes.map(({ seq }) => seq),
        )
        .execute()
    },
  }
  return contacts
}
