import { type Kysely, sql } from 'kysely'

/**
 * Device codes are kept from the start where a crash of the database does not reach them, so their user codes are looked up there; and
 * requests to approve something, by whom they ask (0 where nobody is meant), with what has to be done about each next. The index of tickets is not unique, as a unique one could
 * not be spread by account; 132 random bits do not repeat.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create unique index artifacts_user_code on artifacts (user_code_hash) where user_code_hash is not null`.execute(
    db,
  )
  await sql`create table ciba_requests (
    oid int not null, id text not null, ticket_hash text not null, client_id text not null, details bytea not null,
    state text not null check (state in ('waiting', 'silenced', 'approved', 'refused')),
    due text check (due in ('ask', 'ping')), created_at timestamptz not null, expires_at timestamptz not null,
    decided_at timestamptz, primary key (oid, id))`.execute(db)
  await sql`create index ciba_requests_ticket on ciba_requests (ticket_hash)`.execute(db)
  await sql`create index ciba_requests_due on ciba_requests (created_at) where due is not null`.execute(db)
  await sql`create index ciba_requests_expiry on ciba_requests (expires_at)`.execute(db)
}
