import type { Clock } from '#src/kernel/clock.ts'
import { type AccountId, NOBODY } from '#src/kernel/ids.ts'
import type { DataKeys, WrappedKey } from '#src/store/keyring.ts'
import { defineRead } from '#src/store/reads.ts'
import { open, seal } from '#src/store/seal.ts'
import type { Store, Tx } from '#src/store/store.ts'
import type { PasswordHasher } from './hash.ts'

/** Stored passwords: PHC strings, sealed, so that a dump gives nothing to try guesses on. */
export interface Passwords {
  enrol(tx: Tx, oid: AccountId, phc: string): Promise<void>
  isEnrolled(oid: AccountId): Promise<boolean>
  /** Does the same work, one look-up and one hash, for an account that does not exist. */
  matches(oid: AccountId | undefined, password: string): Promise<boolean>
}

const find = defineRead<{ hash: Uint8Array } & WrappedKey>({
  name: 'passwords',
  parameters: { oid: 'int' },
  sql: 'select p.hash, d.kek_id, d.wrapped from passwords p join data_keys d on d.oid = p.oid where p.oid = key.oid',
})
const place = (oid: AccountId) => ({ table: 'passwords', column: 'hash', key: oid })

/** Longer input is refused before it is hashed; the rules allow 128 characters. */
const MAX_CHARACTERS = 1024

export async function makePasswords(deps: {
  store: Store
  dataKeys: DataKeys
  hasher: PasswordHasher
  clock: Clock
}): Promise<Passwords> {
  const { store, dataKeys, hasher, clock } = deps
  const decoy = await hasher.hash(`nobody's password ${Math.random()}`)
  const read = async (oid: AccountId) => (await store.read(find, [oid]))[0]
  return {
    async enrol(tx, oid, phc) {
      const row = { hash: seal(await dataKeys.of(oid, tx), place(oid), phc), set_at: clock.now() }
      await tx
        .insertInto('passwords')
        .values({ oid, ...row })
        .onConflict((conflict) => conflict.column('oid').doUpdateSet(row))
        .execute()
    },
    isEnrolled: async (oid) => (await read(oid)) !== undefined,
    async matches(oid, password) {
      const row = await read(oid ?? NOBODY)
      const phc =
        row && oid !== undefined ? open(dataKeys.opened(oid, row), place(oid), row.hash).toString('utf8') : decoy
      const same = await hasher.verify(phc, password.slice(0, MAX_CHARACTERS))
      return same && row !== undefined && password.length <= MAX_CHARACTERS
    },
  }
}
