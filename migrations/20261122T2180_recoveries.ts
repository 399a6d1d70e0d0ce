import { type Kysely, sql } from 'kysely'

/**
 * Recoveries under way, for identifiers that nobody holds too (oid 0), and since when the identity level of an account is suspended.
 * Whoever recovers while the database crashes starts again, so the rows are not logged.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create unlogged table recoveries (
    id text primary key, oid int not null, link_hash text not null, progress bytea not null, version int not null,
    expires_at timestamptz not null)`.execute(db)
  await sql`create index recoveries_link on recoveries (link_hash)`.execute(db)
  await sql`create index recoveries_expiry on recoveries (expires_at)`.execute(db)
  await sql`alter table accounts add column identity_suspended_at timestamptz`.execute(db)
}
