import { type Kysely, sql } from 'kysely'

/** Sets of recovery codes, of which one in each account counts, and their codes by keyed hash. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table recovery_sets (
    oid int not null, id text not null, made_at timestamptz not null, added_origin text not null,
    removed_at timestamptz, removed_origin text, primary key (oid, id))`.execute(db)
  await sql`create unique index recovery_sets_current on recovery_sets (oid) where removed_at is null`.execute(db)
  await sql`create index recovery_sets_removed on recovery_sets (removed_at) where removed_at is not null`.execute(db)
  await sql`create table recovery_codes (
    oid int not null, digest text not null, set_id text not null, spent_at timestamptz, primary key (oid, digest),
    foreign key (oid, set_id) references recovery_sets (oid, id) on delete cascade)`.execute(db)
  await sql`create index recovery_codes_set on recovery_codes (oid, set_id)`.execute(db)
}
