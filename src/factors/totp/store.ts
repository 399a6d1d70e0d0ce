import { addSeconds, type Clock } from '#src/kernel/clock.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import type { DataKeys, WrappedKey } from '#src/store/keyring.ts'
import { defineRead } from '#src/store/reads.ts'
import { open, seal } from '#src/store/seal.ts'
import type { Statement } from '#src/store/statement.ts'
import type { Store, Tx } from '#src/store/store.ts'
import type { Undone } from '../factor.ts'

const ENROLMENT_SECONDS = 600

export interface TotpDevice {
  readonly id: string
  readonly name: string | undefined
  readonly secret: Buffer
  /** The time step of the code accepted last. */
  readonly lastStep: number
  readonly addedAt: Date
}

type NewDevice = Pick<TotpDevice, 'id' | 'name' | 'secret' | 'lastStep'> & { readonly origin: string }

interface DeviceRow extends WrappedKey {
  readonly id: string
  readonly secret: Uint8Array
  readonly label: Uint8Array | null
  readonly last_step: number
  readonly added_at: Date
}

const find = defineRead<DeviceRow>({
  name: 'totp_devices',
  parameters: { oid: 'int' },
  sql: `select t.id, t.secret, t.label, t.last_step, t.added_at, d.kek_id, d.wrapped
    from totp_devices t join data_keys d on d.oid = t.oid where t.oid = key.oid and t.removed_at is null
    order by t.added_at, t.id`,
})

const spend: Statement = {
  name: 'totp:spend',
  text: `update totp_devices set last_step = $3
    where oid = $1 and id = $2 and last_step < $3 and removed_at is null returning id`,
}

/** Devices and enrolments under way; secrets and names are sealed with the account's key. */
export interface TotpStore {
  devices(oid: AccountId): Promise<TotpDevice[]>
  /** Whether there is any, unsealing nothing. */
  hasDevice(oid: AccountId): Promise<boolean>
  /** Spends a time step. @returns false when it, or a later one, was spent before */
  spend(oid: AccountId, id: string, step: number): Promise<boolean>
  /** The secret that waits for its first code in this session, or the given one, which waits from now on. */
  pendingOr(oid: AccountId, origin: string, secret: Buffer): Promise<Buffer>
  pending(oid: AccountId, origin: string): Promise<Buffer | undefined>
  /** Ends the enrolment. @returns its secret, once */
  takePending(tx: Tx, oid: AccountId, origin: string): Promise<Buffer | undefined>
  /** @returns false when there are `most` already */
  insert(tx: Tx, oid: AccountId, device: NewDevice, most: number): Promise<boolean>
  rename(tx: Tx, oid: AccountId, id: string, name: string): Promise<boolean>
  remove(tx: Tx, oid: AccountId, id: string, origin: string): Promise<boolean>
  undo(tx: Tx, oid: AccountId, origins: readonly string[], what?: Undone): Promise<number>
}

const secretPlace = (oid: AccountId, id: string) => ({ table: 'totp_devices', column: 'secret', key: `${oid}:${id}` })
const labelPlace = (oid: AccountId, id: string) => ({ table: 'totp_devices', column: 'label', key: `${oid}:${id}` })
const pendingPlace = (oid: AccountId, origin: string) => ({
  table: 'totp_enrolments',
  column: 'secret',
  key: `${oid}:${origin}`,
})

