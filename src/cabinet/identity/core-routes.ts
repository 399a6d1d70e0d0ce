import { documentErrors } from '#src/accounts/documents/errors.ts'
import type { FormField } from '#src/accounts/documents/kind.ts'
import { documentKind, documentKinds } from '#src/accounts/documents/kinds.ts'
import { parseBirthDate } from '#src/accounts/fields/birth-date.ts'
import { citizenships, foreignCountries } from '#src/accounts/fields/country.ts'
import { formatDate } from '#src/accounts/fields/date.ts'
import { parseGender } from '#src/accounts/fields/gender.ts'
import { parseSnils } from '#src/accounts/fields/snils.ts'
import type { Page, Routes } from '#src/http/context.ts'
import type { Locale } from '#src/kernel/locale.ts'
import { DOCUMENT, nameFields, problemsOf, readDocument, readName } from './answers.ts'
import { type Question, type QuestionDeps, questionRoutes } from './question-routes.ts'
import { IDENTITY } from './subjects.ts'

const NAME: Question = {
  path: `${IDENTITY}/name`,
  view: 'cabinet/identity/name',
  subject: 'core',
  fields: nameFields,
  present: ({ person }) => Object.fromEntries(nameFields.map((field) => [field, person[field] ?? ''])),
  problems: (typed) => problemsOf(readName(typed)),
}

const BIRTH_DATE: Question = {
  path: `${IDENTITY}/birth-date`,
  view: 'cabinet/identity/birth-date',
  subject: 'core',
  fields: ['birthDate'],
  present: ({ person }) => ({ birthDate: formatDate(person.birthDate) }),
  problems: ({ birthDate = '' }, _answers, { now }) =>
    problemsOf([{ field: 'birthDate', parsed: parseBirthDate(birthDate, now) }]),
}

const GENDER: Question = {
  path: `${IDENTITY}/gender`,
  view: 'cabinet/identity/gender',
  subject: 'core',
  fields: ['gender'],
  present: ({ person }) => ({ gender: person.gender }),
  problems: ({ gender = '' }) => problemsOf([{ field: 'gender', parsed: parseGender(gender) }]),
}

const SNILS: Question = {
  path: `${IDENTITY}/snils`,
  view: 'cabinet/identity/snils',
  subject: 'core',
  fields: ['snils'],
  problems: ({ snils = '' }) => problemsOf([{ field: 'snils', parsed: parseSnils(snils) }]),
}

const DOCUMENT_KIND: Question = {
  path: `${IDENTITY}/document`,
  view: 'cabinet/identity/document-kind',
  subject: 'core',
  fields: ['kind'],
  prefix: DOCUMENT,
  model: ({ t }) => ({
    kinds: Object.values(documentKinds).map(({ kind, label }) => ({ value: kind, text: t(label) })),
  }),
  problems({ kind = '' }, answers, reader) {
    if (!documentKind(kind)) return [{ field: 'kind', code: documentErrors.kind_missing.code }]
    // Nobody shall fill a form in to be told that the letters of the name fit no such document.
    const read = readDocument(answers, reader)
    return read?.ok === false ? read.problems.filter(({ field }) => field === 'kind') : []
  },
  /** What was typed for another kind means something else there. */
  keeps(answers, { kind }) {
    const fields = documentKind(kind ?? '')?.fields.map(({ name }) => DOCUMENT + name) ?? []
    const others = Object.entries(answers).filter(
      ([name]) => !name.startsWith(DOCUMENT) || name === `${DOCUMENT}kind` || fields.includes(name),
    )
    return Object.fromEntries(others)
  },
  next: ({ kind }) => `${IDENTITY}/document/${kind}`,
}

/** One page for the fields of each kind. */
const documentPages: readonly Question[] = Object.values(documentKinds).map(({ kind, label, fields }) => ({
  path: `${IDENTITY}/document/${kind}`,
  view: 'cabinet/identity/document',
  subject: 'core',
  fields: fields.map(({ name }) => name),
  prefix: DOCUMENT,
  model: (page) => ({ title: page.t(label), drawn: fields.map((field) => shown(kind, field, page)) }),
  problems(_typed, answers, reader) {
    const read = readDocument({ ...answers, [`${DOCUMENT}kind`]: kind }, reader)
    return read?.ok === false ? read.problems : []
  },
  keeps: (answers) => ({ ...answers, [`${DOCUMENT}kind`]: kind }),
}))

const options: Partial<Record<FormField['control'], (locale: Locale) => { code: string; name: string }[]>> = {
  country: foreignCountries,
  citizenship: citizenships,
}

/** A field as the view draws it; with a hint where there is more to say than its label. */
function shown(kind: string, { name, control, optional, label }: FormField, { t, locale }: Page) {
  const hintKey = hints[`${kind}.${name}`] ?? hints[name]
  return {
    name,
    control,
    label: optional && control !== 'checkbox' ? t('identity.optional', { label: t(label) }) : t(label),
    ...(hintKey !== undefined && { hint: t(hintKey) }),
    width: widths[name],
    options: options[control]?.(locale).map(({ code, name: text }) => ({ value: code, text })),
  }
}

const hints: Readonly<Record<string, string>> = {
  issuedOn: 'identity.hint_issued_on',
  validUntil: 'identity.hint_valid_until',
  'passport_rf.series': 'identity.hint_passport_series',
  'passport_rf.number': 'identity.hint_passport_number',
  'passport_rf.departmentCode': 'identity.hint_department_code',
  'passport_rf.issuer': 'identity.hint_as_printed',
  'passport_rf.birthPlace': 'identity.hint_as_printed',
  'temporary_certificate.issuer': 'identity.hint_as_printed',
  'residence_permit.series': 'identity.hint_permit_series',
  'residence_permit.issuer': 'identity.hint_as_printed',
}

const widths: Readonly<Record<string, string>> = { series: '5', number: '10', departmentCode: '10' }

/** The questions about who somebody is. */
export function coreRoutes(router: Routes, deps: QuestionDeps): void {
  for (const question of [NAME, BIRTH_DATE, GENDER, SNILS, DOCUMENT_KIND, ...documentPages])
    questionRoutes(router, question, deps)
}
