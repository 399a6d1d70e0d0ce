import { type Kysely, sql } from 'kysely'

/** OATH tokens by their serial number: seeds of those that nobody has taken yet, and who took the others. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table hardware_tokens (
    serial text primary key, secret bytea, imported_at timestamptz not null, oid int, taken_at timestamptz)`.execute(db)
}
