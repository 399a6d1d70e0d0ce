import type { Clock } from '#src/kernel/clock.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import type { DataKeys } from '#src/store/keyring.ts'
import { open, seal } from '#src/store/seal.ts'
import type { Store, Tx } from '#src/store/store.ts'
import type { PasswordHasher } from './hash.ts'
import { passwordPlace } from './passwords.ts'

/** The passwords of an account over time: the current one, and as many before it as its realm wants remembered. */
export interface PasswordHistory {
  /**
   * Whether a new password is one of the last. One hash each, one after the other: at most `remembered`.
   * @param remembered how many to look at, the current one included
   */
  has(oid: AccountId, password: string, remembered: number): Promise<'current' | 'former' | undefined>
  /**
   * Puts a new password in the place of the current one, which joins the former ones where they are kept.
   * @param ending what has to end with the former password; stays noted until `ended`
   */
  replace(tx: Tx, oid: AccountId, phc: string, options: { remembered: number; ending: Ending }): Promise<void>
  /** Changes whose consequences are not all there yet. */
  unended(): Promise<{ readonly oid: AccountId; readonly ending: Ending }[]>
  ended(oid: AccountId, ending: Ending): Promise<void>
}

/** What a change of password ends: every session of the account but one. */
export interface Ending {
  readonly reason: string
  /** The `ref` of the session that goes on. */
  readonly except?: string
  /** The sign-in that goes on, as in `Enrolling.origin`. */
  readonly signIn?: string
}

const formerPlace = (oid: AccountId, setAt: Date) => ({
  table: 'password_history',
  column: 'hash',
  key: `${oid}:${setAt.toISOString()}`,
})

export function makePasswordHistory(deps: {
  store: Store
  dataKeys: DataKeys
  hasher: PasswordHasher
  clock: Clock
}): PasswordHistory {
  const { store, dataKeys, hasher, clock } = deps

  async function remember(tx: Tx, oid: AccountId, former: { hash: Uint8Array; set_at: Date }): Promise<void> {
    const key = await dataKeys.of(oid, tx)
    const phc = open(key, passwordPlace(oid), former.hash)
    const { set_at } = former
    await tx
      .insertInto('password_history')
      .values({ oid, hash: seal(key, formerPlace(oid, set_at), phc), set_at })
      .execute()
  }

  /** Keeps the newest; what nobody asks for any more is not kept. */
  async function forgetAllBut(tx: Tx, oid: AccountId, count: number): Promise<void> {
    const kept = tx
      .selectFrom('password_history')
      .select('seq')
      .where('oid', '=', oid)
      .orderBy('seq', 'desc')
      .limit(count)
    await tx.deleteFrom('password_history').where('oid', '=', oid).where('seq', 'not in', kept).execute()
  }

  return {
    async has(oid, password, remembered) {
      const key = await dataKeys.of(oid)
      const current = await store.db.selectFrom('passwords').select('hash').where('oid', '=', oid).executeTakeFirst()
      const phc = (place: ReturnType<typeof passwordPlace | typeof formerPlace>, hash: Uint8Array) =>
        open(key, place, hash).toString('utf8')
      if (current && (await hasher.verify(phc(passwordPlace(oid), current.hash), password))) return 'current'
      if (remembered <= 1) return undefined
      const former = await store.db
        .selectFrom('password_history')
        .select(['hash', 'set_at'])
        .where('oid', '=', oid)
        .orderBy('seq', 'desc')
        .limit(remembered - 1)
        .execute()
      for (const { hash, set_at } of former)
        if (await hasher.verify(phc(formerPlace(oid, set_at), hash), password)) return 'former'
      return undefined
    },
    async replace(tx, oid, phc, { remembered, ending }) {
      const former = await tx
        .selectFrom('passwords')
        .select(['hash', 'set_at'])
        .where('oid', '=', oid)
        .forUpdate()
        .executeTakeFirst()
      if (former && remembered > 1) await remember(tx, oid, former)
      await forgetAllBut(tx, oid, remembered - 1)
      const row = {
        hash: seal(await dataKeys.of(oid, tx), passwordPlace(oid), phc),
        set_at: clock.now(),
        advised_at: null,
        must_change: null,
        ending: JSON.stringify(ending),
      }
      await tx
        .insertInto('passwords')
        .values({ oid, ...row })
        .onConflict((conflict) => conflict.column('oid').doUpdateSet(row))
        .execute()
    },
    async unended() {
      const rows = await store.db
        .selectFrom('passwords')
        .select(['oid', 'ending'])
        .where('ending', 'is not', null)
        .execute()
      return rows.map(({ oid, ending }) => ({ oid, ending: JSON.parse(ending!) as Ending }))
    },
    async ended(oid, ending) {
      await store.db
        .updateTable('passwords')
        .set({ ending: null })
        .where('oid', '=', oid)
        .where('ending', '=', JSON.stringify(ending))
        .execute()
    },
  }
}
