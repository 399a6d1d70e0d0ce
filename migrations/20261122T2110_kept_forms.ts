import { type Kysely, sql } from 'kysely'

/** What was typed in a form whose sign-in had run out, for an hour, sealed with the account's key. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table kept_forms (
    oid int not null, id text not null, form bytea not null, expires_at timestamptz not null, primary key (oid, id))`.execute(
    db,
  )
  await sql`create index kept_forms_expiry on kept_forms (expires_at)`.execute(db)
}
