import { type Kysely, sql } from 'kysely'

/** When each thing that opens an account did so last. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table authenticator_uses (
    oid int not null, kind text not null, authenticator text not null, used_at timestamptz not null,
    primary key (oid, kind, authenticator))`.execute(db)
}
