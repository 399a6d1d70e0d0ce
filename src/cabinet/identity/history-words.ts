import type { IdentityDocument } from '#src/accounts/documents/document.ts'
import { documentKinds, summaryOf } from '#src/accounts/documents/kinds.ts'
import { type Address, formatAddress, maskAddress } from '#src/accounts/fields/address.ts'
import { formatCountry } from '#src/accounts/fields/country.ts'
import { formatDate } from '#src/accounts/fields/date.ts'
import { maskInn } from '#src/accounts/fields/inn.ts'
import { formatSnils, maskSnils } from '#src/accounts/fields/snils.ts'
import { maskText } from '#src/accounts/fields/text.ts'
import type { PastChange } from '#src/accounts/identity/history.ts'
import type { Locale, Translate } from '#src/kernel/locale.ts'
import { momentInWords } from '../place-words.ts'

type Shown = 'masked' | 'whole'

/** One change as the pages show it. */
export function changeInWords(change: PastChange, t: Translate, locale: Locale, shown: Shown) {
  const { field, actor, at } = change
  const valuesAs = (as: Shown) =>
    [change.before, change.after].map((value) =>
      value === undefined ? t('history.nothing') : valueInWords(field, value, as, { t, locale }),
    )
  const [masked, whole] = [valuesAs('masked'), valuesAs('whole')]
  const [before, after] = shown === 'whole' ? whole : masked
  return {
    field: t(`history.field.${field.replace(/^document\..*/, 'document')}`),
    before,
    after,
    isMasked: masked.join() !== whole.join(),
    by: actor === 'owner' || actor === 'registry' ? t('history.by_owner') : t('history.by_operator'),
    at: momentInWords(at, t, locale),
  }
}

/** @param field a member of the person, or `document.<kind>`, `address.<kind>` */
export function valueInWords(
  field: string,
  value: unknown,
  shown: Shown,
  { t, locale }: { t: Translate; locale: Locale },
): string {
  const isWhole = shown === 'whole'
  if (field.startsWith('document.')) {
    const document = value as IdentityDocument
    const kind = t(documentKinds[document.kind].label)
    const lines = summaryOf(document, locale)
    if (isWhole) return [kind, ...lines.map(({ label, text }) => `${t(label)}: ${text}`)].join('. ')
    return t('history.document', { kind, number: lines.find(({ name }) => name === 'number')?.masked ?? '' })
  }
  if (field.startsWith('address.')) return (isWhole ? formatAddress : maskAddress)(value as Address)
  const text = String(value)
  switch (field) {
    case 'birthDate':
      return formatDate(text)
    case 'gender':
      return t(`consent.gender.${text}`)
    case 'snils':
      return isWhole ? formatSnils(text) : maskSnils(text)
    case 'inn':
      return isWhole ? text : maskInn(text)
    case 'birthPlace':
      return isWhole ? text : maskText()
    case 'citizenship':
      return formatCountry(text, locale)
    default:
      return text
  }
}
