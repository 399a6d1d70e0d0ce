import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Parsed } from '#src/accounts/fields/parsed.ts'
import * as passport from '#src/accounts/fields/passport.ts'
import { parsePostcode } from '#src/accounts/fields/postcode.ts'
import { typed } from './numbers.ts'

type Parse = (input: string) => Parsed<string>

const fields: readonly [string, Parse, number][] = [
  ['passport_series', passport.parsePassportSeries, 4],
  ['passport_number', passport.parsePassportNumber, 6],
  ['department_code', passport.parseDepartmentCode, 6],
  ['postcode', parsePostcode, 6],
]

describe.each(fields)('%s', (name, parse, length) => {
  test.each([
    ['', 'missing'],
    ['- №', 'missing'],
    ['1'.repeat(length - 1), 'length'],
    ['1'.repeat(length + 1), 'length'],
    ['4510 123456', 'length'],
    [`${'1'.repeat(length - 1)}О`, 'characters'],
    [`${'1'.repeat(length - 1)}O`, 'characters'],
    [`${'1'.repeat(length - 1)}٣`, 'characters'],
    [`${'1'.repeat(length)}\u0000`, 'characters'],
    ['1'.repeat(100_000), 'length'],
  ])('%.40j is refused', (input, reason) => {
    expect(parse(input)).toEqual({ ok: false, code: `fields.${name}_${reason}` })
  })

  test('passes however it is separated', () => {
    const number = fc.stringMatching(new RegExp(`^\\d{${length}}$`))
    fc.assert(
      fc.property(
        number.chain((value) => fc.tuple(fc.constant(value), typed(value))),
        ([value, input]) => {
          expect(parse(input)).toEqual({ ok: true, value })
        },
      ),
    )
  })
})

describe('numbers of a passport', () => {
  test('are shown as they are printed', () => {
    expect(passport.formatPassportSeries('4510')).toBe('45\u00a010')
    expect(passport.formatDepartmentCode('770045')).toBe('770-045')
  })

  test('are masked', () => {
    expect(passport.maskPassportSeries('4510')).toBe('••\u00a0••')
    expect(passport.maskPassportNumber('123456')).toBe('•••456')
    expect(passport.maskDepartmentCode('770045')).toBe('•••-045')
  })

  test('are read again from the form that we print', () => {
    expect(passport.parsePassportSeries(passport.formatPassportSeries('4510'))).toEqual({ ok: true, value: '4510' })
    expect(passport.parseDepartmentCode(passport.formatDepartmentCode('770045'))).toEqual({ ok: true, value: '770045' })
  })
})
