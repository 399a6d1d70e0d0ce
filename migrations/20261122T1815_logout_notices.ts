import { type Kysely, sql } from 'kysely'

/** Back-channel logouts on their way to the queue: `queued_at` is null until a job has taken them over. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table logout_notices (
    oid int not null, id text not null, client_id text not null, sid bytea not null, created_at timestamptz not null,
    expires_at timestamptz not null, queued_at timestamptz, primary key (oid, id))`.execute(db)
  await sql`create index logout_notices_new on logout_notices (created_at) where queued_at is null`.execute(db)
  await sql`create index logout_notices_expiry on logout_notices (expires_at)`.execute(db)
}
