import { formatCountry } from '#src/accounts/fields/country.ts'
import type { Proposal } from '#src/proofing/request.ts'
import { valueInWords } from '../identity/history-words.ts'
import type { Wording } from '../journal-words.ts'

type Worded = Pick<Wording, 't' | 'locale'>

/** What a request asks for, each value with its name. */
export function proposalInWords(
  { person = {}, document, address, ...numbers }: Proposal,
  { t, locale }: Worded,
): string[] {
  const values = {
    ...person,
    ...numbers,
    ...(document && { [`document.${document.kind}`]: document }),
    ...(address && { [`address.${address.kind}`]: address }),
  }
  return Object.entries(values).map(([field, value]) => {
    const name = t(`history.field.${field.replace(/^document\..*/, 'document')}`)
    return `${name}: ${value === '' ? t('history.nothing') : valueInWords(field, value, 'whole', { t, locale })}`
  })
}

/** What was typed and not sent. @param answers as they were typed, by the fields of the pages; those of a document begin with `document.` */
export function answersInWords(answers: Readonly<Record<string, string>>, wording: Worded): string[] {
  return Object.entries(answers).map(([field, value]) => {
    const name = field.replace(/^document\./, '')
    const member = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
    return `${wording.t(`export.field.${member}`)}: ${answerInWords(name, value, wording)}`
  })
}

/** What was chosen from a list is sent as its code. */
function answerInWords(name: string, value: string, { t, locale }: Worded): string {
  switch (name) {
    case 'kind':
      return t(`documents.kind.${value}`)
    case 'gender':
      return t(`consent.gender.${value}`)
    case 'country':
    case 'citizenship':
      return formatCountry(value, locale)
    case 'unlimited':
      return t('export.yes')
    default:
      return value
  }
}
