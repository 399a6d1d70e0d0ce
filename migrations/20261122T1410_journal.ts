import { type Kysely, sql } from 'kysely'

/**
 * The audit journal, partitioned by month of expiry so that old months are dropped whole. `seq` orders events for a sealer that
 * hashes batches of (oid, expires_on, seq, at, type, payload); rows are never changed, which a trigger enforces.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table journal (
    oid int not null, expires_on date not null, seq bigint generated always as identity, at timestamptz not null,
    type text not null, payload bytea not null, primary key (oid, expires_on, seq)) partition by range (expires_on)`.execute(
    db,
  )
  await sql`create table journal_later partition of journal default`.execute(db)
  await sql`create index journal_seq on journal (seq)`.execute(db)
  await sql`create function refuse_change() returns trigger language plpgsql as $$
    begin raise exception 'the journal is append-only'; end $$`.execute(db)
  await sql`create trigger journal_append_only before update or delete on journal
    for each row execute function refuse_change()`.execute(db)
}
