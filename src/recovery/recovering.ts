import type { Account } from '#src/accounts/account.ts'
import type { Accounts } from '#src/accounts/accounts.ts'
import type { DelayedChange, DelayedChanges } from '#src/accounts/delayed-changes.ts'
import type { ClosingAccounts } from '#src/accounts/leaving/closing.ts'
import type { OwnerNotices } from '#src/accounts/owner-notices.ts'
import type { Evidence, Worth } from '#src/factors/factor.ts'
import type { CheckedPassword, PasswordChange, PasswordChanging } from '#src/factors/password/changing.ts'
import type { Factors } from '#src/factors/registry.ts'
import type { Journal } from '#src/journal/journal.ts'
import type { Clock } from '#src/kernel/clock.ts'
import { type AccountId, randomTicket } from '#src/kernel/ids.ts'
import type { AuthLevel } from '#src/kernel/levels.ts'
import { highestLevel } from '#src/login/assurance.ts'
import type { Authenticators } from '#src/login/authenticators.ts'
import { readEvidence, storeEvidence } from '#src/login/evidence.ts'
import type { Tx } from '#src/store/store.ts'
import type { Place } from './beginning.ts'
import { PASSWORD_RESET, type PasswordReset } from './delayed-reset.ts'
import { recoveryEnded, recoveryProven } from './events.ts'
import { isEnough, isOver, mayRecover, type Progress, type Step, stepOf } from './recovery.ts'
import type { Recoveries, Recovery } from './store.ts'
import { OTHER_CONTACT, type Way, type Ways } from './ways.ts'

/** Where a recovery stands. */
export interface Situation {
  readonly due: Step
  /** Undefined until the contact is proven. */
  readonly standing: Standing | undefined
}

/** What is known once the contact is proven. */
export interface Standing {
  readonly account: Account
  /** The new password comes into force at once. */
  readonly enough: boolean
  readonly ways: readonly Way[]
  /** The level that the account's authenticators reach. */
  readonly highest: AuthLevel
  /** Resets that wait for their 72 hours. */
  readonly waiting: readonly DelayedChange[]
  /** Of a closed account: until when its owner can take it back. */
  readonly eraseAt: Date | undefined
}

/** The part of a recovery behind the proven contact. */
export interface Recovering {
  /**
   * @returns undefined when the account is gone from it: blocked or erased meanwhile, the contact is not its own any more, or all that was
   * proven before some moment has ended since: with a new password, with all sessions, with "this was not me"
   */
  situation(recovery: Recovery): Promise<Situation | undefined>
  /**
   * A further factor was passed.
   * @returns the browser's new ticket; undefined where another request was faster
   */
  passed(recovery: Recovery, account: Account, evidence: Evidence, place: Place): Promise<string | undefined>
  /** Notes what the owner chose about the way to go. */
  choose(recovery: Recovery, choice: Pick<Progress, 'goesOn' | 'givesUp'>): Promise<void>
  /** The owner stops the resets that wait. */
  stopWaiting(standing: Standing): Promise<void>
  /**
   * Puts the new password in force, or lets it wait for 72 hours where too little was proven. Of two at once one counts.
   * @returns the refusal of the rules, or ok
   */
  setPassword(recovery: Recovery, standing: Standing, password: string, place: Place): Promise<CheckedPassword>
}

