import { type Kysely, sql } from 'kysely'

/** Why an account is in its state, sealed with its key, and since when. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table accounts add column state_reason bytea, add column state_at timestamptz`.execute(db)
}
