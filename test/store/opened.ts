import { randomBytes } from 'node:crypto'
import { addSeconds, type Clock } from '#src/kernel/clock.ts'
import { Secret } from '#src/kernel/secret.ts'
import { type Keyring, openKeyring } from '#src/store/keyring.ts'
import { openStore, type Store } from '#src/store/store.ts'
import { createDatabase } from '#test/setup/database.ts'
import { createEmbedded } from '#test/setup/embedded.ts'

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
  const { config, drop } = await (kind === 'postgres' ? onServer() : embedded())
  const store = await openStore(config, () => {})
  const keyring = await openKeyring(store.db, [{ id: 'test', key: new Secret(randomBytes(32).toString('base64')) }])
  return {
    store,
    keyring,
    async close() {
      await store.close()
      await drop()
    },
  }
}

async function onServer() {
  const { url, drop } = await createDatabase()
  return { config: { kind: 'postgres', url: new Secret(url), poolSize: 20, connectTimeoutMs: 5000 } as const, drop }
}

async function embedded() {
  const { folder, remove } = await createEmbedded()
  return { config: { kind: 'pglite', folder } as const, drop: remove }
}
