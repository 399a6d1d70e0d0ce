import { randomBytes } from 'node:crypto'
import { addSeconds, type Clock } from '#src/kernel/clock.ts'
import { Secret } from '#src/kernel/secret.ts'
import { type Keyring, openKeyring } from '#src/store/keyring.ts'
import { migrate } from '#src/store/migrate.ts'
import { openStore, type Store } from '#src/store/store.ts'
import { createDatabase } from '#test/setup/database.ts'

/** A clock that moves only when told to. */
export interface HandClock extends Clock {
  pass(seconds: number): void
}

export function handClock(start = '2026-03-01T09:00:00Z'): HandClock {
  let now = new Date(start)
  return {
    now: () => now,
    pass(seconds) {
      now = addSeconds(now, seconds)
    },
  }
}

export interface OpenedStore {
  readonly store: Store
  readonly keyring: Keyring
  close(): Promise<void>
}

/** An empty, migrated database of its own for one test file. */
export async function openedStore(kind: 'postgres' | 'pglite' = 'postgres'): Promise<OpenedStore> {
  const database = kind === 'postgres' ? await createDatabase() : undefined
  const store = await openStore(
    database
      ? { kind: 'postgres', url: new Secret(database.url), poolSize: 20, connectTimeoutMs: 5000 }
      : { kind: 'pglite', folder: undefined },
    () => {},
  )
  if (!database) await migrate(store)
  const keyring = await openKeyring(store.db, [{ id: 'test', key: new Secret(randomBytes(32).toString('base64')) }])
  return {
    store,
    keyring,
    async close() {
      await store.close()
      await database?.drop()
    },
  }
}
