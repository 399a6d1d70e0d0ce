import { type Kysely, sql } from 'kysely'

/** Whose grant it is, and at which client, as one keyed hash: a withdrawn consent ends all of them, offline ones too. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const table of ['artifacts', 'fleeting_artifacts'])
    await sql.raw(`alter table ${table} add column owner_hash text`).execute(db)
  await sql`create index artifacts_owner on artifacts (owner_hash) where owner_hash is not null`.execute(db)
}
