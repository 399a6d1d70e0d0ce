import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto'
import type { Clock } from '#src/kernel/clock.ts'
import type { Keyring } from '#src/store/keyring.ts'
import { open, seal } from '#src/store/seal.ts'
import type { Store, Tx } from '#src/store/store.ts'
import type { Journal } from '../journal.ts'
import { sealingKeyReplaced } from './events.ts'
import { lock } from './store.ts'

/** A key by its public half, which is its name. */
export interface SealingKey {
  readonly key: string
  readonly madeAt: Date
  /** It signs no longer: its private half is destroyed. */
  readonly retiredAt: Date | undefined
  /** It is one that this installation made, and not one that somebody put into the database. */
  readonly isOurs: boolean
}

/** The keys that sign roots of the journal, Ed25519; one signs, those before it are known for what they signed. */
export interface SealingKeys {
  /** The key that signs, made if there is none; only behind the lock. */
  signing(tx: Tx): Promise<{ readonly key: string; sign(text: string): string }>
  /** The first one first. */
  list(): Promise<SealingKey[]>
  /** Signs with a new key from now on, and destroys the private half of the former one. @returns both, the new one first */
  replace(): Promise<readonly [key: string, former: string | undefined]>
}

const GONE = ''
const place = (key: string) => ({ table: 'journal_keys', column: 'private_key', key })

export function makeSealingKeys(deps: {
  store: Pick<Store, 'db' | 'tx'>
  keyring: Pick<Keyring, 'key'>
  journal: Pick<Journal, 'record'>
  clock: Clock
}): SealingKeys {
  const { store, journal, clock } = deps
  const secret = deps.keyring.key('signing')

  /** @returns the private half, GONE of a key that signs no longer, undefined of one that is not ours */
  function opened(row: { key: string; private_key: Uint8Array }): string | undefined {
    try {
      return open(secret, place(row.key), row.private_key).toString()
    } catch {
      return undefined
    }
  }

  async function make(tx: Tx): Promise<{ key: string; d: string }> {
    const { x: key = '', d = '' } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })
    await tx
      .insertInto('journal_keys')
      .values({ key, private_key: seal(secret, place(key), d), made_at: clock.now(), retired_at: null })
      .execute()
    return { key, d }
  }

  async function current(tx: Tx): Promise<{ key: string; d: string } | undefined> {
    const row = await tx
      .selectFrom('journal_keys')
      .select(['key', 'private_key'])
      .where('retired_at', 'is', null)
      .executeTakeFirst()
    if (!row) return undefined
    const d = opened(row)
    if (!d) throw new Error(`the key ${row.key} that signs the journal is not one of this installation`)
    return { key: row.key, d }
  }

  return {
    async signing(tx) {
      const { key, d } = (await current(tx)) ?? (await make(tx))
      const privateKey = createPrivateKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x: key, d } })
      return { key, sign: (text) => sign(null, Buffer.from(text), privateKey).toString('base64url') }
    },
    async list() {
      const rows = await store.db
        .selectFrom('journal_keys')
        .select(['key', 'private_key', 'made_at', 'retired_at'])
        .orderBy('retired_at')
        .orderBy('made_at')
        .execute()
      return rows.map((row) => ({
        key: row.key,
        madeAt: row.made_at,
        retiredAt: row.retired_at ?? undefined,
        isOurs: opened(row) !== undefined,
      }))
    },
    replace: () =>
      store.tx(async (tx) => {
        await lock(tx)
        const former = await tx
          .selectFrom('journal_keys')
          .select('key')
          .where('retired_at', 'is', null)
          .executeTakeFirst()
        if (former)
          await tx
            .updateTable('journal_keys')
            .set({ retired_at: clock.now(), private_key: seal(secret, place(former.key), GONE) })
            .where('key', '=', former.key)
            .execute()
        const { key } = await make(tx)
        await journal.record(tx, sealingKeyReplaced({ key, former: former?.key ?? '' }))
        return [key, former?.key]
      }),
  }
}
