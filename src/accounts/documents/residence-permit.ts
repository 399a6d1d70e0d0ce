import { formatCountry, parseCitizenship } from '../fields/country.ts'
import { accepted, type Parsed } from '../fields/parsed.ts'
import { type Problem, problem } from '../fields/problem.ts'
import { expiryProblems, issueProblems, parseValidUntil } from './dates.ts'
import type { ResidencePermit } from './document.ts'
import { documentErrors } from './errors.ts'
import { asItIs, issuedOn, issuer, validUntil } from './field-rules.ts'
import { makeKind } from './kind.ts'
import { maskNumber, parsePermitNumber, parsePermitSeries } from './numbers.ts'

/** What the ticked box sends. */
const YES = 'yes'

export const residencePermit = makeKind<ResidencePermit, Exclude<keyof ResidencePermit, 'kind'> | 'unlimited'>({
  kind: 'residence_permit',
  fields: {
    series: { control: 'digits', optional: true, parse: parsePermitSeries, format: asItIs, mask: maskNumber },
    number: { control: 'digits', parse: parsePermitNumber, format: asItIs, mask: maskNumber },
    issuedOn,
    validUntil: { ...validUntil, optional: true, parse: parseEnd },
    unlimited: { control: 'checkbox', optional: true, parse: parseUnlimited, format: asItIs, mask: asItIs },
    issuer,
    citizenship: { control: 'citizenship', parse: parseCitizenship, format: formatCountry, mask: formatCountry },
  },
  scans: ['main_page', 'registration_page'],
  relations: (values, context) => [
    ...issueProblems(values.issuedOn, context),
    ...expiryProblems(values.validUntil, values.issuedOn, context),
    ...endProblems(values.validUntil, values.unlimited),
  ],
  toDocument: ({ series, validUntil, unlimited: _, ...rest }) => ({
    kind: 'residence_permit',
    ...rest,
    ...(series !== '' && { series }),
    ...(validUntil !== '' && { validUntil }),
  }),
  validUntil: (document) => document.validUntil,
  // Where the series is printed before the number, some people type both into one field: that is one document still.
  identifier: ({ kind, series = '', number }) => `${kind}:${series}${number}`,
})

function parseEnd(input: string): Parsed<string> {
  return input.trim() === '' ? accepted('') : parseValidUntil(input)
}

function parseUnlimited(input: string): Parsed<string> {
  return accepted(input === YES ? YES : '')
}

/** An end that was forgotten must not pass for a permit without one, so that has to be said. */
function endProblems(validUntil: string | undefined, unlimited: string | undefined): Problem[] {
  if (validUntil === undefined) return []
  if (validUntil === '' && unlimited !== YES) return [problem('validUntil', documentErrors.valid_until_or_unlimited)]
  if (validUntil !== '' && unlimited === YES) return [problem('validUntil', documentErrors.valid_until_and_unlimited)]
  return []
}
