import { describe, expect, test } from 'vitest'
import { documentKinds, isValid, validUntil } from '#src/accounts/documents/kinds.ts'
import { holderOf, now, person, typed } from './typed.ts'

type Kind = keyof typeof typed

const parse = (kind: Kind, changes: Record<string, string> = {}) =>
  documentKinds[kind].parse({ ...typed[kind], ...changes }, { person: holderOf(kind), now })

describe('what is printed in a document', () => {
  test.each<[Kind, string, string, string]>([
    ['temporary_certificate', 'number', '', 'documents.certificate_number_missing'],
    ['temporary_certificate', 'number', 'АБВ', 'documents.certificate_number_format'],
    ['temporary_certificate', 'number', '77Q123', 'documents.certificate_number_format'],
    ['temporary_certificate', 'number', '1'.repeat(26), 'documents.certificate_number_format'],
    ['temporary_certificate', 'number', '1'.repeat(100_000), 'documents.certificate_number_format'],
    ['foreign_passport', 'country', '', 'documents.country_missing'],
    ['foreign_passport', 'country', 'XXA', 'documents.country_unknown'],
    ['foreign_passport', 'country', 'RUS', 'documents.country_russia'],
    ['foreign_passport', 'number', '', 'documents.foreign_number_missing'],
    ['foreign_passport', 'number', 'N12', ''],
    ['foreign_passport', 'number', `${'N'.repeat(25)}1`, 'documents.foreign_number_format'],
    ['foreign_passport', 'number', 'N1', 'documents.foreign_number_format'],
    ['foreign_passport', 'number', 'ABCDEF', 'documents.foreign_number_format'],
    ['foreign_passport', 'number', 'А0123456', 'documents.foreign_number_script'],
    ['foreign_passport', 'number', 'N'.repeat(100_000), 'documents.foreign_number_format'],
    ['foreign_passport', 'familyName', '', 'fields.family_name_missing'],
    ['foreign_passport', 'familyName', 'Ахметова', 'documents.family_name_latin'],
    ['foreign_passport', 'familyName', 'Akhmetovа', 'fields.family_name_script'],
    ['foreign_passport', 'givenName', 'Айгерим', 'documents.given_name_latin'],
    ['residence_permit', 'series', '8З', 'documents.permit_series_characters'],
    ['residence_permit', 'series', '82 012', 'documents.permit_series_length'],
    ['residence_permit', 'number', '', 'documents.permit_number_missing'],
    ['residence_permit', 'number', '0123', 'documents.permit_number_length'],
    ['residence_permit', 'number', '0123456789', 'documents.permit_number_length'],
    ['residence_permit', 'number', 'O123456', 'documents.permit_number_characters'],
    ['residence_permit', 'citizenship', 'Uzbekistan', 'fields.citizenship_unknown'],
    ['residence_permit', 'citizenship', 'XXA', ''],
  ])('%s: %s %.30j', (kind, field, value, code) => {
    const parsed = parse(kind, { [field]: value })
    expect(parsed.ok ? [] : parsed.problems).toEqual(code === '' ? [] : [{ field, code }])
  })
})

test.each<[Kind, Record<string, string>, Record<string, string>]>([
  ['temporary_certificate', { number: '770 123 456 789' }, { number: '770123456789' }],
  ['temporary_certificate', { number: '№ 1045' }, { number: '1045' }],
  ['foreign_passport', { country: 'KAZ', number: 'N 12345678' }, { number: 'N12345678' }],
  ['foreign_passport', { country: 'BLR', number: 'MP1234567' }, { number: 'MP1234567' }],
  ['foreign_passport', { country: 'DEU', number: 'c01x00t47' }, { number: 'C01X00T47' }],
  ['foreign_passport', { country: 'IND', number: 'Z1234567' }, { number: 'Z1234567' }],
  ['residence_permit', { series: '83', number: '1234567' }, { series: '83', number: '1234567' }],
  ['residence_permit', { series: '', number: '82 1234567' }, { number: '821234567' }],
])('a number as it is printed in a %s: %j', (kind, fields, expected) => {
  expect(parse(kind, fields)).toMatchObject({ ok: true, document: expected })
})

describe('dates in relation to each other', () => {
  const dated: readonly Kind[] = ['temporary_certificate', 'foreign_passport', 'residence_permit']

  test.each(dated)('%s is issued after the birth, by today, and ends after that', (kind) => {
    const problems = (changes: Record<string, string>) => {
      const parsed = parse(kind, changes)
      return parsed.ok ? [] : parsed.problems.map(({ field, code }) => `${field} ${code.replace('documents.', '')}`)
    }
    expect(problems({ issuedOn: '02.03.2026', validUntil: '01.08.2026' })).toEqual(['issuedOn issued_on_future'])
    expect(problems({ issuedOn: '27.03.1985' })[0]).toBe('issuedOn issued_on_before_birth')
    expect(problems({ validUntil: '28.02.2026' })).toEqual(['validUntil valid_until_past'])
    expect(problems({ issuedOn: '01.03.2026', validUntil: '01.03.2026' })).toEqual([
      'validUntil valid_until_before_issue',
    ])
    expect(problems({ issuedOn: '', validUntil: '31.02.2030' })).toEqual([
      'issuedOn issued_on_missing',
      'validUntil valid_until_calendar',
    ])
    expect(problems({ validUntil: '01.03.2026' })).toEqual([])
  })

  test('a temporary certificate is valid for six months at most, counted to the end of a shorter month', () => {
    const ends = (issuedOn: string, validUntil: string) =>
      documentKinds.temporary_certificate.parse(
        { ...typed.temporary_certificate, issuedOn, validUntil },
        { person, now: new Date('2026-09-01T09:00:00Z') },
      )
    expect(ends('31.08.2026', '28.02.2027').ok).toBe(true)
    expect(ends('31.08.2026', '01.03.2027')).toEqual({
      ok: false,
      problems: [{ field: 'validUntil', code: 'documents.valid_until_too_late', values: { months: 6 } }],
    })
  })

  test('a residence permit has an end or is said to have none, never both, never neither', () => {
    expect(parse('residence_permit', { validUntil: '' })).toEqual({
      ok: false,
      problems: [{ field: 'validUntil', code: 'documents.valid_until_or_unlimited' }],
    })
    expect(parse('residence_permit', { unlimited: 'yes' })).toEqual({
      ok: false,
      problems: [{ field: 'validUntil', code: 'documents.valid_until_and_unlimited' }],
    })
    expect(parse('residence_permit', { validUntil: '', unlimited: 'no' }).ok).toBe(false)
    const parsed = parse('residence_permit', { validUntil: '', unlimited: 'yes', series: '' })
    expect(parsed).toEqual({
      ok: true,
      document: {
        kind: 'residence_permit',
        number: '0123456',
        issuedOn: '2020-05-10',
        issuer: 'МВД 770',
        citizenship: 'UZB',
      },
    })
    if (!parsed.ok) return
    expect(validUntil(parsed.document, person)).toBeUndefined()
    expect(isValid(parsed.document, person, new Date('2099-01-01T00:00:00Z'))).toBe(true)
  })

  test.each(dated)('%s counts on its last day and not on the next', (kind) => {
    const parsed = parse(kind)
    if (!parsed.ok) throw new Error('sound')
    const end = validUntil(parsed.document, person)!
    expect(isValid(parsed.document, person, new Date(`${end}T20:59:59Z`))).toBe(true)
    expect(isValid(parsed.document, person, new Date(`${end}T21:00:00Z`))).toBe(false)
  })
})
