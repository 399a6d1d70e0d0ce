import type { Translate } from '#src/kernel/locale.ts'

/** By text of the consent page, the claims that it stands for; in the order of the page. */
const claimsOfLabel = {
  'consent.item.sub': ['sub'],
  'consent.item.name': ['name', 'family_name', 'given_name', 'middle_name'],
  'consent.item.birthdate': ['birthdate'],
  'consent.item.gender': ['gender'],
  'consent.item.phone': ['phone_number'],
  'consent.item.email': ['email'],
  'consent.item.address': ['address'],
  'consent.item.snils': ['snils'],
  'consent.item.inn': ['inn'],
  'consent.item.id_doc': ['id_doc'],
  'consent.item.identity_level': ['identity_level'],
  'consent.item.verified_claims': ['verified_claims'],
} as const satisfies Readonly<Record<string, readonly string[]>>

/** Keys of the texts that name the data behind claims, each once. */
export function labelsOf(claims: Iterable<string>): string[] {
  const named = new Set(claims)
  return Object.entries(claimsOfLabel)
    .filter(([, behind]) => behind.some((claim) => named.has(claim)))
    .map(([label]) => label)
}

const VERIFIED = 'verified_claims.'

/** What went out to a service, in words. @param names of claims, those inside `verified_claims` as `verified_claims.snils` */
export function releasedInWords(names: readonly string[], t: Translate): string[] {
  const verified = names.filter((name) => name.startsWith(VERIFIED)).map((name) => name.slice(VERIFIED.length))
  return [
    ...labelsOf(names).map((label) => t(label)),
    ...labelsOf(verified).map((label) => t('consent.with_verification', { data: t(label) })),
  ]
}
