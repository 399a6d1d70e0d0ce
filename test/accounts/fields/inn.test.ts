import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { maskInn, parseInn, parseInnTail, parseOrganisationInn } from '#src/accounts/fields/inn.ts'
import {
  anyInn,
  anyOrganisationInn,
  innRemainders,
  misread,
  organisationInnRemainder,
  swapped,
  typed,
} from './numbers.ts'

describe('the INN of a person', () => {
  test.each([
    ['', 'fields.inn_missing'],
    ['5001007322', 'fields.inn_of_organisation'],
    ['50010073225', 'fields.inn_length'],
    ['5001007322591', 'fields.inn_length'],
    ['50010073225О', 'fields.inn_characters'],
    ['5001 0073 2259 ИНН', 'fields.inn_characters'],
    ['500100732258', 'fields.inn_checksum'],
    ['500100732269', 'fields.inn_checksum'],
    ['000000000000', 'fields.inn_checksum'],
    ['5'.repeat(100_000), 'fields.inn_length'],
  ])('%.60j is refused', (input, code) => {
    expect(parseInn(input)).toEqual({ ok: false, code })
  })

  test.each([
    ['500100732259', '500100732259'],
    [' 5001 0073 2259 ', '500100732259'],
    ['５００１００７３２２５９', '500100732259'],
  ])('%j is %s', (input, value) => {
    expect(parseInn(input)).toEqual({ ok: true, value })
  })

  test('passes however it is separated', () => {
    const cases = anyInn.chain((inn) => fc.tuple(fc.constant(inn), typed(inn)))
    fc.assert(
      fc.property(cases, ([inn, input]) => {
        expect(parseInn(input)).toEqual({ ok: true, value: inn })
      }),
    )
  })

  test('one wrong digit or two swapped neighbours go unseen only where a remainder is 10, written 0', () => {
    fc.assert(
      fc.property(anyInn, (inn) => {
        for (const mistake of [...misread(inn), ...swapped(inn)])
          if (parseInn(mistake).ok) expect([...innRemainders(inn), ...innRemainders(mistake)], mistake).toContain(10)
      }),
    )
  })

  test('is masked to two digits, as four stand for the whole where a registry is asked', () => {
    expect(maskInn('500100732259')).toBe('••••••••••59')
  })
})

describe('the last digits of the INN of a person', () => {
  test.each([
    ['', 'fields.inn_tail_missing'],
    ['225', 'fields.inn_tail_length'],
    ['500100732259', 'fields.inn_tail_length'],
    ['22S9', 'fields.inn_tail_characters'],
  ])('%j is refused', (input, code) => {
    expect(parseInnTail(input)).toEqual({ ok: false, code })
  })

  test('are four', () => {
    expect(parseInnTail(' 22 59')).toEqual({ ok: true, value: '2259' })
  })
})

describe('the INN of an organisation', () => {
  test.each([
    ['', 'fields.organisation_inn_missing'],
    ['500100732259', 'fields.organisation_inn_of_person'],
    ['500100732', 'fields.organisation_inn_length'],
    ['770708З893', 'fields.organisation_inn_characters'],
    ['7707083894', 'fields.organisation_inn_checksum'],
    ['0000000000', 'fields.organisation_inn_checksum'],
  ])('%j is refused', (input, code) => {
    expect(parseOrganisationInn(input)).toEqual({ ok: false, code })
  })

  test('passes however it is separated', () => {
    const cases = anyOrganisationInn.chain((inn) => fc.tuple(fc.constant(inn), typed(inn)))
    fc.assert(
      fc.property(cases, ([inn, input]) => {
        expect(parseOrganisationInn(input)).toEqual({ ok: true, value: inn })
      }),
    )
  })

  test('one wrong digit or two swapped neighbours go unseen only where a remainder is 10, written 0', () => {
    fc.assert(
      fc.property(anyOrganisationInn, (inn) => {
        for (const mistake of [...misread(inn), ...swapped(inn)]) {
          if (!parseOrganisationInn(mistake).ok) continue
          expect([organisationInnRemainder(inn), organisationInnRemainder(mistake)], mistake).toContain(10)
        }
      }),
    )
  })
})
