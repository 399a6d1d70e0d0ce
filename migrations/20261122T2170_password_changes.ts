import { type Kysely, sql } from 'kysely'

/** What a change of password leaves to be done, when the owner was last reminded of one, and the passwords before. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table passwords
    add column advised_at timestamptz, add column must_change text, add column ending text`.execute(db)
  await sql`create index passwords_ending on passwords (set_at) where ending is not null`.execute(db)
  await sql`create table password_history (
    oid int not null references accounts, seq bigint generated always as identity, hash bytea not null,
    set_at timestamptz not null, primary key (oid, seq))`.execute(db)
}
