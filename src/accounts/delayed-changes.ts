import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { Logger } from 'pino'
import type { Journal } from '#src/journal/journal.ts'
import { addSeconds, type Clock } from '#src/kernel/clock.ts'
import { type AccountId, randomTicket, ticketHash } from '#src/kernel/ids.ts'
import { type Locale, type Translate, wordedMoment } from '#src/kernel/locale.ts'
import type { DataKeys } from '#src/store/keyring.ts'
import type { Store, Tx } from '#src/store/store.ts'
import * as changes from './delayed-change-store.ts'
import { changeApplied, changeScheduled, changeStopped } from './events.ts'
import { prolongClosing } from './leaving/store.ts'
import type { Owner, OwnerNotices } from './owner-notices.ts'

/** How long the owner of an account can object to what was asked for with weaker proof than the account has (R-A8, R-D4). */
export const OBJECTION_SECONDS = 72 * 3600
const BATCH = 100

/** A change to an account that its contacts can stop for 72 hours: weaker proof was given for it than the account has. */
export interface DelayedChange {
  readonly id: string
  /** In words: text `change.kind.<kind>`. */
  readonly kind: string
  /** As in `Enrolling.origin`. */
  readonly origin: string
  readonly requestedAt: Date
  readonly dueAt: Date
  /** In more words than the kind has. */
  readonly about?: changes.About
}

/** What a change is, for whoever reads it. */
export const changeInWords = ({ kind, about }: Pick<DelayedChange, 'kind' | 'about'>, t: Translate): string =>
  about ? t(about.key, about.values) : t(`change.kind.${kind}`)

export interface WantedChange {
  readonly kind: string
  /** JSON, sealed with the account's key. */
  readonly payload: unknown
  /** As in `Enrolling.origin`. */
  readonly origin: string
  /** What notices and pages say in place of the kind's own words. */
  readonly about?: changes.About
}

/**
 * Carries a change out when its time has come. What it relies on it looks up in `tx`: `owner` was read before, and other things may have
 * changed in 72 hours. @returns false when there is nothing left to change
 */
export type ApplyChange = (tx: Tx, owner: Owner, payload: unknown, origin: string) => Promise<boolean>

export interface DelayedChanges {
  /**
   * In the transaction of what asked for it. The owner is told at once on every contact, with a link that stops it by POST (page of ours,
   * no sign-in), and again when it is done.
   * @throws Error for a kind that nothing carries out
   */
  schedule(tx: Tx, owner: Owner, change: WantedChange): Promise<DelayedChange>
  /** The same unless just that waits already. @returns undefined if it does; of two at once one is scheduled */
  scheduleOnce(tx: Tx, owner: Owner, change: WantedChange): Promise<DelayedChange | undefined>
  /** The change that waits for just that. */
  waitingFor(
    oid: AccountId,
    change: Pick<WantedChange, 'kind' | 'payload'>,
    handle?: Tx,
  ): Promise<DelayedChange | undefined>
  /** What waits for this account, the soonest first. */
  waiting(oid: AccountId, handle?: Tx): Promise<DelayedChange[]>
  /** The owner stops it from the cabinet. @returns false when it is over */
  stop(oid: AccountId, id: string): Promise<boolean>
  /** Stops what was asked for in these sign-ins or sessions. */
  stopFrom(tx: Tx, oid: AccountId, origins: readonly string[]): Promise<number>
  /** What the link of a notice can still stop. Changes nothing. */
  find(ticket: string): Promise<DelayedChange | undefined>
  /** Whoever has a notice stops it. @returns false for a ticket that is wrong, used, or too late */
  stopByTicket(ticket: string): Promise<boolean>
  /** Carries out what is due; any number of processes may do so at once. */
  applyDue(): Promise<void>
  /** @throws Error when something waits that nothing carries out: the start shall fail, and not the change in three days */
  check(): Promise<void>
}

export interface DelayedChangesDeps {
  readonly store: Store
  readonly dataKeys: Pick<DataKeys, 'of'>
  readonly ownerNotices: OwnerNotices
  readonly journal: Pick<Journal, 'record'>
  readonly clock: Clock
  readonly log: Pick<Logger, 'error'>
  /** Origin of the links in notices. */
  readonly issuer: URL
  readonly translate: (locale: Locale) => Translate
  /** By kind; each has a text `change.kind.<kind>`. */
  readonly appliers: Readonly<Record<string, ApplyChange>>
  /** Kinds that are carried out for a closed account, too, whose erasure waits for them: they lead its owner back. All others come to nothing there. */
  readonly alsoClosed: readonly string[]
}

/** Why a change does not come about: by the link of a notice, in the cabinet, "this was not me", nothing left to change, account not active. */
type StopReason = 'objected' | 'cabinet' | 'not_me' | 'void' | 'inactive'

