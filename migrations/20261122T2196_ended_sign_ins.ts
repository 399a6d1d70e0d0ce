import { type Kysely, sql } from 'kysely'

/** Since when a sign-in counts: what was finished before, and not taken over by its session yet, ended with the sessions. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table accounts add column sign_ins_ended_at timestamptz`.execute(db)
}
