import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays, addMonths, birthday, dateOf, formatDate, maskDate, parseDate } from '#src/accounts/fields/date.ts'
import { fieldErrors } from '#src/accounts/fields/errors.ts'

const errors = {
  missing: fieldErrors.birth_date_missing,
  format: fieldErrors.birth_date_format,
  calendar: fieldErrors.birth_date_calendar,
}
const anyDate = fc
  .date({ min: new Date('1900-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10))

describe('a date', () => {
  test.each([
    ['', 'missing'],
    ['\u00a0', 'missing'],
    ['2005-04-01', 'format'],
    ['1.4.05', 'format'],
    ['01.04.2005 г.', 'format'],
    ['0l.04.2005', 'format'],
    ['29.02.2005', 'calendar'],
    ['29.02.1900', 'calendar'],
    ['31.09.2005', 'calendar'],
    ['1'.repeat(100_000), 'format'],
  ] as const)('%.60j is refused', (input, error) => {
    expect(parseDate(input, errors)).toEqual({ ok: false, code: errors[error].code })
  })

  test.each([
    ['01.04.2005', '2005-04-01'],
    ['1 4 2005', '2005-04-01'],
    ['01\u00a004\u00a02005', '2005-04-01'],
    ['01–04–2005', '2005-04-01'],
    ['０１．０４．２００５', '2005-04-01'],
    ['29.02.2000', '2000-02-29'],
  ])('%j is %s', (input, value) => {
    expect(parseDate(input, errors)).toEqual({ ok: true, value })
  })

  test('is read again from the form that we print', () => {
    fc.assert(
      fc.property(anyDate, (date) => {
        expect(parseDate(formatDate(date), errors)).toEqual({ ok: true, value: date })
      }),
    )
  })

  test('is masked to its year', () => {
    expect(maskDate('2005-04-01')).toBe('••.••.2005')
  })

  test('changes at midnight in Moscow', () => {
    expect(dateOf(new Date('2026-02-28T20:59:59Z'))).toBe('2026-02-28')
    expect(dateOf(new Date('2026-02-28T21:00:00Z'))).toBe('2026-03-01')
  })
})

describe('a birthday', () => {
  test.each([
    ['1985-03-27', 14, '1999-03-27'],
    ['2012-02-29', 14, '2026-03-01'],
    ['2012-02-29', 20, '2032-02-29'],
    ['1880-02-29', 20, '1900-03-01'],
    ['2012-02-28', 14, '2026-02-28'],
    ['2012-12-31', 14, '2026-12-31'],
    ['2012-05-31', 0, '2012-05-31'],
  ])('%s and %d years is %s', (birthDate, years, day) => {
    expect(birthday(birthDate, years)).toBe(day)
  })
})

describe('a term', () => {
  test.each([
    ['2026-03-27', 90, '2026-06-25'],
    ['2024-02-28', 1, '2024-02-29'],
    ['2026-12-31', 1, '2027-01-01'],
  ])('%s and %d days is %s', (date, days, end) => {
    expect(addDays(date, days)).toBe(end)
  })

  test.each([
    ['2026-01-15', 6, '2026-07-15'],
    ['2026-08-31', 6, '2027-02-28'],
    ['2027-08-31', 6, '2028-02-29'],
    ['2026-10-31', 6, '2027-04-30'],
    ['2026-12-01', 1, '2027-01-01'],
  ])('%s and %d months is %s', (date, months, end) => {
    expect(addMonths(date, months)).toBe(end)
  })

  test('of months never skips one: a month longer is a month later, to the day or to the end of the month', () => {
    fc.assert(
      fc.property(anyDate, fc.integer({ min: 0, max: 36 }), (date, months) => {
        const end = addMonths(date, months)
        const monthsOf = (iso: string) => Number(iso.slice(0, 4)) * 12 + Number(iso.slice(5, 7))
        expect(monthsOf(end) - monthsOf(date)).toBe(months)
        expect(end.slice(8) === date.slice(8) || addDays(end, 1).endsWith('-01')).toBe(true)
      }),
    )
  })
})
