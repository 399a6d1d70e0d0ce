import { type Kysely, sql } from 'kysely'

/**
 * When identities were checked last, the newest first, under the number of an account or the keyed hash of a SNILS. Not `UNLOGGED` like other
 * counters: after a crash of the database nobody has more tries than before.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table proofing_tries (
    key text primary key, tried_at timestamptz[] not null, expires_at timestamptz not null)`.execute(db)
  await sql`create index proofing_tries_expires_at on proofing_tries (expires_at)`.execute(db)
}
