import { type Kysely, sql } from 'kysely'

/** Counters may be lost in a crash of the database, locks and messages may not. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create unlogged table throttles (
    key text primary key, count int not null, window_started_at timestamptz not null, blocked_until timestamptz,
    admitted text not null)`.execute(db)
  await sql`create index throttles_window on throttles (window_started_at)`.execute(db)
  await sql`create table locks (key text primary key, until timestamptz not null)`.execute(db)
  await sql`create table messages (
    oid int not null, id uuid not null, channel text not null, kind text not null, recipient bytea, body bytea,
    created_at timestamptz not null, expires_at timestamptz not null,
    state text not null check (state in ('waiting', 'sent', 'expired', 'refused')), settled_at timestamptz,
    primary key (oid, id))`.execute(db)
  await sql`create index messages_waiting on messages (expires_at) where state = 'waiting'`.execute(db)
}
