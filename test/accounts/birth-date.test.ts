import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseBirthDate } from '#src/accounts/fields/birth-date.ts'
import { formatDate } from '#src/accounts/fields/date.ts'

const now = new Date('2026-03-01T09:00:00Z')

describe('a birth date', () => {
  test.each([
    ['27.03.1985', '1985-03-27'],
    [' 7.3.1985 ', '1985-03-07'],
    ['27/03/1985', '1985-03-27'],
    ['27-03-1985', '1985-03-27'],
    ['27 03 1985', '1985-03-27'],
    ['27031985', '1985-03-27'],
    ['29.02.2000', '2000-02-29'],
    ['01.03.2012', '2012-03-01'],
    ['29.02.2012', '2012-02-29'],
    ['02.03.1900', '1900-03-02'],
  ])('%j is %s', (input, value) => {
    expect(parseBirthDate(input, now)).toEqual({ ok: true, value })
  })

  test.each([
    ['', 'fields.birth_date_missing'],
    ['27.03.85', 'fields.birth_date_format'],
    ['1985-03-27', 'fields.birth_date_format'],
    ['27 марта 1985', 'fields.birth_date_format'],
    ['27.03.1985\u0000', 'fields.birth_date_format'],
    ['29.02.1985', 'fields.birth_date_calendar'],
    ['31.04.1985', 'fields.birth_date_calendar'],
    ['00.01.1985', 'fields.birth_date_calendar'],
    ['01.13.1985', 'fields.birth_date_calendar'],
    ['02.03.2026', 'fields.birth_date_future'],
    ['01.01.9999', 'fields.birth_date_future'],
    ['01.03.1900', 'fields.birth_date_too_old'],
    ['01.01.0085', 'fields.birth_date_calendar'],
    ['1'.repeat(100_000), 'fields.birth_date_format'],
  ])('%.60s is refused', (input, code) => {
    expect(parseBirthDate(input, now)).toEqual({ ok: false, code })
  })

  test('registration opens on the 14th birthday, as dates go in Moscow', () => {
    const young = { ok: false, code: 'fields.birth_date_too_young', values: { years: 14 } }
    expect(parseBirthDate('02.03.2012', new Date('2026-03-01T20:59:59Z'))).toEqual(young)
    expect(parseBirthDate('02.03.2012', new Date('2026-03-01T21:00:00Z'))).toEqual({ ok: true, value: '2012-03-02' })
  })

  test('of a leap day has its birthday on 1 March in common years', () => {
    const born = '29.02.2012'
    expect(parseBirthDate(born, new Date('2026-02-28T12:00:00Z')).ok).toBe(false)
    expect(parseBirthDate(born, new Date('2026-03-01T12:00:00Z')).ok).toBe(true)
  })

  test('is read again from the form that we print', () => {
    const day = fc.date({ min: new Date('1901-01-01'), max: new Date('2012-01-01'), noInvalidDate: true })
    fc.assert(
      fc.property(day, (date) => {
        const iso = date.toISOString().slice(0, 10)
        expect(parseBirthDate(formatDate(iso), now)).toEqual({ ok: true, value: iso })
      }),
    )
  })
})
