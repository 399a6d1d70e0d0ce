import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import {
  giveTo,
  memoryFolder,
  type Owner,
  openTemporaryFolder,
  reachablePostgres,
  removeAbandoned,
  serverEnvironment,
  serverOwner,
} from './postgres-host.ts'
import { launchServer, PortTaken } from './postgres-server.ts'

const run = promisify(execFile)

export interface PostgresOptions {
  /**
   * Kept after `stop` and used again by the next start; without it the data live in a temporary folder and end with the
   * server. Under root the server runs as another user, who must be able to reach it.
   */
  readonly dataDir?: string
  /** Data that end with the server live in memory, where the machine has enough: copying a database takes a tenth of the time. */
  readonly inMemory?: boolean
  /** Further arguments of `postgres`, e.g. `['-c', 'shared_buffers=1GB']`; they win over the usual ones. */
  readonly flags?: readonly string[]
}

export interface Postgres {
  /** The superuser's URL of the database `postgres`, on 127.0.0.1 and a free port. */
  readonly url: string
  /** Ends the server and removes its temporary files. */
  stop(): Promise<void>
}

const PREFIX = 'propusk-postgres-'
const PASSWORD_FILE = 'superuser-password'
const ATTEMPTS = 5

/**
 * Starts a real PostgreSQL from npm, in a folder of its own, so that runs in several checkouts do not meet.
 * A crash of the machine may lose the data (fsync is off), a crash of the server may not: commits stay synchronous.
 * @throws Error with the server's last words when it does not start
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<Postgres> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnce(options)
    } catch (error) {
      // Between asking for a free port and listening on it, somebody else may have taken it.
      if (!(error instanceof PortTaken) || attempt === ATTEMPTS) throw error
    }
  }
}

async function startOnce(options: PostgresOptions): Promise<Postgres> {
  const owner = await serverOwner()
  const folder = await openFolder(await openTemporaryFolder(owner), owner)
  const memory = options.inMemory ? await memoryFolder(owner) : undefined
  const room = memory === undefined ? folder : await openFolder(memory, owner)
  try {
    // A later run looks there for the server before it removes what was abandoned.
    if (room !== folder) await symlink(join(room, 'data'), join(folder, 'data'))
    const home = await reachablePostgres(folder, owner)
    const dataDir = resolve(options.dataDir ?? join(room, 'data'))
    const password = await initialise({ home, dataDir, folder, owner })
    const { port, stop } = await launchServer({ home, dataDir, folder, room, owner, flags: options.flags ?? [] })
    return { url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`, stop }
  } catch (error) {
    for (const made of [folder, room]) await rm(made, { recursive: true, force: true })
    throw error
  }
}

async function openFolder(parent: string, owner: Owner): Promise<string> {
  await removeAbandoned(parent, PREFIX)
  const folder = await mkdtemp(join(parent, PREFIX))
  await giveTo(owner, folder)
  return folder
}

interface Cluster {
  readonly home: string
  readonly dataDir: string
  readonly folder: string
  readonly owner: Owner
}

/**
 * Makes the data folder unless it is there; under its final name it is whole or does not exist.
 * @returns the superuser's password
 */
async function initialise({ home, dataDir, folder, owner }: Cluster): Promise<string> {
  if (existsSync(join(dataDir, 'PG_VERSION'))) return readFile(join(dataDir, PASSWORD_FILE), 'utf8')
  const password = randomBytes(16).toString('hex')
  const passwordFile = join(folder, PASSWORD_FILE)
  await writeFile(passwordFile, password, { mode: 0o600 })
  await giveTo(owner, passwordFile)
  await mkdir(dirname(dataDir), { recursive: true })
  const fresh = await mkdtemp(`${dataDir}.initialising-`)
  await giveTo(owner, fresh)
  try {
    // The password is 128 random bits: thousands of rounds would only make each connection slow.
    const auth = ['--username=postgres', '--auth=scram-sha-256', '--set=scram_iterations=1']
    const settings = [...auth, '--encoding=UTF8', '--locale=C', '--no-sync']
    await run(join(home, 'bin', 'initdb'), [...settings, `--pgdata=${fresh}`, `--pwfile=${passwordFile}`], {
      ...owner,
      cwd: folder,
      env: serverEnvironment(),
    })
    await writeFile(join(fresh, PASSWORD_FILE), password, { mode: 0o600 })
    await rename(fresh, dataDir)
  } catch (error) {
    await rm(fresh, { recursive: true, force: true })
    throw error
  }
  return password
}
