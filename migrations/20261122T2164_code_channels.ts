import { type Kysely, sql } from 'kysely'

/** Which channel a one-time code went by: its worth depends on it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table codes add column channel text not null default 'sms'`.execute(db)
}
