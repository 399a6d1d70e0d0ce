import { type Kysely, sql } from 'kysely'

/**
 * What proves the journal: signed roots of Merkle trees over batches of its rows, chained and kept for ever; the leaves of each tree, until
 * its last event has expired; the keys that sign. `private_key` is sealed, and empty inside once the key signs no longer.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table journal_keys (
    key text primary key, private_key bytea not null, made_at timestamptz not null, retired_at timestamptz)`.execute(db)
  await sql`create unique index journal_keys_signing on journal_keys ((true)) where retired_at is null`.execute(db)
  await sql`create table journal_roots (
    number int primary key, previous text not null, at timestamptz(3) not null, events int not null check (events > 0),
    first_seq bigint not null, last_seq bigint not null unique check (last_seq >= first_seq), expires_on date not null,
    tree text not null, key text not null references journal_keys, signature text not null)`.execute(db)
  await sql`create table journal_leaves (number int primary key references journal_roots, leaves bytea not null)`.execute(
    db,
  )
  // Hashes do not compress.
  await sql`alter table journal_leaves alter column leaves set storage external`.execute(db)
  await sql`create trigger journal_roots_append_only before update or delete on journal_roots
    for each row execute function refuse_change()`.execute(db)
  await sql`create trigger journal_leaves_unchanged before update on journal_leaves
    for each row execute function refuse_change()`.execute(db)
}
