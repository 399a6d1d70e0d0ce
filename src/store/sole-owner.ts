import { DatabaseSync } from 'node:sqlite'

/** As long as a sandbox takes to start or to stop on a slow machine: then it answers, or it is gone. */
const PATIENCE_MS = 5_000
/** SQLITE_BUSY */
const BUSY = 5

/**
 * Makes this process the only one that works on a folder. A second process does not find PGlite's folder locked: it opens it, and what both
 * write destroys it. The lock is SQLite's on an empty file beside the folder, as Node itself can lock none; the system takes it back from a
 * process that was killed.
 * @returns gives the folder free
 * @throws Error when another process has it still after `patienceMs`
 */
export function ownFolder(folder: string, patienceMs = PATIENCE_MS): () => void {
  const lock = new DatabaseSync(`${folder}.lock`)
  try {
    lock.exec(`pragma busy_timeout = ${patienceMs}; begin exclusive`)
  } catch (fault) {
    lock.close()
    if ((fault as { errcode?: number }).errcode !== BUSY) throw fault
    throw new Error(`another process works on ${folder}; try again when it has started or stopped`)
  }
  return () => lock.close()
}
