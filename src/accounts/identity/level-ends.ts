import { addSeconds, type Clock } from '#src/kernel/clock.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import type { Store, Tx } from '#src/store/store.ts'
import type { Accounts } from '../accounts.ts'
import { dateOf, formatDate } from '../fields/date.ts'
import type { OwnerNotices } from '../owner-notices.ts'
import type { LevelTold } from './level-told.ts'

const DAY_SECONDS = 86_400
/** How long ahead the owner hears that a level ends. */
const WARNING_SECONDS = 30 * DAY_SECONDS
const BATCH = 100

/** Remembers that the level may end then, in the transaction that puts the evidence on record. */
export async function rememberEnd(tx: Tx, oid: AccountId, at: Date): Promise<void> {
  const warn_at = addSeconds(at, -WARNING_SECONDS)
  await tx
    .insertInto('level_ends')
    .values({ oid, at, warn_at })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** What happens to identity levels by the mere passing of time. */
export interface LevelEnds {
  /** Tells of levels that ended, and of those that will in 30 days; any number of processes may do so at once. */
  tellDue(): Promise<void>
}

export function makeLevelEnds(deps: {
  store: Store
  accounts: Pick<Accounts, 'readIn'>
  ownerNotices: Pick<OwnerNotices, 'ownerOf' | 'tell'>
  levelTold: LevelTold
  clock: Clock
  log: { error(fields: object, text: string): void }
}): LevelEnds {
  const { store, accounts, ownerNotices, levelTold, clock, log } = deps

  /** What the level is just before and at that moment, by the evidence on record now: what was renewed meanwhile has not ended. */
  async function aroundIt(tx: Tx, oid: AccountId, at: Date) {
    const [before, after] = [
      await accounts.readIn(tx, oid, new Date(at.getTime() - 1)),
      await accounts.readIn(tx, oid, at),
    ]
    return { before: before.identity, after: after.identity }
  }

  async function tellEnd(oid: AccountId, at: Date): Promise<void> {
    await store.tx(async (tx) => {
      const { numDeletedRows } = await tx
        .deleteFrom('level_ends')
        .where('oid', '=', oid)
        .where('at', '=', at)
        .executeTakeFirst()
      if (numDeletedRows === 0n) return
      const { before, after } = await aroundIt(tx, oid, at)
      await levelTold(tx, oid, before, after, 'expired')
    })
  }

  async function warn(oid: AccountId, at: Date): Promise<void> {
    const owner = await ownerNotices.ownerOf(oid)
    await store.tx(async (tx) => {
      const { numUpdatedRows } = await tx
        .updateTable('level_ends')
        .set({ warn_at: null })
        .where('oid', '=', oid)
        .where('at', '=', at)
        .where('warn_at', 'is not', null)
        .executeTakeFirst()
      if (numUpdatedRows === 0n) return
      const { before, after } = await aroundIt(tx, oid, at)
      if (before.level === after.level) return
      // The last day on which it counts.
      const date = formatDate(dateOf(new Date(at.getTime() - 1)))
      await ownerNotices.tell(tx, owner, { kind: 'level_ends', values: { date } })
    })
  }

  async function each(due: readonly { oid: AccountId; at: Date }[], tell: (oid: AccountId, at: Date) => Promise<void>) {
    // One that fails is tried again by the next run and does not stand in the way of the others.
    for (const { oid, at } of due)
      await tell(oid, at).catch((err: unknown) => log.error({ err }, 'end of an identity level not told'))
  }

  return {
    async tellDue() {
      const now = clock.now()
      // Whoever has closed the account is left in peace, and hears of it when it is open again.
      const ends = store.db
        .selectFrom('level_ends')
        .innerJoin('accounts', 'accounts.oid', 'level_ends.oid')
        .select(['level_ends.oid', 'at'])
        .where('state', '<>', 'closed')
        .limit(BATCH)
      await each(await ends.where('at', '<=', now).orderBy('at').execute(), tellEnd)
      await each(await ends.where('warn_at', '<=', now).where('at', '>', now).orderBy('warn_at').execute(), warn)
    },
  }
}
