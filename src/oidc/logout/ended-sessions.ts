import { ticketHash } from '#src/kernel/ids.ts'
import type { Store } from '#src/store/store.ts'
import { type Part, write } from '#src/store/unit.ts'
import { artifactParts } from '../artifacts.ts'

const ENDED = 'EndedSession'

const dropSessions: Part = {
  name: 'drop_sessions',
  columns: { uid_hash: 'text' },
  sql: (rows) => `delete from artifacts a using ${rows} r where a.model = 'Session' and a.uid_hash = r.uid_hash`,
}

/**
 * Deletes a session under every id that it has had and leaves a mark: a request that read it before stores it again, under a new id, when
 * it ends, and whoever stole the cookie could have such a request on its way at all times.
 * @param until when the session would have ended by itself at the latest
 */
export async function endForGood(store: Store, uid: string, until: Date): Promise<void> {
  const hash = ticketHash(uid)
  await write(store, dropSessions, `Session:uid:${hash}`, [hash])
  const mark = [ENDED, hash, Buffer.alloc(0), null, null, null, null, until]
  await write(store, artifactParts.durable.put, `${ENDED}:${hash}`, mark)
}

/** SQL that keeps ended sessions out of a look-up in `table`. */
export function hasNotEnded(table: string): string {
  if (table !== 'artifacts') return 'true'
  return `(uid_hash is null or (select true from artifacts as ended
    where ended.model = '${ENDED}' and ended.id = artifacts.uid_hash) is null)`
}
