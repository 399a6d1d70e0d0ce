import { type Kysely, sql } from 'kysely'

/** Keys, and the provider's artifacts by hashed id: `fleeting_artifacts` may be lost in a crash of the database, `artifacts` not. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table keyring (
    name text primary key, kek_id text not null, wrapped bytea not null, created_at timestamptz not null default now())`.execute(
    db,
  )
  await sql`create table data_keys (oid int primary key, kek_id text not null, wrapped bytea not null)`.execute(db)
  const columns = sql.raw(`(
    model text not null, id text not null, payload bytea not null, grant_hash text, uid_hash text, user_code_hash text,
    consumed_at timestamptz, expires_at timestamptz not null, primary key (model, id))`)
  await sql`create table artifacts ${columns}`.execute(db)
  await sql`create unlogged table fleeting_artifacts ${columns}`.execute(db)
  for (const table of ['artifacts', 'fleeting_artifacts']) {
    await sql.raw(`create index ${table}_grant on ${table} (grant_hash) where grant_hash is not null`).execute(db)
    await sql.raw(`create index ${table}_uid on ${table} (uid_hash) where uid_hash is not null`).execute(db)
    await sql.raw(`create index ${table}_expiry on ${table} (expires_at)`).execute(db)
  }
  await sql`create unique index fleeting_artifacts_user_code on fleeting_artifacts (user_code_hash)
    where user_code_hash is not null`.execute(db)
}
