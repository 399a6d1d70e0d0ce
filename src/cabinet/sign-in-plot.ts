import type { Journal } from '#src/journal/journal.ts'
import { addSeconds } from '#src/kernel/clock.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import { type Locale, wordedDate } from '#src/kernel/locale.ts'

const DAY = 86_400
const DAYS = 30
const [BAR, GAP, HEIGHT] = [8, 2, 48]

/** Sign-ins of the last 30 days in bars; in the units of its drawing. */
export interface SignInPlot {
  readonly width: number
  readonly height: number
  readonly bars: readonly { readonly x: number; readonly y: number; readonly width: number; readonly height: number }[]
  readonly total: number
  readonly most: number
  readonly from: string
  readonly to: string
  /** The same for whoever cannot see it, without days of none; the newest first. */
  readonly days: readonly { readonly day: string; readonly count: number }[]
}

/** @returns undefined where there were none */
export async function signInPlot(
  journal: Pick<Journal, 'countByDay'>,
  oid: AccountId,
  now: Date,
  locale: Locale,
): Promise<SignInPlot | undefined> {
  const days = Array.from({ length: DAYS }, (_, index) => addSeconds(now, (index + 1 - DAYS) * DAY))
  // A day more: its beginning in Moscow is not the time that it is now.
  const counted = await journal.countByDay(oid, ['login.succeeded'], addSeconds(days[0]!, -DAY))
  const counts = days.map((day) => counted.get(dayInMoscow(day)) ?? 0)
  const total = counts.reduce((sum, count) => sum + count, 0)
  if (total === 0) return undefined
  const most = Math.max(...counts)
  return {
    width: DAYS * (BAR + GAP) - GAP,
    height: HEIGHT,
    bars: counts.map((count, index) => {
      const height = Math.round((count / most) * HEIGHT)
      return { x: index * (BAR + GAP), y: HEIGHT - height, width: BAR, height }
    }),
    total,
    most,
    from: wordedDate(days[0]!, locale),
    to: wordedDate(now, locale),
    days: days
      .map((day, index) => ({ day: wordedDate(day, locale), count: counts[index]! }))
      .filter(({ count }) => count > 0)
      .reverse(),
  }
}

/** `2026-11-25` */
function dayInMoscow(at: Date): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Moscow', dateStyle: 'short' }).format(at)
}
