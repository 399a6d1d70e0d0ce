import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create sequence account_numbers as bigint minvalue 0 start 0`.execute(db)
  await sql`create table accounts (
    oid int primary key check (oid >= 1000000000), realm text not null,
    state text not null check (state in ('pending', 'active', 'blocked', 'closed')), registered_at timestamptz not null)`.execute(
    db,
  )
  await sql`create table persons (oid int primary key references accounts, core bytea not null)`.execute(db)
  await sql`create table contacts (
    oid int not null references accounts, kind text not null, value bytea not null, confirmed_at timestamptz not null,
    primary key (oid, kind))`.execute(db)
  await sql`create table identifiers (
    kind text not null, hash text not null, oid int not null, constraint identifiers_owner primary key (kind, hash))`.execute(
    db,
  )
  await sql`create index identifiers_oid on identifiers (oid)`.execute(db)
  await sql`create table agreements (
    oid int not null references accounts, kind text not null, version text not null, agreed_at timestamptz not null,
    primary key (oid, kind, version))`.execute(db)
}
