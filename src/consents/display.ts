import type { Account } from '#src/accounts/account.ts'
import type { IdentityDocument } from '#src/accounts/documents/document.ts'
import { documentKind, summaryOf } from '#src/accounts/documents/kinds.ts'
import { formatAddress } from '#src/accounts/fields/address.ts'
import { formatDate } from '#src/accounts/fields/date.ts'
import { maskInn } from '#src/accounts/fields/inn.ts'
import { formatPhone } from '#src/accounts/fields/phone.ts'
import { maskSnils } from '#src/accounts/fields/snils.ts'
import { addressOf, provenDataOf } from '#src/accounts/identity/proven-data.ts'
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
  if (asked.has('birthdate')) items.push({ label: t('consent.item.birthdate'), value: formatDate(person.birthDate) })
  if (asked.has('gender')) items.push({ label: t('consent.item.gender'), value: t(`consent.gender.${person.gender}`) })
  if (asked.has('phone_number')) {
    items.push({ label: t('consent.item.phone'), value: account.phone && formatPhone(account.phone) })
  }
  if (asked.has('email')) items.push({ label: t('consent.item.email'), value: account.email })
  items.push(...identityItems(account, asked, { t, locale }))
  if (asked.has('verified_claims'))
    items.push({ label: t('consent.item.verified_claims'), value: t('consent.verified_claims') })
  return items
}

/**
 * What rests on a proof. Numbers are masked: their owner knows them, and others may see the screen. What the registries have not confirmed
 * is not handed over, and the page says so.
 */
function identityItems(
  account: Account,
  asked: ReadonlySet<string>,
  { t, locale }: { readonly t: Translate; readonly locale: Locale },
): ConsentItem[] {
  const { person, documents, identity } = account
  const { snils, inn, document } = provenDataOf(account)
  const address = addressOf(account)
  const unproven = (onRecord: boolean) => (onRecord ? t('consent.not_confirmed') : undefined)
  const values: Readonly<Record<string, string | undefined>> = {
    address: address && formatAddress(address),
    snils: snils === undefined ? unproven(person.snils !== undefined) : maskSnils(snils),
    inn: inn === undefined ? unproven(person.inn !== undefined) : maskInn(inn),
    id_doc: document ? maskedDocument(document, { t, locale }) : unproven(documents.length > 0),
    identity_level: t(`accounts.level.${identity.level}`),
  }
  return Object.entries(values)
    .filter(([claim]) => asked.has(claim))
    .map(([claim, value]) => ({ label: t(`consent.item.${claim}`), value }))
}

/** `Паспорт гражданина РФ, •• 10 ••• 456`. */
function maskedDocument(
  document: IdentityDocument,
  { t, locale }: { readonly t: Translate; readonly locale: Locale },
): string {
  const number = summaryOf(document, locale).filter(({ name }) => name === 'series' || name === 'number')
  return `${t(documentKind(document.kind)!.label)}, ${number.map(({ masked }) => masked).join(' ')}`
}
