import type { Account } from '#src/accounts/account.ts'
import type { DocumentKindName, IdentityDocument } from '#src/accounts/documents/document.ts'
import { documentKind, documentKinds, isValid, summaryOf } from '#src/accounts/documents/kinds.ts'
import { parseAddress } from '#src/accounts/fields/address.ts'
import { parseBirthDate } from '#src/accounts/fields/birth-date.ts'
import { formatDate } from '#src/accounts/fields/date.ts'
import { parseGender } from '#src/accounts/fields/gender.ts'
import { parseInn, parseInnTail } from '#src/accounts/fields/inn.ts'
import { matchScript, type NameField, parseName } from '#src/accounts/fields/name.ts'
import type { Parsed } from '#src/accounts/fields/parsed.ts'
import type { Problem } from '#src/accounts/fields/problem.ts'
import { formatSnils, parseSnils } from '#src/accounts/fields/snils.ts'
import type { Person } from '#src/accounts/person.ts'
import type { Locale } from '#src/kernel/locale.ts'
import type { CheckedKind, Proposal } from '#src/proofing/request.ts'

/**
 * What was typed into the pages of one subject and not sent yet, by field; fields of a document begin with `document.`, its kind is
 * `document.kind`. Only texts that their rules let through are kept, as they were typed.
 */
export type Answers = Readonly<Record<string, string>>

export const DOCUMENT = 'document.'
export const nameFields: readonly NameField[] = ['familyName', 'givenName', 'patronymic']

/** What the rules measure typed text by. */
export interface Reader {
  readonly account: Pick<Account, 'person' | 'documents' | 'addresses' | 'identity'>
  /** Policy: a document from abroad stands for the SNILS of who has none (R-A3). */
  readonly foreignDocuments: boolean
  readonly now: Date
}

/** A page on which something is missing or refused by now. */
export type CorePage = 'name' | 'birth-date' | 'gender' | 'document' | 'snils'

/** Names, birth date, gender, document and SNILS: what decides the level, asked for in one request. */
export interface CoreReading {
  readonly kind: CheckedKind
  /** Only what the record does not say already. */
  readonly proposal: Proposal
  /** In the order in which they are dealt with; none once it can be sent. */
  readonly pages: readonly CorePage[]
}

export function readCore(answers: Answers, reader: Reader): CoreReading {
  const { account, now } = reader
  const { person, documents } = account
  const pages: CorePage[] = []
  const keep = <T>(page: CorePage, parsed: Parsed<T>): T | undefined => {
    if (parsed.ok) return parsed.value
    if (!pages.includes(page)) pages.push(page)
    return undefined
  }
  const given = (field: string) => answers[field] !== undefined
  const names: Partial<Record<NameField, string>> = {}
  if (given('familyName'))
    for (const { field, parsed } of readName(answers)) {
      const value = keep('name', parsed)
      if (value !== undefined && value !== (person[field] ?? '')) names[field] = value
    }
  const birthDate = given('birthDate') ? keep('birth-date', parseBirthDate(answers.birthDate!, now)) : undefined
  const gender = given('gender') ? keep('gender', parseGender(answers.gender!)) : undefined
  const proposed = {
    ...names,
    ...(birthDate !== undefined && birthDate !== person.birthDate && { birthDate }),
    ...(gender !== undefined && gender !== person.gender && { gender }),
  }
  const document = readDocument(answers, reader)
  if (document && !document.ok) pages.push('document')
  const snils = given('snils') ? keep('snils', parseSnils(answers.snils!)) : undefined
  const isOther = document?.ok && !documents.some((recorded) => sameDocument(recorded.document, document.document))
  const proposal: Proposal = {
    ...(Object.keys(proposed).length > 0 && { person: proposed }),
    ...(isOther && { document: document.document }),
    ...(snils !== undefined && snils !== person.snils && { snils }),
  }
  return { kind: kindOf(reader, proposal), proposal, pages: [...pages, ...missingPages(proposal, pages, reader)] }
}

/** What has to be told before the request makes sense: for *standard* a document and the SNILS, for another family name its document. */
function missingPages({ person, document, snils }: Proposal, refused: readonly CorePage[], reader: Reader): CorePage[] {
  const { account, foreignDocuments, now } = reader
  const valid = account.documents.filter((recorded) => isValid(recorded.document, account.person, now))
  const fromAbroad = [document, ...valid.map((recorded) => recorded.document)].some(
    (known) => known?.kind === 'foreign_passport' || known?.kind === 'residence_permit',
  )
  const hasSnils = snils ?? account.person.snils ?? (foreignDocuments && fromAbroad ? '' : undefined)
  const needsDocument = valid.length === 0 || person?.familyName !== undefined
  const missing: CorePage[] = []
  if (needsDocument && !document) missing.push('document')
  if (hasSnils === undefined) missing.push('snils')
  return missing.filter((page) => !refused.includes(page))
}

