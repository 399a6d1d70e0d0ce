import { type Kysely, sql } from 'kysely'

/**
 * Who waits at which service for a higher identity level, and what was handed over to whom lately, so that the journal says it once a day.
 * Names of claims, never values.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table awaited_levels (
    oid int not null references accounts, client_id text not null, level text not null, awaited_at timestamptz not null,
    reached_at timestamptz, primary key (oid, client_id))`.execute(db)
  await sql`create index awaited_levels_reached_at on awaited_levels (reached_at) where reached_at is not null`.execute(
    db,
  )
  await sql`create index awaited_levels_awaited_at on awaited_levels (awaited_at)`.execute(db)
  await sql`create table releases (
    oid int not null references accounts, client_id text not null, channel text not null, claims text not null, at timestamptz not null,
    primary key (oid, client_id, channel, claims))`.execute(db)
  await sql`create index releases_at on releases (at)`.execute(db)
}
