import { type Kysely, sql } from 'kysely'

/** Interfaces of other systems that tokens are issued for, and what people agreed to there: `[{ identifier, scopes }]` as JSON. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table resource_servers (
    identifier text primary key, description text not null, state text not null check (state in ('active', 'suspended')),
    created_at timestamptz not null, changed_at timestamptz not null)`.execute(db)
  await sql`alter table consents add column resources text not null default '[]'`.execute(db)
}
