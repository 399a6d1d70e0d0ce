import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { documentKinds } from '#src/accounts/documents/kinds.ts'
import { parseAddress } from '#src/accounts/fields/address.ts'
import { parseBirthDate } from '#src/accounts/fields/birth-date.ts'
import { parseCitizenship } from '#src/accounts/fields/country.ts'
import { parseEmail } from '#src/accounts/fields/email.ts'
import { parseGender } from '#src/accounts/fields/gender.ts'
import { parseInn, parseInnTail, parseOrganisationInn } from '#src/accounts/fields/inn.ts'
import { parseKpp } from '#src/accounts/fields/kpp.ts'
import { ru } from '#src/accounts/fields/messages.ru.ts'
import { parseName } from '#src/accounts/fields/name.ts'
import { parseOgrn, parseOgrnip } from '#src/accounts/fields/ogrn.ts'
import type { Parsed } from '#src/accounts/fields/parsed.ts'
import { parseDepartmentCode, parsePassportNumber, parsePassportSeries } from '#src/accounts/fields/passport.ts'
import { parsePhone } from '#src/accounts/fields/phone.ts'
import { parsePostcode } from '#src/accounts/fields/postcode.ts'
import { parseSnils } from '#src/accounts/fields/snils.ts'
import { parseBirthPlace, parseIssuer } from '#src/accounts/fields/text.ts'

const now = new Date('2026-03-01T09:00:00Z')
const rules: Readonly<Record<string, (input: string) => Parsed<string>>> = {
  birthDate: (input) => parseBirthDate(input, now),
  citizenship: parseCitizenship,
  email: parseEmail,
  gender: parseGender,
  inn: parseInn,
  innTail: parseInnTail,
  organisationInn: parseOrganisationInn,
  kpp: parseKpp,
  familyName: (input) => parseName('familyName', input),
  ogrn: parseOgrn,
  ogrnip: parseOgrnip,
  departmentCode: parseDepartmentCode,
  passportNumber: parsePassportNumber,
  passportSeries: parsePassportSeries,
  phone: parsePhone,
  postcode: parsePostcode,
  snils: parseSnils,
  birthPlace: parseBirthPlace,
  issuer: parseIssuer,
}

/** Characters that are special to one rule or another, and halves of characters. */
const anything = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'0123456789 -.№/ОOabЁж\u00a0\u200b\u202e\u0301\ufdfa\ud800\udc00@+\n\u0000') }),
  fc.string({ unit: 'binary', maxLength: 200 }),
)
/** Shapes that make a careless pattern backtrack, or a normalisation grow. */
const huge = ['1', ' ', '-', 'я', 'a.', "a'", '\u0301', '\ufdfa', '\ud800', '1 ', 'a@', '0\u200b', '<'].flatMap(
  (unit) => [unit.repeat(100_000 / unit.length), `${unit.repeat(100_000 / unit.length - 1)}!`],
)

describe.each(Object.entries(rules))('any text as %s', (_, parse) => {
  test('is taken or refused with a text, and what was taken is taken again', () => {
    fc.assert(
      fc.property(anything, (input) => {
        const parsed = parse(input)
        if (!parsed.ok) expect(ru).toHaveProperty([parsed.code])
        // Dates are typed in one form and kept in another.
        else if (parse !== rules.birthDate) expect(parse(parsed.value)).toEqual(parsed)
      }),
    )
  })

  test('of 100 000 characters is refused', () => {
    for (const input of huge) expect(parse(input).ok).toBe(false)
  })
})

describe('any text in all fields of a form', () => {
  test('of an address is taken or refused', () => {
    fc.assert(
      fc.property(anything, (input) => {
        const parsed = parseAddress({ kind: 'actual', postcode: input, city: input, house: input, text: input })
        if (!parsed.ok) for (const { code } of parsed.problems) expect(ru).toHaveProperty([code])
      }),
    )
  })

  test.each(Object.values(documentKinds))(
    'of a document ($kind) is refused, in bounded time too',
    ({ fields, parse }) => {
      const context = { person: { birthDate: '1985-03-27', familyName: 'Иванова' }, now }
      const filled = (input: string) => Object.fromEntries(fields.map(({ name }) => [name, input]))
      fc.assert(
        fc.property(anything, (input) => {
          expect(parse(filled(input), context).ok).toBe(false)
        }),
      )
      for (const input of huge) expect(parse(filled(input), context).ok).toBe(false)
    },
  )
})
