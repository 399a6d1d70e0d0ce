import { type Kysely, sql } from 'kysely'

/** Passwords, one-time codes, the evidence of sign-ins under way, and the drafts of registrations. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table passwords (
    oid int primary key references accounts, hash bytea not null, set_at timestamptz not null)`.execute(db)
  await sql`create table codes (
    id text primary key, digest text not null, pause_key text not null, tries int not null, sent_at timestamptz not null,
    expires_at timestamptz not null, spent_at timestamptz)`.execute(db)
  await sql`create index codes_expiry on codes (expires_at)`.execute(db)
  await sql`create table drafts (
    id text primary key, kek_id text not null, wrapped bytea not null, answers bytea not null, login text,
    version int not null, expires_at timestamptz not null, finished_oid int)`.execute(db)
  await sql`create index drafts_expiry on drafts (expires_at)`.execute(db)
  await sql`create unlogged table evidence (
    login text not null, kind text not null, oid int not null, proof text not null, expires_at timestamptz not null,
    primary key (login, kind))`.execute(db)
  await sql`create index evidence_expiry on evidence (expires_at)`.execute(db)
}
