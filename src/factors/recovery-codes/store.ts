import type { Clock } from '#src/kernel/clock.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import { defineRead } from '#src/store/reads.ts'
import type { Store, Tx } from '#src/store/store.ts'
import type { Undone } from '../factor.ts'

/** The set that counts. */
export interface RecoverySet {
  readonly id: string
  readonly madeAt: Date
  /** How many of its codes are unspent. */
  readonly left: number
}

interface SetRow {
  readonly id: string
  readonly made_at: Date
  readonly unspent: number
}

const current = defineRead<SetRow>({
  name: 'recovery_sets',
  parameters: { oid: 'int' },
  sql: `select s.id, s.made_at, (select count(*)::int from recovery_codes c
      where c.oid = s.oid and c.set_id = s.id and c.spent_at is null) as unspent
    from recovery_sets s where s.oid = key.oid and s.removed_at is null`,
})

export interface RecoveryStore {
  current(oid: AccountId): Promise<RecoverySet | undefined>
  /** Whether the code can still be spent. */
  isUnspent(oid: AccountId, digest: string): Promise<boolean>
  /** Spends a code of the set that counts. @returns how many are left, or undefined when there was nothing to spend */
  spend(tx: Tx, oid: AccountId, digest: string): Promise<number | undefined>
  /**
   * Puts a set in the place of the one that counts.
   * @param former the id of that one, if any
   * @returns false when another one counts by now
   */
  replace(tx: Tx, oid: AccountId, former: string | undefined, made: NewSet): Promise<boolean>
  /** Ends the set that counts. */
  remove(tx: Tx, oid: AccountId, origin: string): Promise<boolean>
  undo(tx: Tx, oid: AccountId, origins: readonly string[], what?: Undone): Promise<number>
}

export interface NewSet {
  readonly id: string
  readonly origin: string
  readonly digests: readonly string[]
}

export function makeRecoveryStore({ store, clock }: { store: Store; clock: Clock }): RecoveryStore {
  /** Whoever changes which set counts goes one after the other. */
  const lock = (tx: Tx, oid: AccountId) =>
    tx.selectFrom('accounts').select('oid').where('oid', '=', oid).forUpdate().execute()

  const unspentOf = (handle: Tx | Store['db'], oid: AccountId) =>
    handle
      .selectFrom('recovery_codes')
      .innerJoin('recovery_sets', (join) =>
        join
          .onRef('recovery_sets.oid', '=', 'recovery_codes.oid')
          .onRef('recovery_sets.id', '=', 'recovery_codes.set_id'),
      )
      .where('recovery_codes.oid', '=', oid)
      .where('spent_at', 'is', null)
      .where('removed_at', 'is', null)

  async function remove(tx: Tx, oid: AccountId, origin: string): Promise<boolean> {
    const { numUpdatedRows } = await tx
      .updateTable('recovery_sets')
      .set({ removed_at: clock.now(), removed_origin: origin })
      .where('oid', '=', oid)
      .where('removed_at', 'is', null)
      .executeTakeFirst()
    return numUpdatedRows > 0n
  }

  return {
    async current(oid) {
      const [row] = await store.read(current, [oid])
      return row && { id: row.id, madeAt: row.made_at, left: row.unspent }
    },
    async isUnspent(oid, digest) {
      const row = await unspentOf(store.db, oid).select('digest').where('digest', '=', digest).executeTakeFirst()
      return row !== undefined
    },
    async spend(tx, oid, digest) {
      const spent = await tx
        .updateTable('recovery_codes')
        .set({ spent_at: clock.now() })
        .where('oid', '=', oid)
        .where('digest', '=', digest)
        .where('spent_at', 'is', null)
        .where('set_id', '=', (query) =>
          query.selectFrom('recovery_sets').select('id').where('oid', '=', oid).where('removed_at', 'is', null),
        )
        .returning('set_id')
        .executeTakeFirst()
      if (!spent) return undefined
      const left = await unspentOf(tx, oid).select('digest').execute()
      return left.length
    },
    async replace(tx, oid, former, { id, origin, digests }) {
      await lock(tx, oid)
      const counts = await tx
        .selectFrom('recovery_sets')
        .select('id')
        .where('oid', '=', oid)
        .where('removed_at', 'is', null)
        .executeTakeFirst()
      if (counts?.id !== former) return false
      await remove(tx, oid, origin)
      await tx
        .insertInto('recovery_sets')
        .values({ oid, id, made_at: clock.now(), added_origin: origin, removed_at: null, removed_origin: null })
        .execute()
      await tx
        .insertInto('recovery_codes')
        .values(digests.map((digest) => ({ oid, digest, set_id: id, spent_at: null })))
        .execute()
      return true
    },
    async remove(tx, oid, origin) {
      await lock(tx, oid)
      return remove(tx, oid, origin)
    },
    async undo(tx, oid, origins, what = 'all') {
      await lock(tx, oid)
      const added = await tx
        .deleteFrom('recovery_sets')
        .where('oid', '=', oid)
        .where('added_origin', 'in', [...origins])
        .executeTakeFirst()
      if (what === 'added') return Number(added.numDeletedRows)
      // Of the sets that ended there the last one comes back, unless the owner has made another since.
      const former = await tx
        .selectFrom('recovery_sets')
        .select('id')
        .where('oid', '=', oid)
        .where('removed_origin', 'in', [...origins])
        .where((e) =>
          e.not(
            e.exists(
              e
                .selectFrom('recovery_sets as now')
                .select('now.id')
                .where('now.oid', '=', oid)
                .where('now.removed_at', 'is', null),
            ),
          ),
        )
        .orderBy('removed_at', 'desc')
        .limit(1)
        .executeTakeFirst()
      if (former)
        await tx
          .updateTable('recovery_sets')
          .set({ removed_at: null, removed_origin: null })
          .where('oid', '=', oid)
          .where('id', '=', former.id)
          .execute()
      return Number(added.numDeletedRows) + (former ? 1 : 0)
    },
  }
}
