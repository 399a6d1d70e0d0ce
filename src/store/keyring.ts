import type { KeyEncryptionKey } from '#src/config/config.ts'
import { randomBytes } from '#src/kernel/random.ts'
import { open, seal } from './seal.ts'
import type { Db, Tx } from './store.ts'
import { units } from './unit.ts'

/** The keys that the installation makes for itself; each lives in the database, wrapped by a key-encryption key. */
export const keyNames = [
  'artifacts',
  'blind_index',
  'clients',
  'codes',
  'cookies',
  'csrf',
  'dpop_nonces',
  'drafts',
  'hardware_tokens',
  'journal',
  'letters',
  'messages',
  'pairwise',
  'proofs',
  'recoveries',
  'requests',
  'signing',
  'subject',
  'webauthn',
] as const
export type KeyName = (typeof keyNames)[number]

/** Opened keys of 32 bytes by name, and the wrapping of further keys. */
export interface Keyring {
  key(name: KeyName): Buffer
  /** Id of the key-encryption key that wraps whatever is new. */
  readonly activeKek: string
  wrap(name: string, key: Buffer): { kekId: string; wrapped: Buffer }
  /** @throws KeyLost when the key-encryption key `kekId` is not configured, or is another one */
  unwrap(name: string, kekId: string, wrapped: Uint8Array): Buffer
}

/** A key that nobody can open here, with the key-encryption key that it would take. */
export class KeyLost extends Error {
  override readonly name = 'KeyLost'
}

/**
 * Opens the installation's keyring, making the keys it lacks; safe in any number of processes at once.
 * @param keks the first one wraps what is new, all of them unwrap
 * @throws Error naming the key-encryption key that is missing or wrong
 */
export async function openKeyring(db: Db, keks: readonly KeyEncryptionKey[]): Promise<Keyring> {
  const wrapping = makeWrapping(keks)
  const fresh = keyNames.map((name) => {
    const { kekId, wrapped } = wrapping.wrap(name, randomBytes(32))
    return { name, kek_id: kekId, wrapped }
  })
  await db
    .insertInto('keyring')
    .values(fresh)
    .onConflict((c) => c.column('name').doNothing())
    .execute()
  const rows = await db.selectFrom('keyring').select(['name', 'kek_id', 'wrapped']).execute()
  const keys = new Map(rows.map((row) => [row.name, wrapping.unwrap(row.name, row.kek_id, row.wrapped)]))
  return {
    ...wrapping,
    key(name) {
      const key = keys.get(name)
      if (!key) throw new Error(`keyring lacks ${name}`)
      return key
    },
  }
}

function makeWrapping(keks: readonly KeyEncryptionKey[]): Pick<Keyring, 'wrap' | 'unwrap' | 'activeKek'> {
  const byId = new Map(keks.map(({ id, key }) => [id, Buffer.from(key.reveal(), 'base64')]))
  const active = keks[0]
  if (!active) throw new Error('no key-encryption key is configured')
  const place = (name: string) => ({ table: 'keyring', column: 'wrapped', key: name })
  return {
    activeKek: active.id,
    wrap: (name, key) => ({ kekId: active.id, wrapped: seal(byId.get(active.id)!, place(name), key) }),
    unwrap(name, kekId, wrapped) {
      const kek = byId.get(kekId)
      if (!kek) throw new KeyLost(`key-encryption key "${kekId}" is needed to open ${name} but is not configured`)
      try {
        return open(kek, place(name), wrapped)
      } catch {
        throw new KeyLost(`key-encryption key "${kekId}" does not open ${name}: it is not the key that wrapped it`)
      }
    },
  }
}

/** A row of `data_keys`, for queries that join it. */
export interface WrappedKey {
  readonly kek_id: string
  readonly wrapped: Uint8Array
}

/** The data key of each account: everything sealed about a person opens with it, and erasure destroys it. */
export interface DataKeys {
  /** @param handle the transaction, inside one: the key of a new account is not visible outside it yet */
  of(oid: number, handle?: Db | Tx): Promise<Buffer>
  /** Opens a key that was read together with what it seals, which saves a query. */
  opened(oid: number, row: WrappedKey): Buffer
  /** Makes and stores the data key of a new account, or adopts the one its draft was sealed with. */
  create(tx: Tx, oid: number, key?: Buffer): Promise<Buffer>
  /** The account is erased: this process has its key no longer. Others forget it within seconds. */
  forget(oid: number): void
}

const CACHED_KEYS = 10_000
/** An erased account's key is gone from every process within 5 seconds, the time of reading it included; a request under way keeps its own. */
const CACHE_MS = 4_000

/** Under what name an account's data key is wrapped. */
export const dataKeyName = (oid: number) => `data:${oid}`

interface CachedKey {
  readonly key: Buffer
  /** The key-encryption key that its row names. */
  readonly kekId: string
  until: number
}

/** Unwrapped data keys stay in memory for some seconds after their row was read last, so no process has to be told of an erasure. */
export function makeDataKeys(db: Db, keyring: Keyring): DataKeys {
  const cache = new Map<number, CachedKey>()
  const cached = (oid: number) => {
    const known = cache.get(oid)
    return known && known.until > performance.now() ? known : undefined
  }
  /** Forgotten also where nobody asks for it again. */
  function forgetLater(oid: number, entry: CachedKey): void {
    const look = () => {
      if (cache.get(oid) !== entry) return
      if (entry.until > performance.now()) forgetLater(oid, entry)
      else cache.delete(oid)
    }
    setTimeout(look, entry.until - performance.now()).unref()
  }
  const opened = (oid: number, { kek_id: kekId, wrapped }: WrappedKey) => {
    const until = performance.now() + CACHE_MS
    const known = cached(oid)
    // Its row was read just now, so it is not erased.
    if (known?.kekId === kekId) {
      known.until = until
      return known.key
    }
    cache.delete(oid)
    const entry = { key: keyring.unwrap(dataKeyName(oid), kekId, wrapped), kekId, until }
    if (cache.size >= CACHED_KEYS) cache.delete(cache.keys().next().value!)
    cache.set(oid, entry)
    forgetLater(oid, entry)
    return entry.key
  }
  /** However long a request takes, it asks once: whether it asks again would tell that there is an account. */
  const keptByRequest = (oid: number, row: WrappedKey) => {
    const key = opened(oid, row)
    units.getStore()?.reads.set(dataKeyName(oid), Promise.resolve(key))
    return key
  }
  return {
    opened: keptByRequest,
    async of(oid, handle = db) {
      const known = cached(oid)?.key ?? units.getStore()?.reads.get(dataKeyName(oid))
      if (known) return known as Promise<Buffer> | Buffer
      const row = await handle
        .selectFrom('data_keys')
        .select(['kek_id', 'wrapped'])
        .where('oid', '=', oid)
        .executeTakeFirst()
      if (!row) throw new Error(`account ${oid} has no data key`)
      return keptByRequest(oid, row)
    },
    async create(tx, oid, key = randomBytes(32)) {
      const { kekId, wrapped } = keyring.wrap(dataKeyName(oid), key)
      await tx.insertInto('data_keys').values({ oid, kek_id: kekId, wrapped }).execute()
      return key
    },
    forget(oid) {
      cache.delete(oid)
      units.getStore()?.reads.delete(dataKeyName(oid))
    },
  }
}
