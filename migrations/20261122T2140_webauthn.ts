import { type Kysely, sql } from 'kysely'

/**
 * Passkeys and hardware keys. `id` is a keyed hash of the credential id, by which `webauthn_owners` finds the account; `core` and `name` are
 * sealed. `webauthn_spent` is logged: a challenge that was answered must stay answered after a crash.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table webauthn_handles (oid int primary key references accounts, handle text not null)`.execute(db)
  await sql`create table webauthn_credentials (
    oid int not null references accounts, id text not null, core bytea not null, name bytea, counter bigint not null,
    synced boolean not null, backed_up boolean not null, user_verified boolean not null, added_at timestamptz not null,
    added_in text not null, copied_at timestamptz, removed_at timestamptz, removed_in text, primary key (oid, id))`.execute(
    db,
  )
  await sql`create index webauthn_credentials_removed on webauthn_credentials (removed_at) where removed_at is not null`.execute(
    db,
  )
  await sql`create table webauthn_owners (id text primary key, oid int not null)`.execute(db)
  await sql`create index webauthn_owners_oid on webauthn_owners (oid)`.execute(db)
  await sql`create table webauthn_spent (id text primary key, expires_at timestamptz not null)`.execute(db)
  await sql`create index webauthn_spent_expiry on webauthn_spent (expires_at)`.execute(db)
}
