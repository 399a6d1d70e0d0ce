import { type Kysely, sql } from 'kysely'

/** Whoever has reached the level that they waited for waits no more, and the row goes: no version has ever read or written that column. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table awaited_levels drop column reached_at`.execute(db)
}
