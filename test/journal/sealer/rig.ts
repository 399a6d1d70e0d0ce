import { sql } from 'kysely'
import { defineEvent, type Journal, makeJournal } from '#src/journal/journal.ts'
import { makeSealingKeys, type SealingKeys } from '#src/journal/sealer/keys.ts'
import { makeSealer, type Sealer } from '#src/journal/sealer/sealer.ts'
import { type Verification, type VerificationOptions, verifyJournal } from '#src/journal/sealer/verification.ts'
import { type DataKeys, makeDataKeys } from '#src/store/keyring.ts'
import type { Db, Tx } from '#src/store/store.ts'
import { type HandClock, handClock, type OpenedStore, openedStore } from '../../store/opened.ts'

export const noted = defineEvent('marker.noted', { account: 'oid', place: 'text' })
export const ME = 1_000_000_001
export const OTHER = 1_000_000_002

type Line = readonly [level: string, message: string]

export interface Rig extends OpenedStore {
  readonly clock: HandClock
  readonly journal: Journal
  readonly dataKeys: DataKeys
  readonly keys: SealingKeys
  /** What sealers wrote to the log. */
  readonly log: Line[]
  /** One of another process. */
  sealer(options?: { batch?: number; patienceMs?: number }): Sealer
  /** Records events one by one. @returns their numbers */
  record(count: number, account?: number): Promise<number[]>
  verify(options?: Partial<VerificationOptions>): Promise<Verification>
  /** Does something to the database, past all triggers. */
  force(...steps: readonly ReturnType<typeof sql>[]): Promise<void>
  /** What is found after somebody has done that to the database, past all triggers; afterwards it is undone. */
  afterwards(...attack: readonly ReturnType<typeof sql>[]): Promise<readonly string[]>
}

export async function sealerRig({
  kind = 'postgres',
  retentionDays = 365,
}: {
  kind?: 'postgres' | 'pglite'
  retentionDays?: number
} = {}): Promise<Rig> {
  const opened = await openedStore(kind)
  const { store, keyring } = opened
  const clock = handClock()
  const dataKeys = makeDataKeys(store.db, keyring)
  const journal = makeJournal({ store, keyring, dataKeys, clock, retentionDays })
  const keysOn = (db: Db) => makeSealingKeys({ store: { ...store, db }, keyring, journal, clock })
  await store.tx(async (tx) => {
    for (const oid of [ME, OTHER]) await dataKeys.create(tx, oid)
  })
  const log: Line[] = []
  const to = (level: string) => (_what: unknown, message?: unknown) => void log.push([level, String(message)])
  const verifyOn = (db: Db, options: Partial<VerificationOptions> = {}) =>
    verifyJournal({ db, keys: keysOn(db) }, { today: clock.now(), ...options })
  return {
    ...opened,
    clock,
    journal,
    dataKeys,
    keys: keysOn(store.db),
    log,
    sealer: (options) =>
      makeSealer({
        store,
        keys: keysOn(store.db),
        clock,
        log: { info: to('info'), warn: to('warn'), error: to('error') },
        ...options,
      }),
    async record(count, account = ME) {
      const before = await lastSeq(store.db)
      for (let n = 0; n < count; n++) {
        clock.pass(1)
        await journal.note(noted({ account, place: `place ${n}` }))
      }
      const rows = await store.db.selectFrom('journal').select('seq').where('seq', '>', before).orderBy('seq').execute()
      return rows.map(({ seq }) => Number(seq))
    },
    verify: (options) => verifyOn(store.db, options),
    force: (...steps) =>
      store.tx(async (tx) => {
        await sql`set local session_replication_role = replica`.execute(tx)
        for (const step of steps) await step.execute(tx)
      }),
    async afterwards(...attack) {
      let faults: readonly string[] = []
      const undo = new Error('undone')
      const work = store.tx(async (tx: Tx) => {
        await sql`set local session_replication_role = replica`.execute(tx)
        for (const step of attack) await step.execute(tx)
        faults = (await verifyOn(tx)).faults
        throw undo
      })
      await work.catch((fault: unknown) => {
        if (fault !== undo) throw fault
      })
      return faults
    },
  }
}

async function lastSeq(db: Db): Promise<string> {
  const row = await db
    .selectFrom('journal')
    .select((of) => of.fn.max('seq').as('seq'))
    .executeTakeFirst()
  return row?.seq ?? '0'
}
