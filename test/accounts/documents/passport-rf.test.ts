import { describe, expect, test } from 'vitest'
import { documentKinds, isValid, validUntil } from '#src/accounts/documents/kinds.ts'
import { now, person, typed } from './typed.ts'

const kind = documentKinds.passport_rf
const parse = (changes: Record<string, string>, context = { person, now }) =>
  kind.parse({ ...typed.passport_rf, ...changes }, context)
const issued = (issuedOn: string, birthDate: string, today: string) =>
  parse({ issuedOn }, { person: { ...person, birthDate }, now: new Date(`${today}T09:00:00Z`) })

describe('a Russian passport', () => {
  test('names every field that is wrong, each once, in the order of the page', () => {
    const input = {
      series: '451',
      number: '12345б',
      issuedOn: '31.02.2005',
      departmentCode: '',
      issuer: '<',
      birthPlace: '',
    }
    expect(kind.parse(input, { person, now })).toEqual({
      ok: false,
      problems: [
        { field: 'series', code: 'fields.passport_series_length' },
        { field: 'number', code: 'fields.passport_number_characters' },
        { field: 'issuedOn', code: 'documents.issued_on_calendar' },
        { field: 'departmentCode', code: 'fields.department_code_missing' },
        { field: 'issuer', code: 'fields.issuer_characters' },
        { field: 'birthPlace', code: 'fields.birth_place_missing' },
      ],
    })
  })

  test.each([
    ['', 'issued_on_missing', undefined],
    ['2005-04-01', 'issued_on_format', undefined],
    ['02.03.2026', 'issued_on_future', undefined],
    ['27.03.1985', 'issued_on_before_birth', undefined],
    ['26.03.1985', 'issued_on_before_birth', undefined],
    ['26.03.1999', 'issued_on_too_young', { years: 14 }],
    ['26.03.2005', 'passport_expired', { years: 20 }],
  ])('issued on %j is refused', (issuedOn, code, values) => {
    const problem = { field: 'issuedOn', code: `documents.${code}`, ...(values && { values }) }
    expect(parse({ issuedOn })).toEqual({ ok: false, problems: [problem] })
  })

  test('is kept as bare digits, ISO dates and texts', () => {
    expect(parse({})).toEqual({
      ok: true,
      document: {
        kind: 'passport_rf',
        series: '4510',
        number: '123456',
        issuedOn: '2005-04-01',
        departmentCode: '770045',
        issuer: 'ОВД «Арбат» г. Москвы',
        birthPlace: 'г. Казань',
      },
    })
  })

  test.each([
    // [birth, issue, last day]
    ['2012-03-27', '27.03.2026', '2032-06-25'],
    ['1985-03-27', '26.03.2005', '2005-06-25'],
    ['1985-03-27', '27.03.2005', '2030-06-25'],
    ['1985-03-27', '26.03.2030', '2030-06-25'],
    ['1985-03-27', '27.03.2030', undefined],
    ['1961-11-02', '10.11.2006', undefined],
    // Born on a leap day: 20 years later is a leap year again, 45 years later is not.
    ['2004-02-29', '01.03.2024', '2049-05-30'],
    ['2004-02-29', '28.02.2024', '2024-05-29'],
  ])('of somebody born on %s, issued on %s, ends on %s', (birthDate, issuedOn, end) => {
    const today = issuedOn.split('.').reverse().join('-')
    const parsed = issued(issuedOn, birthDate, today)
    expect(parsed.ok && validUntil(parsed.document, { birthDate })).toBe(parsed.ok && end)
    expect(parsed.ok).toBe(true)
  })

  test('of somebody born on 29 February is not issued before 1 March fourteen years later', () => {
    expect(issued('28.02.2018', '2004-02-29', '2018-03-02')).toMatchObject({
      ok: false,
      problems: [{ code: 'documents.issued_on_too_young' }],
    })
    expect(issued('01.03.2018', '2004-02-29', '2018-03-02').ok).toBe(true)
  })

  test('counts on its last day, as dates go in Moscow, and not on the next', () => {
    const lastMoment = new Date('2030-06-25T20:59:59Z')
    const parsed = parse({}, { person, now: lastMoment })
    if (!parsed.ok) throw new Error('sound until its last day')
    expect(isValid(parsed.document, person, lastMoment)).toBe(true)
    const after = new Date('2030-06-25T21:00:00Z')
    expect(isValid(parsed.document, person, after)).toBe(false)
    expect(parse({}, { person, now: after })).toEqual({
      ok: false,
      problems: [{ field: 'issuedOn', code: 'documents.passport_expired', values: { years: 45 } }],
    })
  })
})
