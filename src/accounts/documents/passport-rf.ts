import { addDays, birthday, dateOf } from '../fields/date.ts'
import {
  formatDepartmentCode,
  formatPassportSeries,
  maskDepartmentCode,
  maskPassportNumber,
  maskPassportSeries,
  parseDepartmentCode,
  parsePassportNumber,
  parsePassportSeries,
} from '../fields/passport.ts'
import { type Problem, problem } from '../fields/problem.ts'
import { maskText, parseBirthPlace } from '../fields/text.ts'
import { issueProblems, type ParseContext } from './dates.ts'
import type { Holder, PassportRf } from './document.ts'
import { documentErrors } from './errors.ts'
import { asItIs, issuedOn, issuer } from './field-rules.ts'
import { makeKind } from './kind.ts'

const YOUNGEST_YEARS = 14
/** Ages at which it is replaced, and for how long after the birthday the old one still counts. */
const REPLACED_AT_YEARS = [20, 45]
const GRACE_DAYS = 90

export const passportRf = makeKind<PassportRf, Exclude<keyof PassportRf, 'kind'>>({
  kind: 'passport_rf',
  script: 'cyrillic',
  fields: {
    series: {
      control: 'digits',
      parse: parsePassportSeries,
      format: formatPassportSeries,
      mask: maskPassportSeries,
    },
    number: { control: 'digits', parse: parsePassportNumber, format: asItIs, mask: maskPassportNumber },
    issuedOn,
    departmentCode: {
      control: 'digits',
      parse: parseDepartmentCode,
      format: formatDepartmentCode,
      mask: maskDepartmentCode,
    },
    issuer,
    birthPlace: { control: 'text', parse: parseBirthPlace, format: asItIs, mask: maskText },
  },
  scans: ['main_page', 'registration_page'],
  relations: (values, context) => [
    ...issueProblems(values.issuedOn, context, YOUNGEST_YEARS),
    ...expired(values.issuedOn, context),
  ],
  toDocument: (values) => ({ kind: 'passport_rf', ...values }),
  validUntil: (document, person) => ending(document.issuedOn, person)?.lastDay,
  identifier: ({ kind, series, number }) => `${kind}:${series}${number}`,
})

/** It ends at the first of those birthdays after its issue; one that was issued on the birthday is the new one already. */
function ending(issuedOn: string, { birthDate }: Holder): { years: number; lastDay: string } | undefined {
  const years = REPLACED_AT_YEARS.find((age) => issuedOn < birthday(birthDate, age))
  return years === undefined ? undefined : { years, lastDay: addDays(birthday(birthDate, years), GRACE_DAYS) }
}

function expired(issuedOn: string | undefined, { person, now }: ParseContext): Problem[] {
  const end = issuedOn === undefined ? undefined : ending(issuedOn, person)
  if (end === undefined || end.lastDay >= dateOf(now)) return []
  return [problem('issuedOn', documentErrors.passport_expired, { years: end.years })]
}