export function makeTotpStore(deps: { store: Store; dataKeys: DataKeys; clock: Clock }): TotpStore {
  const { store, dataKeys, clock } = deps

  async function pending(oid: AccountId, origin: string): Promise<Buffer | undefined> {
    const row = await store.db
      .selectFrom('totp_enrolments')
      .select('secret')
      .where('oid', '=', oid)
      .where('origin', '=', origin)
      .where('expires_at', '>', clock.now())
      .executeTakeFirst()
    return row && open(await dataKeys.of(oid), pendingPlace(oid, origin), row.secret)
  }

  return {
    async devices(oid) {
      const rows = await store.read(find, [oid])
      return rows.map(({ id, secret, label, last_step, added_at, ...wrapped }) => {
        const key = dataKeys.opened(oid, wrapped)
        return {
          id,
          name: label === null ? undefined : open(key, labelPlace(oid, id), label).toString('utf8'),
          secret: open(key, secretPlace(oid, id), secret),
          lastStep: last_step,
          addedAt: added_at,
        }
      })
    },
    hasDevice: async (oid) => (await store.read(find, [oid])).length > 0,
    spend: async (oid, id, step) => (await store.run(spend, [oid, id, step])).length > 0,
    pending,
    async pendingOr(oid, origin, secret) {
      const now = clock.now()
      const row = {
        secret: seal(await dataKeys.of(oid), pendingPlace(oid, origin), secret),
        expires_at: addSeconds(now, ENROLMENT_SECONDS),
      }
      await store.db
        .insertInto('totp_enrolments')
        .values({ oid, origin, ...row })
        .onConflict((conflict) =>
          conflict.columns(['oid', 'origin']).doUpdateSet(row).where('totp_enrolments.expires_at', '<=', now),
        )
        .execute()
      // Of two pages opened at once both show the one that was stored.
      return (await pending(oid, origin)) ?? secret
    },
    async takePending(tx, oid, origin) {
      const row = await tx
        .deleteFrom('totp_enrolments')
        .where('oid', '=', oid)
        .where('origin', '=', origin)
        .where('expires_at', '>', clock.now())
        .returning('secret')
        .executeTakeFirst()
      return row && open(await dataKeys.of(oid, tx), pendingPlace(oid, origin), row.secret)
    },
    async insert(tx, oid, { id, name, secret, lastStep, origin }, most) {
      // Two enrolments at once would both count what was there before.
      await tx.selectFrom('accounts').select('oid').where('oid', '=', oid).forUpdate().execute()
      const present = await tx
        .selectFrom('totp_devices')
        .select('id')
        .where('oid', '=', oid)
        .where('removed_at', 'is', null)
        .execute()
      if (present.length >= most) return false
      const key = await dataKeys.of(oid, tx)
      await tx
        .insertInto('totp_devices')
        .values({
          oid,
          id,
          secret: seal(key, secretPlace(oid, id), secret),
          label: name === undefined ? null : seal(key, labelPlace(oid, id), name),
          last_step: lastStep,
          added_at: clock.now(),
          added_origin: origin,
          removed_at: null,
          removed_origin: null,
        })
        .execute()
      return true
    },
    async rename(tx, oid, id, name) {
      const { numUpdatedRows } = await tx
        .updateTable('totp_devices')
        .set({ label: seal(await dataKeys.of(oid, tx), labelPlace(oid, id), name) })
        .where('oid', '=', oid)
        .where('id', '=', id)
        .where('removed_at', 'is', null)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },
    async remove(tx, oid, id, origin) {
      const { numUpdatedRows } = await tx
        .updateTable('totp_devices')
        .set({ removed_at: clock.now(), removed_origin: origin })
        .where('oid', '=', oid)
        .where('id', '=', id)
        .where('removed_at', 'is', null)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },
    async undo(tx, oid, origins, what = 'all') {
      const added = await tx
        .deleteFrom('totp_devices')
        .where('oid', '=', oid)
        .where('added_origin', 'in', [...origins])
        .executeTakeFirst()
      if (what === 'added') return Number(added.numDeletedRows)
      const removed = await tx
        .updateTable('totp_devices')
        .set({ removed_at: null, removed_origin: null })
        .where('oid', '=', oid)
        .where('removed_origin', 'in', [...origins])
        .executeTakeFirst()
      return Number(added.numDeletedRows + removed.numUpdatedRows)
    },
  }
}
