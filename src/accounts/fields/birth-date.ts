import { birthday, dateOf, parseDate } from './date.ts'
import { fieldErrors } from './errors.ts'
import { type Parsed, refused } from './parsed.ts'

const YOUNGEST_YEARS = 14
const OLDEST_YEARS = 125
const ERRORS = {
  missing: fieldErrors.birth_date_missing,
  format: fieldErrors.birth_date_format,
  calendar: fieldErrors.birth_date_calendar,
}

/**
 * Reads a birth date of a person who may register.
 * @param input `DD.MM.YYYY`
 * @param now the age is counted at this moment's date in Moscow
 * @returns ISO 8601, `YYYY-MM-DD`
 */
export function parseBirthDate(input: string, now: Date): Parsed<string> {
  const parsed = parseDate(input, ERRORS)
  if (!parsed.ok) return parsed
  const today = dateOf(now)
  if (parsed.value > today) return refused(fieldErrors.birth_date_future)
  if (birthday(parsed.value, OLDEST_YEARS + 1) <= today) return refused(fieldErrors.birth_date_too_old)
  if (birthday(parsed.value, YOUNGEST_YEARS) > today) {
    return refused(fieldErrors.birth_date_too_young, { years: YOUNGEST_YEARS })
  }
  return parsed
}
