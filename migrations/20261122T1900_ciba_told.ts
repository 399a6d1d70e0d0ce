import { type Kysely, sql } from 'kysely'

/** By what message a person was told of a request, and when, so that messages are counted; and when work that failed is tried again. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table ciba_requests add column told text check (told in ('code', 'link')),
    add column told_at timestamptz, add column try_at timestamptz`.execute(db)
}
