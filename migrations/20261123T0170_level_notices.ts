import { type Kysely, sql } from 'kysely'

/**
 * Identity levels that have changed and whose owners do not know yet: what they know it to be (`before`), and when they are told if it is
 * another one by then.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table level_notices (
    oid int primary key references accounts, before text not null, at timestamptz not null, tell_at timestamptz not null)`.execute(
    db,
  )
  await sql`create index level_notices_tell_at on level_notices (tell_at)`.execute(db)
}
