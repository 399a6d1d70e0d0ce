import type { Clock } from '#src/kernel/clock.ts'
import { type AccountId, NOBODY, randomTicket } from '#src/kernel/ids.ts'
import type { DataKeys, WrappedKey } from '#src/store/keyring.ts'
import { defineRead } from '#src/store/reads.ts'
import { open, seal } from '#src/store/seal.ts'
import type { Store, Tx } from '#src/store/store.ts'
import { readOnce } from '#src/store/unit.ts'
import type { PasswordHasher } from './hash.ts'

/** What is known of a password beside the password. */
export interface PasswordStanding {
  readonly setAt: Date
  /** When the owner was last reminded to change it. */
  readonly advisedAt: Date | undefined
  /** Why it has to be changed before the next sign-in ends: a short code. */
  readonly mustChange: string | undefined
}

/** Stored passwords: PHC strings, sealed, so that a dump gives nothing to try guesses on. */
export interface Passwords {
  enrol(tx: Tx, oid: AccountId, phc: string): Promise<void>
  isEnrolled(oid: AccountId): Promise<boolean>
  standing(oid: AccountId): Promise<PasswordStanding | undefined>
  /** Does the same work, one look-up and one hash, for an account that does not exist. */
  matches(oid: AccountId | undefined, password: string): Promise<boolean>
  /** Asks for a change at the next sign-in. @param reason a short code */
  demandChange(tx: Tx, oid: AccountId, reason: string): Promise<void>
  /** Nobody's any more: it was set by somebody else. The account has a password as before, which no input matches; recovery sets another. */
  disable(tx: Tx, oid: AccountId): Promise<void>
  /** The owner was reminded and put it off. */
  putOff(oid: AccountId): Promise<void>
}

interface Row extends WrappedKey {
  hash: Uint8Array
  set_at: Date
  advised_at: Date | null
  must_change: string | null
}

const find = defineRead<Row>({
  name: 'passwords',
  parameters: { oid: 'int' },
  sql: `select p.hash, p.set_at, p.advised_at, p.must_change, d.kek_id, d.wrapped
    from passwords p join data_keys d on d.oid = p.oid where p.oid = key.oid`,
})

/** Where a password stands sealed. */
export const passwordPlace = (oid: AccountId) => ({ table: 'passwords', column: 'hash', key: oid })

/** Longer input is refused before it is hashed; the rules allow 128 characters. */
const MAX_CHARACTERS = 1024

export async function makePasswords(deps: {
  store: Store
  dataKeys: DataKeys
  hasher: PasswordHasher
  clock: Clock
}): Promise<Passwords> {
  const { store, dataKeys, hasher, clock } = deps
  const decoy = await hasher.hash(randomTicket())
  const read = (oid: AccountId) => readOnce(`password:${oid}`, async () => (await store.read(find, [oid]))[0])
  return {
    async enrol(tx, oid, phc) {
      const row = { hash: seal(await dataKeys.of(oid, tx), passwordPlace(oid), phc), set_at: clock.now() }
      await tx
        .insertInto('passwords')
        .values({ oid, ...row })
        .onConflict((conflict) => conflict.column('oid').doUpdateSet(row))
        .execute()
    },
    isEnrolled: async (oid) => (await read(oid)) !== undefined,
    async standing(oid) {
      const row = await read(oid)
      return (
        row && {
          setAt: row.set_at,
          advisedAt: row.advised_at ?? undefined,
          mustChange: row.must_change ?? undefined,
        }
      )
    },
    async matches(oid, password) {
      const row = await read(oid ?? NOBODY)
      const phc =
        row && oid !== undefined
          ? open(dataKeys.opened(oid, row), passwordPlace(oid), row.hash).toString('utf8')
          : decoy
      const same = await hasher.verify(phc, password.slice(0, MAX_CHARACTERS))
      return same && row !== undefined && password.length <= MAX_CHARACTERS
    },
    async demandChange(tx, oid, reason) {
      await tx.updateTable('passwords').set({ must_change: reason }).where('oid', '=', oid).execute()
    },
    async disable(tx, oid) {
      const hash = seal(await dataKeys.of(oid, tx), passwordPlace(oid), decoy)
      await tx.updateTable('passwords').set({ hash }).where('oid', '=', oid).execute()
    },
    async putOff(oid) {
      await store.db.updateTable('passwords').set({ advised_at: clock.now() }).where('oid', '=', oid).execute()
    },
  }
}