export function makeDelayedChanges(deps: DelayedChangesDeps): DelayedChanges {
  const { store, dataKeys, ownerNotices, journal, clock, log, issuer, appliers, alsoClosed } = deps

  function applierOf(kind: string): ApplyChange {
    const applier = Object.hasOwn(appliers, kind) ? appliers[kind] : undefined
    if (!applier) throw new Error(`nothing carries out delayed changes of the kind ${kind}`)
    return applier
  }

  const worded = (change: Pick<DelayedChange, 'kind' | 'about'>, { settings: { locale } }: Owner) =>
    changeInWords(change, deps.translate(locale))

  const stopped = (tx: Tx, { oid, kind }: changes.StoredChange, reason: StopReason) =>
    journal.record(tx, changeStopped({ account: oid, kind, reason }))

  async function stopOne(which: changes.Selected, oid: AccountId, reason: StopReason): Promise<boolean> {
    // Reads stand before the transaction: inside it only its own handle may be used.
    const owner = await ownerNotices.ownerOf(oid)
    return store.tx(async (tx) => {
      const [change] = await changes.stopWaiting(tx, which)
      if (!change) return false
      await stopped(tx, change, reason)
      await ownerNotices.tell(tx, owner, { kind: 'change_stopped', values: { what: worded(change, owner) } })
      return true
    })
  }

  async function apply(change: changes.StoredChange): Promise<void> {
    const { oid, kind, origin } = change
    const applier = applierOf(kind)
    const owner = await ownerNotices.ownerOf(oid)
    await store.tx(async (tx) => {
      const locked = await changes.lockWaiting(tx, dataKeys, change)
      if (!locked) return
      const what = worded({ kind, ...(locked.about && { about: locked.about }) }, owner)
      const { state } = owner.account
      const active = state === 'active' || (state === 'closed' && alsoClosed.includes(kind))
      if (!active || !(await applier(tx, owner, locked.payload, origin))) {
        await changes.settle(tx, change, 'stopped')
        await ownerNotices.tell(tx, owner, { kind: 'change_void', values: { what } })
        return stopped(tx, change, active ? 'void' : 'inactive')
      }
      await changes.settle(tx, change, 'done')
      await journal.record(tx, changeApplied({ account: oid, kind, origin }))
      await ownerNotices.tell(tx, owner, { kind: 'change_done', values: { what } })
    })
  }

  const delayedChanges: DelayedChanges = {
    async schedule(tx, owner, { kind, payload, origin, about }) {
      applierOf(kind)
      const { oid } = owner.account
      const requestedAt = clock.now()
      const dueAt = addSeconds(requestedAt, OBJECTION_SECONDS)
      const change: DelayedChange = { id: randomUUID(), kind, origin, requestedAt, dueAt, ...(about && { about }) }
      const ticket = randomTicket()
      await changes.insertWaiting(tx, dataKeys, { ...change, oid, ticketHash: ticketHash(ticket), payload })
      if (alsoClosed.includes(kind)) await prolongClosing(tx, oid, { dueAt: change.dueAt, now: requestedAt })
      await journal.record(tx, changeScheduled({ account: oid, kind, origin }))
      await ownerNotices.tell(tx, owner, {
        kind: 'change_scheduled',
        values: {
          what: worded(change, owner),
          date: wordedMoment(change.dueAt, owner.settings.locale),
          link: `${issuer.origin}/changes/${ticket}`,
        },
        ttlSeconds: OBJECTION_SECONDS,
      })
      return change
    },
    async scheduleOnce(tx, owner, change) {
      const { oid } = owner.account
      await changes.lockAccount(tx, oid)
      const already = await delayedChanges.waitingFor(oid, change, tx)
      return already ? undefined : delayedChanges.schedule(tx, owner, change)
    },
    async waitingFor(oid, { kind, payload }, handle) {
      const all = await changes.openWaiting(handle ?? store.db, dataKeys, { oid, kind })
      return all.find((one) => isDeepStrictEqual(one.payload, payload))?.change
    },
    waiting: (oid, handle) => changes.listWaiting(handle ?? store.db, dataKeys, oid),
    stop: (oid, id) => stopOne({ oid, id }, oid, 'cabinet'),
    async stopFrom(tx, oid, origins) {
      const found = await changes.stopWaiting(tx, { oid, origins })
      for (const change of found) await stopped(tx, change, 'not_me')
      return found.length
    },
    find: (ticket) => changes.findWaiting(store.db, dataKeys, ticketHash(ticket)),
    async stopByTicket(ticket) {
      const which = { ticketHash: ticketHash(ticket) }
      const change = await changes.findWaiting(store.db, dataKeys, which.ticketHash)
      return change !== undefined && stopOne(which, change.oid, 'objected')
    },
    async applyDue() {
      for (const change of await changes.listDue(store.db, clock.now(), BATCH)) {
        try {
          await apply(change)
        } catch (err) {
          // One that fails is tried again by the next run and does not stand in the way of the others.
          log.error({ err, kind: change.kind }, 'delayed change not carried out')
        }
      }
    },
    async check() {
      const kinds = await changes.waitingKinds(store.db)
      for (const kind of kinds) applierOf(kind)
    },
  }
  return delayedChanges
}
