import { type Kysely, sql } from 'kysely'

/** Links of notices by which the owner says that it was somebody else: `origin` names the sign-in or session that the notice is about. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table not_me_tickets (
    oid int not null, ticket_hash text not null, origin text not null, created_at timestamptz not null,
    expires_at timestamptz not null, used_at timestamptz, primary key (oid, ticket_hash))`.execute(db)
  await sql`create index not_me_tickets_hash on not_me_tickets (ticket_hash)`.execute(db)
  await sql`create index not_me_tickets_expiry on not_me_tickets (expires_at)`.execute(db)
}
