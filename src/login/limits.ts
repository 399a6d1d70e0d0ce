import type { Limit } from '#src/throttle/throttle.ts'

/** All sign-ins from one network (/24 or /56) together; success gives the attempt back. */
export const networkLimit: Limit = {
  name: 'login_network',
  windowSeconds: 600,
  free: 100,
  delaySeconds: 1,
  maxDelaySeconds: 30,
}

/** Passwords for one identifier, whether somebody holds it or not, and further factors of one account: first free, then slower, then a lock of 15 minutes. */
export const subjectLimit: Limit = {
  name: 'login_subject',
  windowSeconds: 3600,
  free: 5,
  delaySeconds: 2,
  maxDelaySeconds: 60,
  lockAt: 15,
  lockSeconds: 900,
}

const DAY_SECONDS = 86_400

/** Notices of sign-ins: whoever signs in again and again shall not flood the owner, nor run up what messages cost. */
export const arrivalNoticeLimit: Limit = {
  name: 'arrival_notice',
  windowSeconds: DAY_SECONDS,
  free: 20,
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
