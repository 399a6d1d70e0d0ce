import { type Kysely, sql } from 'kysely'

/**
 * Browsers that an account was signed in with: `ref` is a keyed hash of account and cookie, `seen` holds sealed from where. `tell_at` is
 * set while the owner has to be told of the sign-in, and has the only index that a sign-in touches.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table devices (
    oid int not null, ref text not null, seen bytea not null, first_seen_at timestamptz not null,
    last_seen_at timestamptz not null, trusted_until timestamptz, expires_at timestamptz not null, tell_at timestamptz,
    primary key (oid, ref))`.execute(db)
  await sql`create index devices_tell on devices (tell_at) where tell_at is not null`.execute(db)
  await sql`create index devices_expiry on devices (expires_at)`.execute(db)
}
