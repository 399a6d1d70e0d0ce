import { type Kysely, sql } from 'kysely'

/**
 * Requests to free a contact for its new holder, spread by the contact's blind index. The index of tickets is not unique, as a unique
 * one could not be spread so; 256 random bits do not repeat.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table detachments (
    kind text not null, hash text not null, ticket_hash text not null, oid int not null, locale text not null,
    requested_at timestamptz not null, due_at timestamptz not null,
    state text not null check (state in ('waiting', 'cancelled', 'done')), primary key (kind, hash, ticket_hash))`.execute(
    db,
  )
  await sql`create unique index detachments_waiting on detachments (kind, hash) where state = 'waiting'`.execute(db)
  await sql`create index detachments_ticket on detachments (ticket_hash)`.execute(db)
  await sql`create index detachments_due on detachments (due_at) where state = 'waiting'`.execute(db)
  await sql`create index detachments_over on detachments (due_at)`.execute(db)
}
