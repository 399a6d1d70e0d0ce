import type { Logger } from 'pino'
import type { Journal } from '#src/journal/journal.ts'
import { addSeconds, type Clock } from '#src/kernel/clock.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import { wordedDate, wordedMoment } from '#src/kernel/locale.ts'
import type { DataKeys } from '#src/store/keyring.ts'
import { seal } from '#src/store/seal.ts'
import type { Store, Tx } from '#src/store/store.ts'
import { units } from '#src/store/unit.ts'
import { accountName, stateReasonPlace } from '../account.ts'
import type { ApplyChange, DelayedChanges } from '../delayed-changes.ts'
import type { Owner, OwnerNotices } from '../owner-notices.ts'
import { accountClosed, accountReopened } from './events.ts'
import { type Closing, type ClosingCause, dueFor, findClosing, lockClosing, recordAgreement } from './store.ts'

export type { Closing, ClosingCause }

/** The kind of the change that closes an account after 72 hours, where less was proven than it takes at once. */
export const ACCOUNT_CLOSE = 'account.close'

const DAY_SECONDS = 86_400
/** So long the owner of a closed account can return (R-A9). */
const RETURN_SECONDS = 30 * DAY_SECONDS
/** So long before the erasure its owner hears of it. */
const WARNING_SECONDS = 7 * DAY_SECONDS
const BATCH = 100

/** Who closes or reopens an account, and where. */
export interface Leaver {
  readonly actor: 'owner' | 'cli'
  /** An operator's, in words. */
  readonly reason?: string
  /** In which sign-in or session; empty where there is none. */
  readonly origin: string
}

export interface ClosingAccounts {
  /** Where the end of an account stands; undefined for one that was not closed. */
  find(oid: AccountId): Promise<Closing | undefined>
  /**
   * Nothing of it is released from that moment on, its sessions, tokens and consents end, its owner is told on every contact.
   * @returns undefined when it was not active
   */
  close(oid: AccountId, cause: ClosingCause, leaver: Leaver): Promise<Closing | undefined>
  /** The same for what waited for 72 hours; sessions and consents follow within seconds. Payload: `{ cause }`. */
  apply: ApplyChange
  /**
   * Its owner has come back, and a closing that waits is over; a withdrawn consent is given anew, which nobody can do for its owner.
   * @returns false when it is not closed, or too late, or somebody else's doing where the consent is missing
   */
  reopen(oid: AccountId, leaver: Leaver): Promise<boolean>
  /** Ends what is left of sessions and consents, for those that this did not happen to at once. */
  endDue(): Promise<void>
  /** Tells owners a week ahead; any number of processes may do so at once. */
  warnDue(): Promise<void>
}

