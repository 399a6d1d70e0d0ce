import { type Kysely, sql } from 'kysely'

/**
 * Which sessions an account has, by what stands for them outside: the uid sealed, the sign-ins that made them, the grants that outlive them.
 * Kept for as long as something that was done in them can be undone.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table account_sessions (
    oid int not null, ref text not null, uid bytea not null, origins text[] not null, offline text[] not null,
    begun_at timestamptz not null, expires_at timestamptz not null, kept_until timestamptz not null,
    primary key (oid, ref))`.execute(db)
  await sql`create index account_sessions_kept on account_sessions (kept_until)`.execute(db)
}