export function makeRecovering(deps: {
  accounts: Pick<Accounts, 'find' | 'ownerOf'>
  factors: Factors
  ways: Ways
  recoveries: Recoveries
  delayedChanges: Pick<DelayedChanges, 'schedule' | 'waiting' | 'stop'>
  closing: Pick<ClosingAccounts, 'find'>
  changing: PasswordChanging
  ownerNotices: OwnerNotices
  authenticators: Pick<Authenticators, 'used'>
  journal: Pick<Journal, 'note' | 'record'>
  clock: Clock
}): Recovering {
  const { accounts, factors, ways, recoveries, delayedChanges, changing, ownerNotices, journal, clock } = deps
  const { authenticators, closing } = deps
  const password: Worth = factors.password.best

  async function resets(oid: AccountId, tx?: Tx): Promise<DelayedChange[]> {
    return (await delayedChanges.waiting(oid, tx)).filter(({ kind }) => kind === PASSWORD_RESET)
  }

  async function standingOf(account: Account, progress: Progress): Promise<Standing> {
    const [highest, left, waiting, end] = await Promise.all([
      highestLevel(factors, account.oid),
      ways.left(account, progress),
      resets(account.oid),
      account.state === 'closed' ? closing.find(account.oid) : undefined,
    ])
    return {
      account,
      highest,
      waiting,
      ways: left,
      eraseAt: end?.eraseAt,
      enough: isEnough(readEvidence(progress.proven), password, highest),
    }
  }

  /** As it is in the transaction: checking a password takes its time, in which the owner may have ended everything. */
  async function endingOf(tx: Tx, oid: AccountId): Promise<Date | undefined> {
    const locked = tx.selectFrom('accounts').select('sign_ins_ended_at').where('oid', '=', oid).forUpdate()
    return (await locked.executeTakeFirst())?.sign_ins_ended_at ?? undefined
  }

  async function stopWaiting({ account, waiting }: Standing): Promise<void> {
    for (const { id } of waiting) await delayedChanges.stop(account.oid, id)
  }

  return {
    stopWaiting,
    async situation({ oid, progress }) {
      const { contact, proven, ended } = progress
      // The same look-up whether there is an account or not.
      if (proven.length === 0) return { due: 'code', standing: undefined }
      const account = oid === undefined ? undefined : await accounts.find(oid)
      if (!account || !mayRecover(account)) return undefined
      if (ended === undefined) {
        if ((await accounts.ownerOf(contact.kind, contact.value)) !== oid) return undefined
        if (isOver(progress, account.signInsEndedAt)) return undefined
      }
      const standing = await standingOf(account, progress)
      const { enough, ways: left, waiting } = standing
      return {
        standing,
        due: stepOf(progress, { enough, ways: left.length, waits: waiting.length > 0 }),
      }
    },

    async passed(recovery, { oid }, evidence, place) {
      const ticket = randomTicket()
      const changed = await recoveries.change(recovery, async (_tx, { progress }) => ({
        progress: { ...progress, proven: [...progress.proven, ...storeEvidence([evidence])] },
        ticket,
      }))
      const { kind } = evidence
      // A contact is no authenticator that could be listed with its last use.
      if (kind !== OTHER_CONTACT) await authenticators.used(oid, evidence)
      await journal.note(recoveryProven({ account: oid, kind, by: 'factor', origin: recovery.ref, ...place }))
      return changed ? ticket : undefined
    },

    async choose(recovery, choice) {
      await recoveries.change(recovery, async (_tx, { progress }) => ({
        progress: { ...progress, ...choice },
      }))
    },

    async setPassword(recovery, standing, typed, place) {
      const { account, enough } = standing
      const { oid } = account
      const checked = await changing.check(account, typed)
      if (!checked.ok) return checked
      const owner = await ownerNotices.ownerOf(oid)
      const change: PasswordChange = { way: 'recovery', origin: recovery.ref, ...place }
      const outcome = enough ? 'changed' : 'waits'
      const ended = await recoveries.change(recovery, async (tx, { progress }) => {
        // Another tab has proven more, or given up, since this page was shown: it is shown anew.
        if (progress.proven.length !== recovery.progress.proven.length) return undefined
        if (isOver(progress, await endingOf(tx, oid))) return undefined
        if (enough) await changing.store(tx, owner, checked.phc, change)
        else await schedule(tx, checked.phc)
        await journal.record(tx, recoveryEnded({ account: oid, outcome, origin: recovery.ref, ...place }))
        return { progress: { ...progress, ended: outcome } }
      })
      if (ended && enough) {
        await changing.end(oid, change)
        await stopWaiting(standing)
      }
      return checked

      async function schedule(tx: Tx, phc: string): Promise<void> {
        // Of two recoveries at once the second finds the first one's reset.
        await tx.selectFrom('accounts').select('oid').where('oid', '=', oid).forUpdate().execute()
        if ((await resets(oid, tx)).length > 0) return
        const payload: PasswordReset = { phc, askedAt: clock.now().toISOString(), ...place }
        await delayedChanges.schedule(tx, owner, { kind: PASSWORD_RESET, payload, origin: recovery.ref })
      }
    },
  }
}
