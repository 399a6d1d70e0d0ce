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
    const name = `journal_${from.slice(0, 7).replace('-', '_')}`
    if (await exists(db, name)) continue
    if (await make(db, name, from, monthStart(first, ahead + 1))) made.push(name)
  }
  return made
}

/** @returns `YYYY-MM-01`, the UTC month that is `ahead` months after the one of `date` */
function monthStart(date: Date, ahead: number): string {
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + ahead, 1)).toISOString().slice(0, 10)
}

/** Reads the catalogue itself: `to_regclass` may answer from a cache that has not heard of another process's commit. */
async function exists(db: Db | Tx, name: string): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`select exists (
    select from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'journal'::regclass and c.relname = ${name}) as found`.execute(db)
  return rows[0]!.found
}

async function make(db: Db, name: string, from: string, to: string): Promise<boolean> {
  try {
    return await db.transaction().execute(async (tx) => {
      await sql`select pg_advisory_xact_lock(${sql.lit(LOCK)})`.execute(tx)
      if (await exists(tx, name)) return false
      // A new partition stops the journal's writers for a moment; behind a long reader that moment must stay short.
      await sql`set local lock_timeout = '2s'`.execute(tx)
      await sql`create table ${sql.table(name)} partition of journal for values from (${sql.lit(from)}) to (${sql.lit(to)})`.execute(
        tx,
      )
      return true
    })
  } catch (error) {
    if (NOT_NOW.has((error as { code?: string }).code ?? '')) return false
    throw error
  }
}
