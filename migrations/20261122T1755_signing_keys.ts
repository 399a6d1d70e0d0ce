import { type Kysely, sql } from 'kysely'

/**
 * Signing keys that rotate. A row that an older version wrote has no times but `created_at`, which then stands for them. Of keys that
 * are gone only the public halves remain, in `former_keys`, to read id_tokens that come back as hints.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table signing_keys add column activated_at timestamptz, add column retired_at timestamptz`.execute(db)
  await sql`create unique index signing_keys_next on signing_keys (alg) where state = 'next'`.execute(db)
  await sql`create table former_keys (
    kid text primary key, alg text not null, public_jwk text not null, withdrawn_at timestamptz not null)`.execute(db)
}
