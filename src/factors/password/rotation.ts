import { addSeconds } from '#src/kernel/clock.ts'
import type { PasswordStanding } from './passwords.ts'
import type { PasswordProfile } from './profile.ts'

const DAY_SECONDS = 86_400
/** Whoever puts a reminder off is left alone for so long. */
const PUT_OFF_DAYS = 7

/** Whether a password has grown older than its realm wants. */
export function isOld({ setAt }: PasswordStanding, { rotation, rotationDays }: PasswordProfile, now: Date): boolean {
  return rotation !== 'off' && addSeconds(setAt, rotationDays * DAY_SECONDS) <= now
}

/**
 * Whether a sign-in with this password stops at a page that asks for a new one: `required` has no way round, `advised` can be put off for a
 * week.
 */
export function renewalOf(
  standing: PasswordStanding,
  profile: PasswordProfile,
  now: Date,
): 'required' | 'advised' | undefined {
  if (standing.mustChange !== undefined) return 'required'
  if (!isOld(standing, profile, now)) return undefined
  if (profile.rotation === 'require') return 'required'
  const { advisedAt } = standing
  return advisedAt && addSeconds(advisedAt, PUT_OFF_DAYS * DAY_SECONDS) > now ? undefined : 'advised'
}
