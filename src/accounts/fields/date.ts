import type { DefinedError } from '#src/kernel/errors.ts'
import { accepted, type Parsed, refused } from './parsed.ts'

// Dates without a time, ISO 8601 `YYYY-MM-DD`: in this form they compare as text.

interface DateErrors {
  readonly missing: DefinedError
  readonly format: DefinedError
  readonly calendar: DefinedError
}

const ZONE = 'Europe/Moscow'
const LONGEST_INPUT = 64
const DAY_MS = 86_400_000
/** `27.03.1985` and what people type instead; numeric keypads of phones often have no dot. */
const TYPED = /^(\d{1,2})[./ \p{Pd}](\d{1,2})[./ \p{Pd}](\d{4})$|^(\d{2})(\d{2})(\d{4})$/u

/**
 * Reads a day of the calendar.
 * @param input `DD.MM.YYYY`
 */
export function parseDate(input: string, errors: DateErrors): Parsed<string> {
  if (input.length > LONGEST_INPUT) return refused(errors.format)
  const text = input.normalize('NFKC').trim()
  if (text === '') return refused(errors.missing)
  const parts = TYPED.exec(text)
    ?.slice(1)
    .filter((part) => part !== undefined)
  if (!parts) return refused(errors.format)
  const [day, month, year] = parts.map(Number) as [number, number, number]
  return isCalendarDate(year, month, day) ? accepted(isoDate(year, month, day)) : refused(errors.calendar)
}

/** @returns the date in Moscow at that moment */
export function dateOf(moment: Date): string {
  const parts = new Intl.DateTimeFormat('en', { timeZone: ZONE, year: 'numeric', month: 'numeric', day: 'numeric' })
    .formatToParts(moment)
    .map(({ type, value }) => [type, Number(value)])
  const { year, month, day } = Object.fromEntries(parts)
  return isoDate(year, month, day)
}

/**
 * The day on which somebody reaches an age. For who was born on 29 February that is 1 March in common years: a year of life is over when its
 * last day is, 28 February then (the rule that the Civil Code, articles 192 and 194, has for terms that end on a day the month lacks).
 * @param years 0 … 200
 */
export function birthday(birthDate: string, years: number): string {
  const [year, month, day] = partsOf(birthDate)
  return isCalendarDate(year + years, month, day)
    ? isoDate(year + years, month, day)
    : isoDate(year + years, month + 1, 1)
}

export function addDays(date: string, days: number): string {
  const [year, month, day] = partsOf(date)
  const moved = new Date(Date.UTC(year, month - 1, day) + days * DAY_MS)
  return isoDate(moved.getUTCFullYear(), moved.getUTCMonth() + 1, moved.getUTCDate())
}

/** As terms in months are counted (Civil Code, article 192): to the same day, or the last one of a month that has no such day. */
export function addMonths(date: string, months: number): string {
  const [year, month, day] = partsOf(date)
  const first = new Date(Date.UTC(year, month - 1 + months, 1))
  const [toYear, toMonth] = [first.getUTCFullYear(), first.getUTCMonth() + 1]
  const days = new Date(Date.UTC(toYear, toMonth, 0)).getUTCDate()
  return isoDate(toYear, toMonth, Math.min(day, days))
}

function partsOf(date: string): [number, number, number] {
  return date.split('-').map(Number) as [number, number, number]
}

function isCalendarDate(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day))
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}

function isoDate(year: number, month: number, day: number): string {
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}

/** ISO 8601 → `DD.MM.YYYY`, as it is typed. */
export function formatDate(date: string): string {
  return date.split('-').reverse().join('.')
}

/** For people who know the date already: `••.••.1985`. */
export function maskDate(date: string): string {
  return `••.••.${date.slice(0, 4)}`
}
