import { type Kysely, sql } from 'kysely'

/** When a key's answer was accepted last: one to a challenge made before that may come late without there being a copy of the key. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table webauthn_credentials add column used_at timestamptz`.execute(db)
}
