import { type Kysely, sql } from 'kysely'

/**
 * Changes that wait for 72 hours, so that the owner of the account can stop them. The payload is sealed, and blanked as soon as the change's
 * fate is settled.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table delayed_changes (
    oid int not null, id text not null, ticket_hash text not null, kind text not null, payload bytea, origin text not null,
    requested_at timestamptz not null, due_at timestamptz not null,
    state text not null check (state in ('waiting', 'stopped', 'done')), primary key (oid, id))`.execute(db)
  await sql`create index delayed_changes_ticket on delayed_changes (ticket_hash)`.execute(db)
  await sql`create index delayed_changes_due on delayed_changes (due_at) where state = 'waiting'`.execute(db)
  await sql`create index delayed_changes_over on delayed_changes (due_at)`.execute(db)
}
