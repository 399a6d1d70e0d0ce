import { type Kysely, sql } from 'kysely'

/** What the owner of an account has chosen, as JSON: language, second factor, notices, idle time. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table account_settings (oid int primary key, chosen text not null, changed_at timestamptz not null)`.execute(
    db,
  )
}
