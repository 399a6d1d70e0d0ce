import { type Kysely, sql } from 'kysely'

/**
 * What citizens have asked for: proof of identity and changes that somebody has to check. A request is theirs alone, has a number, a state and a
 * history; `try_at` is when the next step is due, null where nobody but a person can go on.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create sequence request_numbers as bigint minvalue 0 start 0`.execute(db)
  await sql`create table requests (
    oid int not null references accounts, id uuid not null, number bigint not null, kind text not null,
    state text not null check (state in ('checking', 'waiting', 'confirmed', 'refused', 'withdrawn', 'expired')),
    payload bytea, reasons text not null, origin text not null, tries int not null default 0,
    created_at timestamptz not null, changed_at timestamptz not null, due_at timestamptz not null, try_at timestamptz,
    primary key (oid, id))`.execute(db)
  await sql`create index requests_due on requests (try_at) where try_at is not null`.execute(db)
  await sql`create unique index requests_open on requests (oid, kind) where state in ('checking', 'waiting')`.execute(
    db,
  )
  await sql`create table request_steps (
    oid int not null references accounts, request uuid not null, seq bigint generated always as identity, step text not null,
    reasons text not null, at timestamptz not null, primary key (oid, request, seq))`.execute(db)
  await sql`create table proofing_drafts (
    oid int not null references accounts, kind text not null, answers bytea not null, changed_at timestamptz not null,
    primary key (oid, kind))`.execute(db)
  await sql`create index proofing_drafts_changed_at on proofing_drafts (changed_at)`.execute(db)
  await sql`create table proofing_letters (
    oid int not null references accounts, request uuid not null, code_hash text not null, tries int not null,
    sent_at timestamptz, expires_at timestamptz not null, used_at timestamptz, primary key (oid, request))`.execute(db)
}
