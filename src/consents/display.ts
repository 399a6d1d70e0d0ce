import type { Account } from '#src/accounts/account.ts'
import { wordedBirthDate } from '#src/accounts/fields/birth-date.ts'
import { formatPhone } from '#src/accounts/fields/phone.ts'
import type { Locale, Translate } from '#src/kernel/locale.ts'
import { claimsAsked } from './scopes.ts'

/** One line of the consent page: what would be handed over, with the value of this person. */
export interface ConsentItem {
  readonly label: string
  /** Absent where the person has no such datum, or where the item is not a datum. */
  readonly value: string | undefined
}

const nameClaims = ['name', 'family_name', 'given_name', 'middle_name']

/** The data that the scopes and named claims would hand over, in words and in the person's own values. */
export function consentItems(
  account: Account,
  request: { readonly scopes: readonly string[]; readonly claims: readonly string[] },
  { t, locale }: { readonly t: Translate; readonly locale: Locale },
): ConsentItem[] {
  const asked = new Set(claimsAsked(request.scopes, request.claims))
  const { person } = account
  const items: ConsentItem[] = [{ label: t('consent.item.sub'), value: String(account.oid) }]
  if (nameClaims.some((claim) => asked.has(claim))) {
    const name = [person.familyName, person.givenName, person.patronymic].filter((part) => part !== undefined).join(' ')
    items.push({ label: t('consent.item.name'), value: name })
  }
  if (asked.has('birthdate'))
    items.push({ label: t('consent.item.birthdate'), value: wordedBirthDate(person.birthDate, locale) })
  if (asked.has('gender')) items.push({ label: t('consent.item.gender'), value: t(`consent.gender.${person.gender}`) })
  if (asked.has('phone_number')) {
    items.push({ label: t('consent.item.phone'), value: account.phone && formatPhone(account.phone) })
  }
  if (asked.has('email')) items.push({ label: t('consent.item.email'), value: account.email })
  if (asked.has('verified_claims'))
    items.push({ label: t('consent.item.verified_claims'), value: t('consent.verified_claims') })
  return items
}
