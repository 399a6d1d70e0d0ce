import { type Kysely, sql } from 'kysely'

/**
 * What is known of a person beside names and birth date, and what proves it. Evidence is appended and never changed; a value that changes
 * leaves its predecessor in the history.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table accounts add column core_change_at timestamptz`.execute(db)
  await sql`create table identity_documents (
    oid int not null references accounts, id uuid not null, kind text not null, core bytea not null,
    recorded_at timestamptz not null, ended_at timestamptz, primary key (oid, id))`.execute(db)
  await sql`create unique index identity_documents_current on identity_documents (oid, kind) where ended_at is null`.execute(
    db,
  )
  await sql`create table addresses (
    oid int not null references accounts, kind text not null check (kind in ('registered', 'actual')), value bytea not null,
    recorded_at timestamptz not null, primary key (oid, kind))`.execute(db)
  await sql`create table identity_evidence (
    oid int not null references accounts, id uuid not null, kind text not null, covers text not null, verifier text not null,
    request uuid, details bytea, at timestamptz not null, until timestamptz, primary key (oid, id))`.execute(db)
  await sql`create function refuse_changed_evidence() returns trigger language plpgsql as $$
    begin raise exception 'evidence is appended, never changed'; end $$`.execute(db)
  await sql`create trigger identity_evidence_unchanged before update on identity_evidence
    for each row execute function refuse_changed_evidence()`.execute(db)
  await sql`create table level_ends (oid int not null references accounts, at timestamptz not null, primary key (oid, at))`.execute(
    db,
  )
  await sql`create index level_ends_at on level_ends (at)`.execute(db)
  await sql`create table profile_history (
    oid int not null references accounts, seq bigint generated always as identity, field text not null, before bytea, after bytea,
    cause text not null, actor text not null, origin text not null, request uuid, at timestamptz not null,
    primary key (oid, seq))`.execute(db)
}
