import type { Limit } from '#src/throttle/throttle.ts'

const HOUR_SECONDS = 3600
const DAY_SECONDS = 86_400

/** What operators may set. */
export interface LockoutConfig {
  /** Wrong answers from one network (/24 or /56) in ten minutes that nobody is slowed for. */
  readonly freePerNetwork: number
  readonly lockSeconds: number
}

/** What answers to a sign-in are counted under. */
export interface LoginLimits {
  /** All sign-ins from one network together; success gives the attempt back. */
  readonly network: Limit
  /** Passwords for one identifier from one network: it locks itself out before it can lock out others. */
  readonly pair: Limit
  /** Passwords for one identifier from everywhere, whether somebody holds it or not. */
  readonly identifier: Limit
  /** Passwords for one identifier from those whose browsers ran no script and who waited for it. */
  readonly waited: Limit
  /** The same of one network, whatever the identifiers: waiting must not be a way around the proof for whoever tries many. */
  readonly waitedNetwork: Limit
  /** Passwords and further factors in a browser that the account knows: what a stolen cookie of it is good for in a day. */
  readonly knownDevice: Limit
  /** Further factors of one account, each kind apart; who comes so far has proven something already. */
  readonly subject: Limit
  /** The same from everywhere, known devices included: what somebody who knows the password can try in a day. */
  readonly factorDay: Limit
}

/** First free, then slower, then only with a proof of work, then a lock; `docs/adr/0024-lockout.md` has what that adds up to. */
export function loginLimits({ freePerNetwork, lockSeconds }: LockoutConfig): LoginLimits {
  const slowed = { free: 5, delaySeconds: 2, maxDelaySeconds: 60 }
  const identifier: Limit = {
    name: 'login_identifier',
    windowSeconds: DAY_SECONDS,
    ...slowed,
    proofAt: 9,
    lockAt: 20,
    lockSeconds,
  }
  return {
    identifier,
    pair: { ...identifier, name: 'login_pair', lockAt: 10 },
    network: {
      name: 'login_network',
      windowSeconds: 600,
      free: freePerNetwork,
      delaySeconds: 1,
      maxDelaySeconds: 30,
      proofAt: freePerNetwork + 11,
      lockAt: freePerNetwork * 3 + 11,
      lockSeconds: 600,
    },
    waited: {
      name: 'login_waited',
      windowSeconds: DAY_SECONDS,
      free: 1,
      delaySeconds: 60,
      maxDelaySeconds: HOUR_SECONDS,
    },
    waitedNetwork: {
      name: 'login_waited_network',
      windowSeconds: HOUR_SECONDS,
      free: 10,
      delaySeconds: 15,
      maxDelaySeconds: 60,
    },
    knownDevice: {
      name: 'login_known_device',
      windowSeconds: DAY_SECONDS,
      ...slowed,
      lockAt: 10,
      lockSeconds: DAY_SECONDS,
    },
    factorDay: {
      name: 'login_factor_day',
      windowSeconds: DAY_SECONDS,
      free: 20,
      delaySeconds: 0,
      maxDelaySeconds: 0,
      lockAt: 20,
      lockSeconds: DAY_SECONDS,
    },
    subject: { name: 'login_subject', windowSeconds: HOUR_SECONDS, ...slowed, lockAt: 15, lockSeconds },
  }
}

/** Notices of sign-ins: whoever signs in again and again shall not flood the owner, nor run up what messages cost. */
export const arrivalNoticeLimit: Limit = {
  name: 'arrival_notice',
  windowSeconds: DAY_SECONDS,
  free: 20,
  delaySeconds: DAY_SECONDS,
  maxDelaySeconds: DAY_SECONDS,
}

/** Tells accounts apart that come from one network: each counts once an hour. */
export const newcomerLimit: Limit = {
  name: 'signal_newcomer',
  windowSeconds: HOUR_SECONDS,
  free: 1,
  delaySeconds: HOUR_SECONDS,
  maxDelaySeconds: HOUR_SECONDS,
}

/** Counts the accounts of one network (/24 or /56) in an hour, in browsers that did not sign in there before, and stops nobody. */
export const newAccountsLimit: Limit = {
  name: 'signal_accounts',
  windowSeconds: HOUR_SECONDS,
  free: 1_000_000_000,
  delaySeconds: 0,
  maxDelaySeconds: 0,
}

/**
 * Whether so many accounts in an hour are unusual for one network. Many people share the addresses of a mobile carrier, an office, a school,
 * and most of them know their passwords; whoever tries passwords from a list fails far more often than not. With as many wrong answers in ten
 * minutes as new accounts in an hour no more than one in seven attempts can have been right; of honest people's more than nine in ten are.
 * @param wrong answers of the network in the last ten minutes
 */
export function areManyAccounts(accounts: number, wrong: number): boolean {
  return accounts > 30 && (wrong >= accounts || accounts > 3_000)
}

/** Networks of a telephone change often. */
export const signalNoticeLimit: Limit = {
  name: 'signal_notice',
  windowSeconds: DAY_SECONDS,
  free: 3,
  delaySeconds: DAY_SECONDS,
  maxDelaySeconds: DAY_SECONDS,
}

/** One notice a day: whoever keeps an account locked shall not flood its owner with messages. */
export const lockNoticeLimit: Limit = {
  name: 'lock_notice',
  windowSeconds: DAY_SECONDS,
  free: 1,
  delaySeconds: DAY_SECONDS,
  maxDelaySeconds: DAY_SECONDS,
}
