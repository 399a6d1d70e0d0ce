import { type Kysely, sql } from 'kysely'

/**
 * Accounts that were closed: until `erase_at` their owners can return. `ending_at` is set while sessions and consents have still to end,
 * `warn_at` until the owner was told that erasure is near, `farewell_at` once the last message is on its way.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table closings (
    oid int primary key references accounts, cause text not null check (cause in ('owner', 'withdrawal', 'operator')),
    closed_at timestamptz not null, ending_at timestamptz, warn_at timestamptz, erase_at timestamptz not null,
    farewell_at timestamptz, erased_at timestamptz)`.execute(db)
  await sql`create index closings_ending on closings (ending_at) where ending_at is not null`.execute(db)
  await sql`create index closings_warn on closings (warn_at) where warn_at is not null`.execute(db)
  await sql`create index closings_erase on closings (erase_at) where erased_at is null`.execute(db)
  await sql`create index drafts_finished on drafts (finished_oid) where finished_oid is not null`.execute(db)
}
