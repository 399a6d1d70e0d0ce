import { type Kysely, sql } from 'kysely'

/** An operator's suspicion suspends *verified*, and is taken back without bringing back what something else has suspended. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table accounts add column suspected_at timestamptz`.execute(db)
}
