import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseKpp } from '#src/accounts/fields/kpp.ts'
import { parseOgrn, parseOgrnip } from '#src/accounts/fields/ogrn.ts'
import { anyOgrn, anyOgrnip, misread, ogrnipRemainder, ogrnRemainder, swapped, typed } from './numbers.ts'

describe('an OGRN', () => {
  test.each([
    ['', 'fields.ogrn_missing'],
    ['102770013219', 'fields.ogrn_length'],
    ['304500116000157', 'fields.ogrn_of_entrepreneur'],
    ['1О27700132195', 'fields.ogrn_characters'],
    ['1234567890124', 'fields.ogrn_checksum'],
    ['0000000000000', 'fields.ogrn_checksum'],
    ['1'.repeat(100_000), 'fields.ogrn_length'],
  ])('%.60j is refused', (input, code) => {
    expect(parseOgrn(input)).toEqual({ ok: false, code })
  })

  test('passes however it is separated', () => {
    const cases = anyOgrn.chain((ogrn) => fc.tuple(fc.constant(ogrn), typed(ogrn)))
    fc.assert(
      fc.property(cases, ([ogrn, input]) => {
        expect(parseOgrn(input)).toEqual({ ok: true, value: ogrn })
      }),
    )
  })

  test('one wrong digit or two swapped neighbours go unseen only where a remainder is 10, written 0', () => {
    fc.assert(
      fc.property(anyOgrn, (ogrn) => {
        for (const mistake of [...misread(ogrn), ...swapped(ogrn)])
          if (parseOgrn(mistake).ok) expect([ogrnRemainder(ogrn), ogrnRemainder(mistake)], mistake).toContain(10)
      }),
    )
  })
})

describe('an OGRNIP', () => {
  test.each([
    ['', 'fields.ogrnip_missing'],
    ['1234567890123', 'fields.ogrnip_of_organisation'],
    ['30450011600015', 'fields.ogrnip_length'],
    ['З04500116000157', 'fields.ogrnip_characters'],
    ['304500116000158', 'fields.ogrnip_checksum'],
    ['000000000000000', 'fields.ogrnip_checksum'],
  ])('%j is refused', (input, code) => {
    expect(parseOgrnip(input)).toEqual({ ok: false, code })
  })

  test('passes however it is separated', () => {
    const cases = anyOgrnip.chain((ogrnip) => fc.tuple(fc.constant(ogrnip), typed(ogrnip)))
    fc.assert(
      fc.property(cases, ([ogrnip, input]) => {
        expect(parseOgrnip(input)).toEqual({ ok: true, value: ogrnip })
      }),
    )
  })

  test('one wrong digit or two swapped neighbours go unseen only where a remainder is above 9', () => {
    fc.assert(
      fc.property(anyOgrnip, (ogrnip) => {
        for (const mistake of [...misread(ogrnip), ...swapped(ogrnip)]) {
          if (!parseOgrnip(mistake).ok) continue
          expect(Math.max(ogrnipRemainder(ogrnip), ogrnipRemainder(mistake)), mistake).toBeGreaterThan(9)
        }
      }),
    )
  })
})

describe('a KPP', () => {
  test.each([
    ['', 'fields.kpp_missing'],
    ['77070100', 'fields.kpp_format'],
    ['7707010011', 'fields.kpp_format'],
    ['7707A1001A', 'fields.kpp_format'],
    ['A70701001', 'fields.kpp_format'],
    ['770701O01', 'fields.kpp_format'],
    ['7707АВ001', 'fields.kpp_script'],
    ['7'.repeat(100_000), 'fields.kpp_format'],
  ])('%.60j is refused', (input, code) => {
    expect(parseKpp(input)).toEqual({ ok: false, code })
  })

  test.each([
    ['770701001', '770701001'],
    ['7707 01 001', '770701001'],
    ['7707ab001', '7707AB001'],
    ['7707A1001', '7707A1001'],
  ])('%j is %s', (input, value) => {
    expect(parseKpp(input)).toEqual({ ok: true, value })
  })
})
