import { sql } from 'kysely'
import type { Logger } from 'pino'
import type { Journal } from '#src/journal/journal.ts'
import { addSeconds, type Clock } from '#src/kernel/clock.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import { randomBytes } from '#src/kernel/random.ts'
import { type DataKeys, KeyLost } from '#src/store/keyring.ts'
import type { Store, Tx } from '#src/store/store.ts'
import { units } from '#src/store/unit.ts'
import type { OwnerNotices } from '../owner-notices.ts'
import { accountErased, erasureBegun, erasureOrdered } from './events.ts'
import { dueFor, findClosing, hasNotices, isWaiting, lockAccount, lockClosing } from './store.ts'
import { erasedTables } from './tables.ts'

const BATCH = 100
/** The last message is given up then: the key that opens it is not kept for it any longer. */
export const FAREWELL_SECONDS = 3600
const FAREWELL = 'account_erased'

/** Tables by which somebody finds the account from outside. */
const findable = ['identifiers', 'webauthn_owners', 'detachments'] as const

export interface Erasure {
  /** Goes on with every erasure that is due; any number of processes may do so at once. */
  eraseDue(): Promise<void>
  /**
   * Begins at once, whatever the state of the account: a court or the law wants it. The rest follows as soon as the last message is sent,
   * within an hour at most. Whose data key nobody can open any more gets no last message; that key is not needed for anything else.
   * @returns false when it has begun already
   */
  order(oid: AccountId, acting: { readonly actor: string; readonly reason: string }): Promise<boolean>
}

export function makeErasure(deps: {
  store: Store
  dataKeys: Pick<DataKeys, 'forget'>
  ownerNotices: Pick<OwnerNotices, 'ownerOf' | 'tell'>
  journal: Pick<Journal, 'record'>
  clock: Clock
  log: Pick<Logger, 'error'>
  /** Ends what state registries, operators or the post are still asked about the account. */
  endRequests: (tx: Tx, oid: AccountId) => Promise<void>
  /** Ends all sessions, tokens and consents; relying parties are told. */
  endAccess: (oid: AccountId) => Promise<void>
}): Erasure {
  const { store, dataKeys, ownerNotices, journal, clock, log, endRequests, endAccess } = deps

  /** The owner hears of it last, and somebody else can register with the phone, e-mail, SNILS and document. */
  async function begin(oid: AccountId): Promise<void> {
    const owner = await unlessLost(() => ownerNotices.ownerOf(oid))
    if (!owner) log.error({}, 'account erased without a last message: its data key cannot be opened')
    await store.tx(async (tx) => {
      const closing = await lockClosing(tx, oid)
      if (!closing || closing.farewellAt || closing.eraseAt > clock.now()) return
      await tx.updateTable('closings').set({ farewell_at: clock.now(), warn_at: null }).where('oid', '=', oid).execute()
      if (owner) await ownerNotices.tell(tx, owner, { kind: FAREWELL, values: {}, ttlSeconds: FAREWELL_SECONDS })
      for (const table of findable) await deleteOf(tx, table, oid)
      await journal.record(tx, erasureBegun({ erased: oid }))
    })
  }

  /** @returns whether it is erased now, by this process */
  async function finish(oid: AccountId): Promise<boolean> {
    return store.tx(async (tx) => {
      const closing = await lockClosing(tx, oid)
      if (!closing?.farewellAt || closing.erasedAt) return false
      const patient = addSeconds(closing.farewellAt, FAREWELL_SECONDS) > clock.now()
      if (patient && ((await isWaiting(tx, oid, FAREWELL)) || (await hasNotices(tx, oid)))) return false
      let rows = 0
      for (const table of Object.keys(erasedTables) as (keyof typeof erasedTables)[])
        rows += await deleteOf(tx, table, oid)
      await tx.updateTable('accounts').set({ state_reason: null }).where('oid', '=', oid).execute()
      // A key of nobody in its place first: a copy that follows the log row by row is left with nothing else.
      await tx
        .updateTable('data_keys')
        .set({ wrapped: randomBytes(61) })
        .where('oid', '=', oid)
        .execute()
      await tx.deleteFrom('data_keys').where('oid', '=', oid).execute()
      await tx.updateTable('closings').set({ erased_at: clock.now(), ending_at: null }).where('oid', '=', oid).execute()
      await journal.record(tx, accountErased({ erased: oid, cause: closing.cause, rows: String(rows) }))
      return true
    })
  }

  /** Deleted rows stay in their pages until then: those of keys, and of the drafts that had the same key before. */
  const vacuum = () => store.script('vacuum data_keys, drafts')

  async function goOn(oid: AccountId): Promise<boolean> {
    const closing = await findClosing(store.db, oid)
    if (!closing?.farewellAt) {
      // Of the sign-in too in which its owner has looked at the way back, or whatever an order found open.
      await unlessLost(() => units.exit(() => endAccess(oid)))
      await begin(oid)
    }
    const erased = await finish(oid)
    if (erased) dataKeys.forget(oid)
    return erased
  }

  return {
    async eraseDue() {
      let erased = 0
      // One that fails is tried again by the next run and does not stand in the way of the others.
      for (const oid of await dueFor(store.db, 'erase_at', clock.now(), BATCH))
        erased += Number(
          await goOn(oid).catch((err: unknown) => {
            log.error({ err }, 'account not erased')
            return false
          }),
        )
      if (erased > 0) await vacuum()
    },
    async order(oid, { actor, reason }) {
      const ordered = await store.tx(async (tx) => {
        await lockAccount(tx, oid)
        const closing = await findClosing(tx, oid)
        if (closing?.farewellAt) return false
        const now = clock.now()
        await tx.updateTable('accounts').set({ state: 'closed', state_at: now }).where('oid', '=', oid).execute()
        const times = { ending_at: now, warn_at: null, erase_at: now }
        await tx
          .insertInto('closings')
          .values({ oid, cause: 'operator', closed_at: now, ...times })
          .onConflict((conflict) => conflict.column('oid').doUpdateSet(times))
          .execute()
        await endRequests(tx, oid)
        await journal.record(tx, erasureOrdered({ erased: oid, actor, reason }))
        return true
      })
      if (!ordered) return false
      if (await goOn(oid)) await vacuum()
      return true
    },
  }
}

/** What is sealed cannot be opened any more: sessions and tokens that are found by it open an account that is gone, and expire. */
async function unlessLost<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (fault) {
    if (fault instanceof KeyLost) return undefined
    throw fault
  }
}

async function deleteOf(tx: Tx, table: keyof typeof erasedTables, oid: AccountId): Promise<number> {
  const { numAffectedRows = 0n } = await sql`delete from ${sql.table(table)}
    where ${sql.ref(erasedTables[table])} = ${oid}`.execute(tx)
  return Number(numAffectedRows)
}
