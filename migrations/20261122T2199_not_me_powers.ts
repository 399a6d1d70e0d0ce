import { type Kysely, sql } from 'kysely'

/**
 * What a link of a notice may take back (`undoes`), which depends on where it was sent: those sent before do nothing but end the session.
 * `removes`: what was added in a reported sign-in goes, even where what was there before does not come back at once.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table not_me_tickets add column undoes boolean not null default false`.execute(db)
  await sql`alter table incidents add column removes boolean not null default false`.execute(db)
}
