import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table clients (
    client_id text primary key, metadata text not null, secret bytea,
    state text not null check (state in ('active', 'suspended')), created_at timestamptz not null,
    changed_at timestamptz not null)`.execute(db)
  await sql`create table signing_keys (
    kid text primary key, alg text not null, state text not null check (state in ('next', 'active', 'retired')),
    private_jwk bytea not null, created_at timestamptz not null)`.execute(db)
  await sql`create unique index signing_keys_active on signing_keys (alg) where state = 'active'`.execute(db)
  await sql`create table consents (
    oid int not null, client_id text not null, scopes text not null, claims text not null,
    granted_at timestamptz not null, expires_at timestamptz not null, primary key (oid, client_id))`.execute(db)
}
