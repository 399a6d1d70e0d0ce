import type { Locale } from '#src/kernel/locale.ts'
import { fieldErrors } from '../errors.ts'
import { accepted, type Parsed, refused } from './parsed.ts'

const YOUNGEST_YEARS = 14
const OLDEST_YEARS = 125
const ZONE = 'Europe/Moscow'
/** `27.03.1985` and what people type instead; numeric keypads of phones often have no dot. */
const TYPED = /^(\d{1,2})[./ -](\d{1,2})[./ -](\d{4})$|^(\d{2})(\d{2})(\d{4})$/

/**
 * Reads a birth date of a person who may register.
 * @param input `DD.MM.YYYY`
 * @param now the age is counted at this moment's date in Moscow
 * @returns ISO 8601, `YYYY-MM-DD`
 */
export function parseBirthDate(input: string, now: Date): Parsed<string> {
  const text = input.trim()
  if (text === '') return refused(fieldErrors.birth_date_missing)
  const parts = TYPED.exec(text)
    ?.slice(1)
    .filter((part) => part !== undefined)
  if (!parts) return refused(fieldErrors.birth_date_format)
  const [day, month, year] = parts.map(Number) as [number, number, number]
  if (!isCalendarDate(year, month, day)) return refused(fieldErrors.birth_date_calendar)
  const today = dateInZone(now)
  if (isoDate(year, month, day) > today) return refused(fieldErrors.birth_date_future)
  if (isoDate(year + OLDEST_YEARS + 1, month, day) <= today) return refused(fieldErrors.birth_date_too_old)
  if (isoDate(year + YOUNGEST_YEARS, month, day) > today) {
    return refused(fieldErrors.birth_date_too_young, { years: YOUNGEST_YEARS })
  }
  return accepted(isoDate(year, month, day))
}

function isCalendarDate(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day))
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}

/** Dates in this form compare as text. */
function isoDate(year: number, month: number, day: number): string {
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}

function dateInZone(now: Date): string {
  const parts = new Intl.DateTimeFormat('en', { timeZone: ZONE, year: 'numeric', month: 'numeric', day: 'numeric' })
    .formatToParts(now)
    .map(({ type, value }) => [type, Number(value)])
  const { year, month, day } = Object.fromEntries(parts)
  return isoDate(year, month, day)
}

/** ISO 8601 → `DD.MM.YYYY`, as it is typed. */
export function formatBirthDate(iso: string): string {
  return iso.split('-').reverse().join('.')
}

/** ISO 8601 → the date in words: `27 марта 1985 г.`, `27 March 1985`. */
export function wordedBirthDate(iso: string, locale: Locale): string {
  return new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : locale, { dateStyle: 'long', timeZone: 'UTC' }).format(
    new Date(`${iso}T00:00:00Z`),
  )
}