function kindOf({ account }: Reader, { person = {}, snils, document }: Proposal): CheckedKind {
  if (account.identity.level === 'simplified' || snils !== undefined) return 'identity'
  if (nameFields.some((field) => person[field] !== undefined)) return 'name'
  if (person.birthDate !== undefined) return 'birth_date'
  return document ? 'document' : 'identity'
}

export function readName(answers: Answers): { readonly field: NameField; readonly parsed: Parsed<string> }[] {
  const family = parseName('familyName', answers.familyName ?? '')
  return nameFields.map((field) => {
    if (field === 'familyName') return { field, parsed: family }
    const parsed = parseName(field, answers[field] ?? '')
    return { field, parsed: parsed.ok && family.ok ? matchScript(field, parsed.value, family.value) : parsed }
  })
}

/** Read as a document of whom the answers make the person to be. @returns undefined before a kind is chosen */
export function readDocument(answers: Answers, { account, now }: Reader) {
  const kind = documentKind(answers[`${DOCUMENT}kind`] ?? '')
  if (!kind) return undefined
  const birthDate = parseBirthDate(answers.birthDate ?? '', now)
  const person = {
    familyName: answers.familyName ?? account.person.familyName,
    birthDate: birthDate.ok ? birthDate.value : account.person.birthDate,
  }
  return kind.parse(documentFields(answers), { person, now })
}

function documentFields(answers: Answers): Record<string, string> {
  const own = Object.entries(answers).filter(([name]) => name.startsWith(DOCUMENT))
  return Object.fromEntries(own.map(([name, value]) => [name.slice(DOCUMENT.length), value]))
}

const sameDocument = (one: IdentityDocument, other: IdentityDocument) =>
  JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort())

/** The whole number or its last four digits, whichever was typed. */
export function readInn(input: string): Parsed<string> {
  const tail = parseInnTail(input)
  return tail.ok ? tail : parseInn(input)
}

export function readAddress(kind: 'registered' | 'actual', answers: Answers) {
  return parseAddress({ kind, postcode: answers.postcode ?? '', text: answers.text ?? '' })
}

/** What was asked for before, as it would be typed. */
export function answersOf({ person = {}, document, snils, inn, address }: Proposal, record: Person): Answers {
  const { birthDate, gender } = person
  const named = nameFields.some((field) => person[field] !== undefined)
  const names = nameFields.map((field) => [field, person[field] ?? record[field] ?? ''] as const)
  return {
    ...(named && Object.fromEntries(names)),
    ...(birthDate !== undefined && { birthDate: formatDate(birthDate) }),
    ...(gender !== undefined && { gender }),
    ...(document && documentAnswers(document)),
    ...(snils !== undefined && { snils: formatSnils(snils) }),
    ...(inn !== undefined && { inn }),
    ...(address && { text: address.text, ...(address.postcode !== undefined && { postcode: address.postcode }) }),
  }
}

function documentAnswers(document: IdentityDocument): Answers {
  const listed = new Set(
    documentKinds[document.kind].fields.flatMap(({ name, control }) =>
      control === 'country' || control === 'citizenship' ? [name] : [],
    ),
  )
  const values = new Map<string, string>(Object.entries(document))
  const typed = summaryOf(document, 'ru' satisfies Locale).map(({ name, text }) => [
    DOCUMENT + name,
    // A list sends the code of a country, whatever its name.
    listed.has(name) ? values.get(name)! : text,
  ])
  const unlimited = document.kind === 'residence_permit' && document.validUntil === undefined
  return {
    [`${DOCUMENT}kind`]: document.kind satisfies DocumentKindName,
    ...Object.fromEntries(typed),
    ...(unlimited && { [`${DOCUMENT}unlimited`]: 'yes' }),
  }
}

export const problemsOf = (parts: readonly { readonly field: string; readonly parsed: Parsed<unknown> }[]): Problem[] =>
  parts.flatMap(({ field, parsed }) =>
    parsed.ok ? [] : [{ field, code: parsed.code, ...(parsed.values && { values: parsed.values }) }],
  )
