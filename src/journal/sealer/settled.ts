import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Db } from '#src/store/store.ts'

const FIRST_PAUSE_MS = 20
const LONGEST_PAUSE_MS = 500
/** No transaction of ours is open for longer. */
export const PATIENCE_MS = 3_000

/**
 * Transactions that write to the journal. Whoever has drawn a number holds this lock until it commits or gives up, and took it before it
 * drew; readers, VACUUM and whoever waits for a lock do not hold it.
 */
const writing = sql`select distinct virtualtransaction from pg_locks
  where locktype = 'relation' and mode = 'RowExclusiveLock' and granted
    and database = (select oid from pg_database where datname = current_database())
    and (relation = 'journal'::regclass or relation in (select inhrelid from pg_inherits where inhparent = 'journal'::regclass))`

export interface Waiting {
  /** When the last root was made. */
  readonly rootAt: Date | null
  /** Number of its last event, 0 where there is none. */
  readonly sealed: number
  /** Number of the newest event that is stored. */
  readonly newest: number
  /** Transactions that may still store an event with a smaller number. */
  readonly writers: readonly string[]
}

/** Answers in one statement what there is to seal. Its view of the rows is older than that of the locks: nobody falls between the two. */
export async function lookAt(db: Db): Promise<Waiting> {
  const { rows } = await sql<Omit<Waiting, 'sealed' | 'newest'> & { sealed: string; newest: string }>`
    select head.at as "rootAt", coalesce(head.last_seq, 0)::text as sealed,
      coalesce((select max(seq) from journal), 0)::text as newest, array(${writing}) as writers
    from (select 1) as one left join (select at, last_seq from journal_roots order by number desc limit 1) as head on true`.execute(
    db,
  )
  const { sealed, newest, ...same } = rows[0]!
  return { ...same, sealed: Number(sealed), newest: Number(newest) }
}

/**
 * Waits, holding nothing, until these transactions have ended: then every event that was there before them is stored or never will be.
 * @returns false when one of them outlasts `patienceMs`
 */
export async function ended(db: Db, writers: readonly string[], patienceMs: number): Promise<boolean> {
  const until = performance.now() + patienceMs
  let left = writers
  for (let pause = FIRST_PAUSE_MS; left.length > 0; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    if (performance.now() >= until) return false
    await sleep(pause, undefined, { ref: false })
    const { rows } = await sql<{ virtualtransaction: string }>`${writing}`.execute(db)
    const open = new Set(rows.map(({ virtualtransaction }) => virtualtransaction))
    left = left.filter((writer) => open.has(writer))
  }
  return true
}
