import type { Journal } from '#src/journal/journal.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import type { Keyring } from '#src/store/keyring.ts'
import { open, seal } from '#src/store/seal.ts'
import type { Store, Tx } from '#src/store/store.ts'
import { tokensImported } from './events.ts'
import type { Seed } from './seeds.ts'

/** OATH tokens that the operator bought: whoever holds one adds it by its serial number and a code of it. */
export interface HardwareTokens {
  /** Serial numbers that are known stay as they are. @returns how many were new */
  import(seeds: readonly Seed[], actor: string): Promise<number>
  /** Whether there is any that nobody has taken. */
  any(): Promise<boolean>
  secretOf(serial: string): Promise<Buffer | undefined>
  /** Of two people who take one token the second gets false. */
  take(tx: Tx, serial: string, oid: AccountId): Promise<boolean>
}

const place = (serial: string) => ({ table: 'hardware_tokens', column: 'secret', key: serial })

export function makeHardwareTokens(deps: {
  store: Store
  keyring: Keyring
  journal: Pick<Journal, 'record'>
  clock: Clock
}): HardwareTokens {
  const { store, keyring, journal, clock } = deps
  const key = () => keyring.key('hardware_tokens')
  return {
    import: (seeds, actor) =>
      store.tx(async (tx) => {
        const rows = seeds.map(({ serial, secret }) => ({
          serial,
          secret: seal(key(), place(serial), secret),
          imported_at: clock.now(),
          oid: null,
          taken_at: null,
        }))
        const added = await tx
          .insertInto('hardware_tokens')
          .values(rows)
          .onConflict((conflict) => conflict.column('serial').doNothing())
          .returning('serial')
          .execute()
        await journal.record(tx, tokensImported({ tokens: String(added.length), actor }))
        return added.length
      }),
    async any() {
      const row = await store.db
        .selectFrom('hardware_tokens')
        .select('serial')
        .where('oid', 'is', null)
        .limit(1)
        .executeTakeFirst()
      return row !== undefined
    },
    async secretOf(serial) {
      const row = await store.db
        .selectFrom('hardware_tokens')
        .select('secret')
        .where('serial', '=', serial)
        .where('oid', 'is', null)
        .executeTakeFirst()
      return row?.secret ? open(key(), place(serial), row.secret) : undefined
    },
    async take(tx, serial, oid) {
      const { numUpdatedRows } = await tx
        .updateTable('hardware_tokens')
        // From here on the account has the seed, sealed with its own key.
        .set({ oid, taken_at: clock.now(), secret: null })
        .where('serial', '=', serial)
        .where('oid', 'is', null)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },
  }
}
