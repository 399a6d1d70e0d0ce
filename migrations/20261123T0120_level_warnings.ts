import { type Kysely, sql } from 'kysely'

/** When the owner hears ahead that an identity level ends; null once told. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table level_ends add column warn_at timestamptz`.execute(db)
  await sql`create index level_ends_warn_at on level_ends (warn_at) where warn_at is not null`.execute(db)
}
