import { readdir } from 'node:fs/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { type Migration, type MigrationProvider, Migrator } from 'kysely/migration'
import { PgBoss } from 'pg-boss'
import { Secret } from '#src/kernel/secret.ts'
import { openStore, type Store } from './store.ts'

const FOLDER = fileURLToPath(new URL('../../migrations/', import.meta.url))

const files: MigrationProvider = {
  async getMigrations() {
    const names = (await readdir(FOLDER)).filter((name) => name.endsWith('.ts')).sort()
    const loaded = names.map(
      async (name): Promise<[string, Migration]> => [
        name.replace(/\.ts$/, ''),
        await import(pathToFileURL(`${FOLDER}${name}`).href),
      ],
    )
    return Object.fromEntries(await Promise.all(loaded))
  },
}

/**
 * Brings the schema up to date, the job queue's own tables included.
 * @returns the names of the migrations that were applied, oldest first
 * @throws Error naming the migration that failed; those before it stay applied
 */
export async function migrate(store: Store): Promise<string[]> {
  const { error, results = [] } = await new Migrator({ db: store.db, provider: files }).migrateToLatest()
  if (error) {
    const failed = results.find((result) => result.status === 'Error')?.migrationName ?? 'the migrations'
    throw new Error(`${failed} failed`, { cause: error })
  }
  const queue = new PgBoss({ db: { executeSql: store.script }, schema: 'pgboss', supervise: false, schedule: false })
  await queue.start()
  await queue.stop({ graceful: false })
  return results.map((result) => result.migrationName)
}

/**
 * Refuses a database that lacks migrations of this version; one that is ahead is fine, as migrations only expand.
 * @throws Error naming the first one missing and the remedy
 */
export async function checkSchema(store: Store): Promise<void> {
  const migrations = await new Migrator({
    db: store.db,
    provider: files,
    allowUnorderedMigrations: true,
  }).getMigrations()
  const missing = migrations.find((migration) => migration.executedAt === undefined)
  if (missing) throw new Error(`the database lacks the migration ${missing.name}; run "npm run migrate" first`)
}

/** Migrates the database at a PostgreSQL URL. */
export async function migrateToLatest(databaseUrl: string): Promise<void> {
  const store = await openStore(
    { kind: 'postgres', url: new Secret(databaseUrl), poolSize: 2, connectTimeoutMs: 10_000 },
    () => {},
  )
  try {
    await migrate(store)
  } finally {
    await store.close()
  }
}
