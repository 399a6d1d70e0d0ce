import type { Logger } from 'pino'
import type { Account } from '#src/accounts/account.ts'
import type { Owner, OwnerNotices } from '#src/accounts/owner-notices.ts'
import type { Sessions } from '#src/accounts/sessions.ts'
import type { Journal } from '#src/journal/journal.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import type { Store, Tx } from '#src/store/store.ts'
import { units } from '#src/store/unit.ts'
import type { Limit, Throttle } from '#src/throttle/throttle.ts'
import { passwordRuleErrors } from './errors.ts'
import { passwordChanged } from './events.ts'
import type { PasswordHasher } from './hash.ts'
import type { Ending, PasswordHistory } from './history.ts'
import type { PasswordProfiles } from './profile.ts'
import { type PasswordCheck, type PasswordRules, passwordOwnerOf } from './rules.ts'

/** Whoever may set a password, be it in 72 hours only, could else try by it which one is in force, and keep us hashing. */
const newPasswordLimit: Limit = {
  name: 'new_password',
  windowSeconds: 3600,
  free: 20,
  delaySeconds: 60,
  maxDelaySeconds: 900,
}

/** Where a new password comes from, and from whom. */
export interface PasswordChange {
  readonly way: 'cabinet' | 'sign_in' | 'recovery'
  /** In which sign-in, session or recovery it was asked for, as in `Enrolling.origin`. */
  readonly origin: string
  /** The `ref` of the session that goes on; every other one ends. */
  readonly except?: string
  readonly address: string
  readonly device: string
}

export type CheckedPassword =
  /** `phc` is what is to be stored. */
  { readonly ok: true; readonly phc: string } | Extract<PasswordCheck, { ok: false }>

/**
 * A new password for an account: in the cabinet, in a sign-in that asks for one, by recovery. Whoever calls has made sure that it is
 * the owner who asks.
 */
export interface PasswordChanging {
  /** By the rules of the account's realm, then counted, then against the last passwords; no transaction open, as it hashes. */
  check(account: Account, password: string): Promise<CheckedPassword>
  /**
   * Puts a checked password in force, journals it and tells the owner, all in the transaction; for a change that has waited. What the
   * former password opened is then ended by `finish`, a few seconds later at most.
   */
  store(tx: Tx, owner: Owner, phc: string, change: PasswordChange): Promise<void>
  /** Ends what the former password opened at once, after the transaction of `store`. */
  end(oid: AccountId, change: PasswordChange): Promise<void>
  /** All of it at once: sessions with their offline access and known devices end before the answer. */
  change(oid: AccountId, password: string, change: PasswordChange): Promise<CheckedPassword>
  /** Ends what changes made in a transaction of somebody else's, or in a process that died, have left. */
  finish(): Promise<void>
}

export function makePasswordChanging(deps: {
  store: Store
  history: PasswordHistory
  hasher: Pick<PasswordHasher, 'hash'>
  rules: PasswordRules
  profiles: PasswordProfiles
  sessions: Pick<Sessions, 'endAll'>
  /** Known devices of the account: none is known any more. */
  forgetDevices: (oid: AccountId) => Promise<void>
  /** Guesses at the former password keep nobody from using the new one. */
  endLocks: (oid: AccountId) => Promise<void>
  journal: Pick<Journal, 'record'>
  ownerNotices: OwnerNotices
  throttle: Pick<Throttle, 'enter'>
  clock: Clock
  log: Pick<Logger, 'error'>
}): PasswordChanging {
  const { history, rules, profiles, sessions, journal, ownerNotices, log } = deps
  const endingOf = ({ way, origin, except }: PasswordChange): Ending => ({
    reason: 'password_changed',
    ...(except !== undefined && { except }),
    ...(way === 'sign_in' && { signIn: origin }),
  })

  async function end(oid: AccountId, ending: Ending): Promise<void> {
    await sessions.endAll(oid, { offline: 'revoked', ...ending })
    await deps.forgetDevices(oid)
    await deps.endLocks(oid)
    await history.ended(oid, ending)
  }

  const changing: PasswordChanging = {
    async check(account, password) {
      const checked = await rules.check(password, account.realm, passwordOwnerOf(account))
      if (!checked.ok) return checked
      const gate = await deps.throttle.enter([{ limit: newPasswordLimit, key: String(account.oid) }])
      if (!gate.open) {
        const minutes = Math.ceil((gate.retryAt.getTime() - deps.clock.now().getTime()) / 60_000)
        return { ok: false, code: passwordRuleErrors.too_many_tries.code, values: { minutes: Math.max(1, minutes) } }
      }
      const known = await history.has(account.oid, password, profiles[account.realm].remembered)
      if (known) return { ok: false, code: passwordRuleErrors[known].code, values: {} }
      return { ok: true, phc: await deps.hasher.hash(password) }
    },
    async store(tx, owner, phc, change) {
      const { oid, realm } = owner.account
      const { way, origin, address, device } = change
      await history.replace(tx, oid, phc, { remembered: profiles[realm].remembered, ending: endingOf(change) })
      await journal.record(tx, passwordChanged({ account: oid, way, origin, address, device }))
      await ownerNotices.tell(tx, owner, { kind: 'password_changed', values: {}, reportable: origin })
    },
    async change(oid, password, change) {
      const owner = await ownerNotices.ownerOf(oid)
      const checked = await changing.check(owner.account, password)
      if (!checked.ok) return checked
      await deps.store.tx((tx) => changing.store(tx, owner, checked.phc, change))
      await changing.end(oid, change)
      return checked
    },
    async end(oid, change) {
      // Outside the request's unit of work: the password is in force, and so must the end of the sessions be, whatever becomes of the answer.
      await units
        .exit(() => end(oid, endingOf(change)))
        .catch((err: unknown) => {
          log.error({ err }, 'sessions outlived a change of password; tried again in seconds')
        })
    },
    async finish() {
      for (const { oid, ending } of await history.unended()) await end(oid, ending)
    },
  }
  return changing
}
