import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  // A deleted client keeps its row, so that nobody is given its id, and with it its tokens and consents.
  await sql`alter table clients drop constraint clients_state_check,
    add constraint clients_state_check check (state in ('active', 'suspended', 'deleted')),
    add column version int not null default 1, add column state_reason text,
    add column previous_secret bytea, add column previous_until timestamptz, add column allowance text`.execute(db)
  await sql`create table invitations (
    id text primary key, token_hash text not null unique, allowance text not null, uses_left int not null,
    created_at timestamptz not null, expires_at timestamptz not null, revoked_at timestamptz)`.execute(db)
  await sql`create index invitations_expiry on invitations (expires_at)`.execute(db)
}
