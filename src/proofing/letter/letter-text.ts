import type { Address } from '#src/accounts/fields/address.ts'
import { formatAddress } from '#src/accounts/fields/address.ts'
import type { Person } from '#src/accounts/person.ts'
import { type Locale, type Translate, wordedDate, wordedMoment } from '#src/kernel/locale.ts'
import { groupedNumber } from '../request-number.ts'
import { printedCode } from './code.ts'
import type { PrintedLetter } from './letter-pdf.ts'

/** Who sends letters, and where a person goes with one. */
export interface Sender {
  readonly name: Readonly<Record<Locale, string>>
  /** Lines of the address that an undelivered letter comes back to. */
  readonly address: readonly string[]
  readonly issuer: URL
}

/** Names in the order of an envelope. */
export const recipientName = ({ familyName, givenName, patronymic }: Person) =>
  [familyName, givenName, patronymic].filter(Boolean).join(' ')

/** All that stands in a letter. @param letter.number ten digits @param letter.code ten characters */
export function letterText(
  t: Translate,
  locale: Locale,
  sender: Sender,
  letter: {
    readonly person: Person
    readonly address: Address
    readonly number: string
    readonly code: string
    readonly at: Date
    readonly until: Date
  },
): PrintedLetter {
  const { person, code, at } = letter
  const number = groupedNumber(letter.number)
  const service = sender.name[locale]
  const address = sender.issuer.origin
  const until = wordedMoment(letter.until, locale)
  return {
    lang: locale,
    title: t('letter.title'),
    sender: [service, ...sender.address],
    recipient: { name: recipientName(person), address: formatAddress(letter.address) },
    reference: [wordedDate(at, locale), t('letter.number', { number })],
    intro: [t('letter.intro_why', { service }), t('letter.intro_until', { until })],
    code: printedCode(code),
    sections: [
      {
        heading: t('letter.how'),
        paragraphs: [t('letter.how_open', { address }), t('letter.how_where', { number }), t('letter.how_enter')],
      },
      { heading: t('letter.secret'), paragraphs: [t('letter.secret_why', { address })] },
      { heading: t('letter.not_me'), paragraphs: [t('letter.not_me_do', { address })] },
    ],
    at,
  }
}
