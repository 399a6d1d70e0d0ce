import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { migrate } from '#src/store/migrate.ts'
import { openStore } from '#src/store/store.ts'

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url))
const CACHE = join(REPOSITORY, '.cache')
const PREFIX = 'embedded-'
const DATABASE = 'database'

export interface EmbeddedDatabase {
  /** For `openStore`, as the sandbox has one. */
  readonly folder: string
  /** After its store is closed. */
  remove(): Promise<void>
}

/** An embedded database with the current schema for one test file; making one from nothing takes seconds, copying its files does not. */
export async function createEmbedded(): Promise<EmbeddedDatabase> {
  const made = await template()
  const room = await mkdtemp(join(tmpdir(), 'propusk-embedded-'))
  const folder = join(room, DATABASE)
  await cp(join(made, DATABASE), folder, { recursive: true })
  return { folder, remove: () => rm(room, { recursive: true, force: true }) }
}

/** Made once for each state of the migrations, and kept; two processes at a time do no harm, as it gets its name only when it is whole. */
async function template(): Promise<string> {
  const folder = join(CACHE, `${PREFIX}${await stateOfSchema()}`)
  if (existsSync(folder)) return folder
  await mkdir(CACHE, { recursive: true })
  const fresh = await mkdtemp(join(CACHE, 'migrating-'))
  const store = await openStore({ kind: 'pglite', folder: join(fresh, DATABASE) }, () => {})
  await migrate(store)
  await store.close()
  const older = (await readdir(CACHE)).filter((name) => name.startsWith(PREFIX))
  await rename(fresh, folder).catch(async (error: unknown) => {
    // Another process was faster.
    if (!existsSync(folder)) throw error
    await rm(fresh, { recursive: true, force: true })
  })
  for (const name of older)
    if (join(CACHE, name) !== folder) await rm(join(CACHE, name), { recursive: true, force: true })
  return folder
}

async function stateOfSchema(): Promise<string> {
  const migrations = join(REPOSITORY, 'migrations')
  const names = (await readdir(migrations)).sort().map((name) => join(migrations, name))
  const hash = createHash('sha256')
  // What is installed, PGlite and the job queue with its tables among it, may lay out its files otherwise.
  for (const name of [join(REPOSITORY, 'package-lock.json'), ...names]) hash.update(await readFile(name))
  return hash.digest('hex').slice(0, 16)
}
