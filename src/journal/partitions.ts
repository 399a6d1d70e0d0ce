import { sql } from 'kysely'
import type { Db, Tx } from '#src/store/store.ts'

export interface PartitionPlan {
  /** How long events are kept: those written now expire that many days from now. */
  readonly retentionDays: number
  /** How many months to make beyond the one in which today's events expire. */
  readonly months: number
}

/** A lock nobody else takes: processes make partitions one after another. */
const LOCK = 7_201_841_113
const NOT_NOW = new Set([
  '23514', // the default partition has rows of that month already; there they stay
  '55P03', // somebody reads the journal for longer than we may stop its writers
])

/**
 * Makes the journal's monthly partitions ahead of time; for every start and every day. Idempotent, safe in any number of processes.
 * A month that cannot be made now is skipped: its events go to the default partition.
 * @returns the names of the partitions made
 */
export async function ensurePartitions(db: Db, now: Date, { retentionDays, months }: PartitionPlan): Promise<string[]> {
  const first = new Date(now.getTime() + retentionDays * 24 * 3600 * 1000)
  const made: string[] = []
  for (let ahead = 0; ahead <= months; ahead++) {
    const from = monthStart(first, ahead)
    const name = nameOf(from)
    if (await exists(db, name)) continue
    if (await make(db, name, from, monthStart(first, ahead + 1))) made.push(name)
  }
  return made
}

/** @returns `YYYY-MM-01`, the UTC month that is `ahead` months after the one of `date` */
function monthStart(date: Date, ahead: number): string {
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + ahead, 1)).toISOString().slice(0, 10)
}

/** @param month any date of it, `YYYY-MM-DD` */
const nameOf = (month: string): string => `journal_${month.slice(0, 7).replace('-', '_')}`

/** Reads the catalogue itself: `to_regclass` may answer from a cache that has not heard of another process's commit. */
async function exists(db: Db | Tx, name: string): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`select exists (
    select from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'journal'::regclass and c.relname = ${name}) as found`.execute(db)
  return rows[0]!.found
}

/**
 * Drops the months whose last event has expired, and what trees were made of as soon as none of their events is left; roots stay. A month
 * of which an event is not sealed yet, or that somebody reads, is left to another day. Safe in any number of processes, and with a clock that
 * is ahead of the database's.
 * @returns the names of the partitions dropped
 */
export async function dropExpired(db: Db, now: Date): Promise<string[]> {
  const month = monthStart(now, 0)
  const { rows } = await sql<{ name: string }>`select c.relname as name
    from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'journal'::regclass
      and c.relname ~ '^journal_[0-9]{4}_[0-9]{2}$' 
      and c.relname < least(${nameOf(month)}, to_char(now() at time zone 'UTC', '"journal_"YYYY_MM')) order by name`.execute(
    db,
  )
  const dropped: string[] = []
  for (const { name } of rows) if (await drop(db, name)) dropped.push(name)
  await sql`delete from journal_leaves l using journal_roots r
    where r.number = l.number and r.expires_on < ${sql.lit(month)}
      and not exists (select from journal j where j.seq between r.first_seq and r.last_seq)`.execute(db)
  return dropped
}

async function drop(db: Db, name: string): Promise<boolean> {
  return unlessNow(db, async (tx) => {
    if (!(await exists(tx, name))) return false
    const { rows } = await sql<{ open: boolean }>`select exists (select from ${sql.table(name)}
      where seq > coalesce((select max(last_seq) from journal_roots), 0)) as open`.execute(tx)
    if (rows[0]!.open) return false
    await sql`drop table ${sql.table(name)}`.execute(tx)
    return true
  })
}

async function make(db: Db, name: string, from: string, to: string): Promise<boolean> {
  return unlessNow(db, async (tx) => {
    if (await exists(tx, name)) return false
    await sql`create table ${sql.table(name)} partition of journal for values from (${sql.lit(from)}) to (${sql.lit(to)})`.execute(
      tx,
    )
    return true
  })
}

/** Changes partitions, one process after another. @returns false when that cannot be done now */
async function unlessNow(db: Db, change: (tx: Tx) => Promise<boolean>): Promise<boolean> {
  try {
    return await db.transaction().execute(async (tx) => {
      await sql`select pg_advisory_xact_lock(${sql.lit(LOCK)})`.execute(tx)
      // It stops the journal's writers for a moment; behind a long reader that moment must stay short.
      await sql`set local lock_timeout = '2s'`.execute(tx)
      return await change(tx)
    })
  } catch (error) {
    if (NOT_NOW.has((error as { code?: string }).code ?? '')) return false
    throw error
  }
}
