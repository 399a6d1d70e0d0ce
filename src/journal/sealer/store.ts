import { sql } from 'kysely'
import type { AccountId } from '#src/kernel/ids.ts'
import type { Db, Tx } from '#src/store/store.ts'
import type { SignedRoot } from './root.ts'
import { leafColumn, type StoredEvent, storedColumns } from './stored-event.ts'

/** A lock nobody else takes: batches are sealed, and keys replaced, one after another. */
const LOCK = 7_201_841_114

/** @returns false when another process seals */
export async function tryLock(tx: Tx): Promise<boolean> {
  const { rows } = await sql<{ mine: boolean }>`select pg_try_advisory_xact_lock(${sql.lit(LOCK)}) as mine`.execute(tx)
  return rows[0]!.mine
}

/** Waits for the process that seals. */
export async function lock(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(${sql.lit(LOCK)})`.execute(tx)
}

type RootRow = Omit<SignedRoot, 'first' | 'last'> & { readonly first: string; readonly last: string }

const rootColumns = sql`number, previous, at, events, first_seq::text as first, last_seq::text as last,
  to_char(expires_on, 'YYYY-MM-DD') as expires, tree, key, signature`

const rootOf = (row: RootRow): SignedRoot => ({ ...row, first: Number(row.first), last: Number(row.last) })

async function roots(db: Db | Tx, which: ReturnType<typeof sql>): Promise<SignedRoot[]> {
  const { rows } = await sql<RootRow>`select ${rootColumns} from journal_roots ${which}`.execute(db)
  return rows.map(rootOf)
}

/** @param known number of a root that shall be among them, if it is still there @returns the last one first */
export function lastRoots(db: Db | Tx, known = 0): Promise<SignedRoot[]> {
  return roots(db, sql`where number in (${known}::int, (select max(number) from journal_roots)) order by number desc`)
}

export function rootsAfter(
  db: Db,
  number: number,
  { upTo, limit }: { upTo: number; limit: number },
): Promise<SignedRoot[]> {
  return roots(
    db,
    sql`where number > ${number}::int and number <= ${upTo}::int order by number limit ${sql.lit(limit)}`,
  )
}

/** The roots of these events, in no order; of one that is not sealed there is none, or another one. */
export function rootsOf(db: Db, seqs: readonly number[]): Promise<SignedRoot[]> {
  return roots(
    db,
    sql`where number in (select (select number from journal_roots where last_seq >= wanted.seq order by last_seq limit 1)
      from unnest(${seqs.map(String)}::bigint[]) as wanted (seq))`,
  )
}

/** Stores a root with what its tree was made of. */
export async function insertRoot(tx: Tx, root: SignedRoot, leaves: Uint8Array): Promise<void> {
  const { number, previous, at, events, first, last, expires, tree, key, signature } = root
  await sql`with root as (
    insert into journal_roots (number, previous, at, events, first_seq, last_seq, expires_on, tree, key, signature)
    values (${number}, ${previous}, ${at}, ${events}, ${first}, ${last}, ${expires}::date, ${tree}, ${key}, ${signature}))
    insert into journal_leaves (number, leaves) values (${number}, ${leaves})`.execute(tx)
}

/** @returns by number of the root, without those that are gone */
export async function leavesOf(db: Db, numbers: readonly number[]): Promise<ReadonlyMap<number, Uint8Array>> {
  const rows = await db
    .selectFrom('journal_leaves')
    .select(['number', 'leaves'])
    .where('number', 'in', [...numbers])
    .execute()
  return new Map(rows.map(({ number, leaves }) => [number, leaves]))
}

/** Leaves of events above `after` up to `last`, in the order of their numbers, one behind the other. */
export async function freshLeaves(
  tx: Tx,
  { after, last, limit }: { after: number; last: number; limit: number },
): Promise<Uint8Array> {
  const { rows } = await sql<{ leaves: Uint8Array | null }>`select string_agg(leaf, ''::bytea order by seq) as leaves
    from (select seq, ${leafColumn} from journal where seq > ${sql.lit(after)} and seq <= ${sql.lit(last)}
      order by seq limit ${sql.lit(limit)}) as fresh`.execute(tx)
  return rows[0]!.leaves ?? new Uint8Array()
}

type EventRow = Omit<StoredEvent, 'seq'> & { readonly seq: string }

const eventOf = (row: EventRow): StoredEvent => ({ ...row, seq: Number(row.seq) })

/** Events above `after` up to `last`; several of one number, if somebody has put them there. */
export async function storedEvents(db: Db, after: number, last: number): Promise<StoredEvent[]> {
  const { rows } = await sql<EventRow>`select ${storedColumns} from journal
    where seq > ${sql.lit(after)} and seq <= ${sql.lit(last)} order by journal.seq`.execute(db)
  return rows.map(eventOf)
}

/** The newest events of an account. */
export async function eventsOfAccount(db: Db, account: AccountId, limit: number): Promise<StoredEvent[]> {
  const { rows } = await sql<EventRow>`select ${storedColumns} from journal
    where oid = ${account} order by journal.seq desc limit ${sql.lit(limit)}`.execute(db)
  return rows.map(eventOf)
}

/** How many events no root covers yet, and since when. */
export async function unsealed(db: Db): Promise<{ events: number; since: Date | undefined }> {
  const { rows } = await sql<{ events: number; since: Date | null }>`select count(*)::int as events, min(at) as since
    from journal where seq > coalesce((select last_seq from journal_roots order by number desc limit 1), 0)`.execute(db)
  return { events: rows[0]!.events, since: rows[0]!.since ?? undefined }
}

/** Numbers above this one of which there are leaves and no root: their roots have been there. */
export async function orphanedLeaves(db: Db, number: number): Promise<number[]> {
  const rows = await db
    .selectFrom('journal_leaves as l')
    .leftJoin('journal_roots as r', 'r.number', 'l.number')
    .select('l.number')
    .where('l.number', '>', number)
    .where('r.number', 'is', null)
    .orderBy('l.number')
    .execute()
  return rows.map((row) => row.number)
}
