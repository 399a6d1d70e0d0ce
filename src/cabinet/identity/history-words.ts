import type { IdentityDocument } from '#src/accounts/documents/document.ts'
import { documentKinds, summaryOf } from '#src/accounts/documents/kinds.ts'
import { type Address, maskAddress } from '#src/accounts/fields/address.ts'
import { wordedBirthDate } from '#src/accounts/fields/birth-date.ts'
import { formatCountry } from '#src/accounts/fields/country.ts'
import { maskInn } from '#src/accounts/fields/inn.ts'
import { maskSnils } from '#src/accounts/fields/snils.ts'
import { maskText } from '#src/accounts/fields/text.ts'
import type { PastChange } from '#src/accounts/identity/history.ts'
import type { Locale, Translate } from '#src/kernel/locale.ts'
import { momentInWords } from '../place-words.ts'

/** One change as the page shows it; identifiers are masked. */
export function changeInWords({ field, before, after, actor, at }: PastChange, t: Translate, locale: Locale) {
  const inWords = (value: unknown) =>
    value === undefined ? t('history.nothing') : valueInWords(field, value, t, locale)
  return {
    field: t(`history.field.${field.replace(/^document\..*/, 'document')}`),
    before: inWords(before),
    after: inWords(after),
    by: actor === 'owner' || actor === 'registry' ? t('history.by_owner') : t('history.by_operator'),
    at: momentInWords(at, t, locale),
  }
}

function valueInWords(field: string, value: unknown, t: Translate, locale: Locale): string {
  if (field.startsWith('document.')) {
    const document = value as IdentityDocument
    const number = summaryOf(document, locale).find(({ name }) => name === 'number')?.masked ?? ''
    return t('history.document', { kind: t(documentKinds[document.kind].label), number })
  }
  if (field.startsWith('address.')) return maskAddress(value as Address)
  const text = String(value)
  switch (field) {
    case 'birthDate':
      return wordedBirthDate(text, locale)
    case 'gender':
      return t(`consent.gender.${text}`)
    case 'snils':
      return maskSnils(text)
    case 'inn':
      return maskInn(text)
    case 'birthPlace':
      return maskText()
    case 'citizenship':
      return formatCountry(text, locale)
    default:
      return text
  }
}
