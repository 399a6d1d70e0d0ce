import { type Kysely, sql } from 'kysely'

/** New contacts that wait for their code, one of a kind for each account; and what the contacts of an account were before each change. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table contact_proposals (
    oid int not null, kind text not null, origin text not null, value bytea not null, clashed boolean not null,
    expires_at timestamptz not null, primary key (oid, kind))`.execute(db)
  await sql`create index contact_proposals_expiry on contact_proposals (expires_at)`.execute(db)
  await sql`create table contact_history (
    oid int not null, seq bigint generated always as identity, kind text not null, before bytea, after bytea, cause text not null,
    origin text not null, at timestamptz not null, undone_at timestamptz, primary key (oid, seq))`.execute(db)
}
