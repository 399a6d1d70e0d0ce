import { sql } from 'kysely'
import { addSeconds, type Clock } from '#src/kernel/clock.ts'
import { type AccountId, NOBODY } from '#src/kernel/ids.ts'
import type { DataKeys, Keyring } from '#src/store/keyring.ts'
import { open, seal } from '#src/store/seal.ts'
import type { Db, Store, Tx } from '#src/store/store.ts'
import { type Part, write } from '#src/store/unit.ts'

/** What a field of an event may hold: `oid` account number, `client` a client_id, `text` a short code of ours, `address`, `device`. */
type FieldType = 'oid' | 'client' | 'text' | 'address' | 'device'
type FieldValue<T extends FieldType> = T extends 'oid' ? AccountId : string

export interface JournalEvent {
  readonly type: string
  /** The account that the event is about; NOBODY where there is none. */
  readonly account: AccountId
  readonly fields: Readonly<Record<string, string | number>>
}

const MAX_FIELD = 512

/**
 * Declares an event, named `noun.past_verb`. Fields are closed: no free `extra`, ids and codes instead of names, SNILS or phones.
 * The field `account`, where declared, decides whose data key seals the event.
 * @returns a constructor that throws on a missing, undeclared or ill-typed field
 */
export function defineEvent<const F extends Record<string, FieldType>>(type: string, declared: F) {
  const make = (values: { [K in keyof F]: FieldValue<F[K]> }): JournalEvent => {
    const fields: Record<string, string | number> = {}
    for (const key of Object.keys(values))
      if (!Object.hasOwn(declared, key)) throw new Error(`${type} declares no field ${key}`)
    for (const [key, kind] of Object.entries(declared)) {
      const value: unknown = values[key]
      if (typeof value !== (kind === 'oid' ? 'number' : 'string'))
        throw new Error(`${type}.${key} is not a valid ${kind}`)
      fields[key] = typeof value === 'string' ? plain(value) : (value as number)
    }
    return { type, account: typeof fields.account === 'number' ? fields.account : NOBODY, fields }
  }
  return Object.assign(make, { type, declared: declared as Record<string, FieldType> })
}

/** Values come from outside (User-Agent, client ids): bounded, and without the control characters that forge lines. */
function plain(value: string): string {
  return value
    .toWellFormed()
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, ' ')
    .slice(0, MAX_FIELD)
}

export interface RecordedEvent extends JournalEvent {
  readonly seq: string
  readonly at: Date
}

export interface Journal {
  /** Records an event in the transaction of the change that it tells of. */
  record(tx: Tx, event: JournalEvent): Promise<void>
  /** Records an event in the unit of work of the request, flushed with its other writes; outside a request at once. */
  note(event: JournalEvent): Promise<void>
  /** One account's events, newest first. @param page.types of these types only */
  read(
    account: AccountId,
    page: { limit: number; beforeSeq?: string; types?: readonly string[] },
  ): Promise<RecordedEvent[]>
  /** How many events of these types an account had on each day in Moscow, for days that had any; by `2026-11-25`. */
  countByDay(account: AccountId, types: readonly string[], since: Date): Promise<ReadonlyMap<string, number>>
}

const append: Part = {
  name: 'journal',
  columns: { oid: 'int', expires_on: 'date', at: 'timestamptz', type: 'text', payload: 'bytea' },
  sql: (rows) =>
    `insert into journal (oid, expires_on, at, type, payload) select oid, expires_on, at, type, payload from ${rows}`,
}

/** @param retentionDays how long an event is kept; decides the partition it is written to */
export function makeJournal(deps: {
  store: Store
  keyring: Keyring
  dataKeys: DataKeys
  clock: Clock
  retentionDays: number
}): Journal {
  const { store, keyring, dataKeys, clock } = deps
  const keyFor = async (account: AccountId, handle: Db | Tx) =>
    account === NOBODY ? keyring.key('journal') : dataKeys.of(account, handle)
  const place = (type: string, at: Date) => ({
    table: 'journal',
    column: 'payload',
    key: `${type}:${at.toISOString()}`,
  })

  async function sealed(event: JournalEvent, handle: Db | Tx) {
    const at = clock.now()
    const expires = addSeconds(at, deps.retentionDays * 86_400)
      .toISOString()
      .slice(0, 10)
    const key = await keyFor(event.account, handle)
    return { at, expires, payload: seal(key, place(event.type, at), JSON.stringify(event.fields)) }
  }

  let noted = 0
  return {
    async record(tx, event) {
      const { at, expires, payload } = await sealed(event, tx)
      await tx
        .insertInto('journal')
        .values({ oid: event.account, expires_on: expires as unknown as Date, at, type: event.type, payload })
        .execute()
    },
    async note(event) {
      const { at, expires, payload } = await sealed(event, store.db)
      // Rows of one statement are stored in the order of their keys, which is to be that of the events.
      await write(store, append, String(noted++).padStart(12, '0'), [event.account, expires, at, event.type, payload])
    },
    async read(account, page) {
      let query = store.db
        .selectFrom('journal')
        .select(['seq', 'at', 'type', 'payload'])
        .where('oid', '=', account)
        .orderBy('seq', 'desc')
        .limit(page.limit)
      if (page.beforeSeq !== undefined) query = query.where('seq', '<', page.beforeSeq)
      if (page.types !== undefined) query = query.where('type', 'in', [...page.types])
      const rows = await query.execute()
      const key = await keyFor(account, store.db)
      return rows.map((row) => ({
        seq: String(row.seq),
        at: row.at,
        type: row.type,
        account,
        fields: JSON.parse(open(key, place(row.type, row.at), row.payload).toString('utf8')),
      }))
    },
    async countByDay(account, types, since) {
      const day = sql<string>`to_char(at at time zone 'Europe/Moscow', 'YYYY-MM-DD')`
      const rows = await store.db
        .selectFrom('journal')
        .select((of) => [day.as('day'), of.fn.countAll<string>().as('count')])
        .where('oid', '=', account)
        .where('type', 'in', [...types])
        .where('at', '>=', since)
        .groupBy(day)
        .execute()
      return new Map(rows.map((row) => [row.day, Number(row.count)]))
    },
  }
}
