import { addMonths } from '../fields/date.ts'
import { type Problem, problem } from '../fields/problem.ts'
import { expiryProblems, issueProblems } from './dates.ts'
import type { TemporaryCertificate } from './document.ts'
import { documentErrors } from './errors.ts'
import { asItIs, issuedOn, issuer, validUntil } from './field-rules.ts'
import { makeKind } from './kind.ts'
import { maskNumber, parseCertificateNumber } from './numbers.ts'

const LONGEST_MONTHS = 6

export const temporaryCertificate = makeKind<TemporaryCertificate, Exclude<keyof TemporaryCertificate, 'kind'>>({
  kind: 'temporary_certificate',
  script: 'cyrillic',
  fields: {
    number: { control: 'text', parse: parseCertificateNumber, format: asItIs, mask: maskNumber },
    issuedOn,
    validUntil,
    issuer,
  },
  scans: ['both_sides'],
  relations: (values, context) => [
    ...issueProblems(values.issuedOn, context),
    ...expiryProblems(values.validUntil, values.issuedOn, context),
    ...tooLate(values.issuedOn, values.validUntil),
  ],
  toDocument: (values) => ({ kind: 'temporary_certificate', ...values }),
  validUntil: (document) => document.validUntil,
  // Each department counts its certificates from one, so that a number alone is many documents.
  identifier: ({ kind, number, issuedOn }) => `${kind}:${number}:${issuedOn}`,
})

function tooLate(issuedOn: string | undefined, validUntil: string | undefined): Problem[] {
  if (issuedOn === undefined || validUntil === undefined) return []
  if (validUntil <= addMonths(issuedOn, LONGEST_MONTHS)) return []
  return [problem('validUntil', documentErrors.valid_until_too_late, { months: LONGEST_MONTHS })]
}
