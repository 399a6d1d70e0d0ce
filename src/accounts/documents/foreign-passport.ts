import type { DefinedError } from '#src/kernel/errors.ts'
import { formatCountry, parseCountry, RUSSIA } from '../fields/country.ts'
import { parseName } from '../fields/name.ts'
import { type Parsed, refused } from '../fields/parsed.ts'
import { scriptOf } from '../fields/scripts.ts'
import { maskText } from '../fields/text.ts'
import { expiryProblems, issueProblems } from './dates.ts'
import type { ForeignPassport } from './document.ts'
import { documentErrors } from './errors.ts'
import { asItIs, issuedOn, validUntil } from './field-rules.ts'
import { type FieldRule, makeKind } from './kind.ts'
import { maskNumber, parseForeignNumber } from './numbers.ts'

export const foreignPassport = makeKind<ForeignPassport, Exclude<keyof ForeignPassport, 'kind'>>({
  kind: 'foreign_passport',
  script: 'latin',
  fields: {
    country: { control: 'country', parse: parseIssuingCountry, format: formatCountry, mask: formatCountry },
    number: { control: 'text', parse: parseForeignNumber, format: asItIs, mask: maskNumber },
    issuedOn,
    validUntil,
    familyName: latinName('familyName', documentErrors.family_name_latin),
    givenName: latinName('givenName', documentErrors.given_name_latin),
  },
  scans: ['main_page'],
  relations: (values, context) => [
    ...issueProblems(values.issuedOn, context),
    ...expiryProblems(values.validUntil, values.issuedOn, context),
  ],
  toDocument: (values) => ({ kind: 'foreign_passport', ...values }),
  validUntil: (document) => document.validUntil,
  identifier: ({ kind, country, number }) => `${kind}:${country}:${number}`,
})

function parseIssuingCountry(input: string): Parsed<string> {
  const country = parseCountry(input, {
    missing: documentErrors.country_missing,
    unknown: documentErrors.country_unknown,
  })
  return country.ok && country.value === RUSSIA ? refused(documentErrors.country_russia) : country
}

function latinName(field: 'familyName' | 'givenName', other: DefinedError): FieldRule {
  return {
    control: 'text',
    parse(input) {
      const name = parseName(field, input)
      return name.ok && scriptOf(name.value) !== 'latin' ? refused(other) : name
    },
    format: asItIs,
    mask: maskText,
  }
}