export function makeClosing(deps: {
  store: Store
  dataKeys: Pick<DataKeys, 'of'>
  ownerNotices: Pick<OwnerNotices, 'ownerOf' | 'tell'>
  delayedChanges: Pick<DelayedChanges, 'waiting' | 'stop'>
  journal: Pick<Journal, 'record'>
  clock: Clock
  log: Pick<Logger, 'error'>
  /** Version of the text on the processing of personal data. */
  consentVersion: string
  /** Kinds of waiting changes that lead somebody into the account who has proven less than who closes it at once. */
  overruled: readonly string[]
  /** Ends what state registries, operators or the post are still asked about the account. */
  endRequests: (tx: Tx, oid: AccountId) => Promise<void>
  /** Ends all sessions, tokens and consents; relying parties are told. */
  endAccess: (oid: AccountId) => Promise<void>
}): ClosingAccounts {
  const { store, dataKeys, ownerNotices, delayedChanges, journal, clock, log } = deps
  const { consentVersion, overruled, endRequests, endAccess } = deps

  async function closeIn(tx: Tx, owner: Owner, cause: ClosingCause, leaver: Leaver): Promise<boolean> {
    const { account, settings } = owner
    const { oid } = account
    const now = clock.now()
    const { actor, reason, origin } = leaver
    const key = await dataKeys.of(oid, tx)
    const { numUpdatedRows } = await tx
      .updateTable('accounts')
      .set({
        state: 'closed',
        state_reason: reason === undefined ? null : seal(key, stateReasonPlace(oid), reason),
        state_at: now,
      })
      .where('oid', '=', oid)
      .where('state', '=', 'active')
      .executeTakeFirst()
    if (numUpdatedRows === 0n) return false
    const eraseAt = addSeconds(now, RETURN_SECONDS)
    const warn_at = addSeconds(eraseAt, -WARNING_SECONDS)
    await tx
      .insertInto('closings')
      .values({ oid, cause, closed_at: now, ending_at: now, warn_at, erase_at: eraseAt })
      .execute()
    if (cause === 'withdrawal')
      await recordAgreement(tx, oid, { kind: 'personal_data_withdrawn', version: consentVersion, at: now })
    await endRequests(tx, oid)
    await journal.record(tx, accountClosed({ account: oid, cause, actor, reason: reason ?? '', origin }))
    const values = { date: wordedMoment(eraseAt, settings.locale) }
    await ownerNotices.tell(tx, owner, { kind: 'account_closed', values })
    units.getStore()?.reads.delete(accountName(oid))
    return true
  }

  async function stopWaiting(oid: AccountId, kinds: readonly string[]): Promise<void> {
    for (const { id, kind } of await delayedChanges.waiting(oid))
      if (kinds.includes(kind)) await delayedChanges.stop(oid, id)
  }

  /** Outside the request's unit of work, as nothing may be left undone where the request fails. */
  async function end(oid: AccountId): Promise<void> {
    await units.exit(() => endAccess(oid))
    await store.db.updateTable('closings').set({ ending_at: null }).where('oid', '=', oid).execute()
  }

  async function each(what: 'ending_at' | 'warn_at', work: (oid: AccountId) => Promise<void>): Promise<void> {
    // One that fails is tried again by the next run and does not stand in the way of the others.
    for (const oid of await dueFor(store.db, what, clock.now(), BATCH))
      await work(oid).catch((err: unknown) => log.error({ err, what }, 'closed account not worked on'))
  }

  async function warn(oid: AccountId): Promise<void> {
    const owner = await ownerNotices.ownerOf(oid)
    await store.tx(async (tx) => {
      const row = await tx
        .updateTable('closings')
        .set({ warn_at: null })
        .where('oid', '=', oid)
        .where('warn_at', 'is not', null)
        .returning('erase_at')
        .executeTakeFirst()
      if (!row || row.erase_at <= clock.now()) return
      const values = { date: wordedDate(row.erase_at, owner.settings.locale) }
      await ownerNotices.tell(tx, owner, { kind: 'account_erasure_near', values })
    })
  }

  return {
    find: (oid) => findClosing(store.db, oid),
    async close(oid, cause, leaver) {
      const owner = await ownerNotices.ownerOf(oid)
      if (!(await store.tx((tx) => closeIn(tx, owner, cause, leaver)))) return undefined
      await end(oid)
      await stopWaiting(oid, overruled)
      return findClosing(store.db, oid)
    },
    apply: (tx, owner, payload, origin) =>
      closeIn(tx, owner, (payload as { cause: ClosingCause }).cause, { actor: 'owner', origin }),
    async reopen(oid, { actor, reason = '', origin }) {
      // What is left of the sessions from before must not come back to life.
      const pending = await store.db
        .selectFrom('closings')
        .select('oid')
        .where('oid', '=', oid)
        .where('ending_at', 'is not', null)
        .executeTakeFirst()
      if (pending) await end(oid)
      const closing = await findClosing(store.db, oid)
      if (!closing || closing.erasedAt) return false
      // One that was asked for with less proof before the account was closed at once would close it again.
      await stopWaiting(oid, [ACCOUNT_CLOSE])
      const owner = await ownerNotices.ownerOf(oid)
      return store.tx(async (tx) => {
        const now = clock.now()
        const locked = await lockClosing(tx, oid)
        if (!locked || locked.farewellAt || locked.eraseAt <= now) return false
        if (locked.cause === 'withdrawal' && actor !== 'owner') return false
        const set = { state: 'active', state_reason: null, state_at: now } as const
        await tx.updateTable('accounts').set(set).where('oid', '=', oid).execute()
        await tx.deleteFrom('closings').where('oid', '=', oid).execute()
        if (locked.cause === 'withdrawal')
          await recordAgreement(tx, oid, { kind: 'personal_data', version: consentVersion, at: now })
        await journal.record(tx, accountReopened({ account: oid, actor, reason, origin }))
        await ownerNotices.tell(tx, owner, { kind: 'account_reopened', values: {} })
        units.getStore()?.reads.delete(accountName(oid))
        return true
      })
    },
    endDue: () => each('ending_at', end),
    warnDue: () => each('warn_at', warn),
  }
}
