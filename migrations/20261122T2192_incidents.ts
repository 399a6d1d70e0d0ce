import { type Kysely, sql } from 'kysely'

/**
 * Sign-ins and sessions of which their owner said "this was not me". `settle_at` is when to look once more, for what was under way in them
 * at that moment; null once that is done.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table incidents (
    oid int not null, origin text not null, undoes boolean not null, reported_at timestamptz not null,
    settle_at timestamptz, primary key (oid, origin))`.execute(db)
  await sql`create index incidents_settle on incidents (settle_at) where settle_at is not null`.execute(db)
  await sql`create index incidents_reported on incidents (reported_at)`.execute(db)
}
