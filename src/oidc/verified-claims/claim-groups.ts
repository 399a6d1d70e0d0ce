import { scopeClaims } from '#src/consents/scopes.ts'

/** The claim that holds an identity document; who agrees to it agrees to the details of the document that a proof rests on. */
export const ID_DOCUMENT = 'id_doc'

/** Claims by what a proof may cover. */
const claimsOfGroup = {
  person: ['name', 'family_name', 'given_name', 'middle_name', 'birthdate'],
  snils: ['snils'],
  inn: ['inn'],
  document: [ID_DOCUMENT],
  address: ['address'],
} as const satisfies Record<string, readonly string[]>

export type ProvenGroup = keyof typeof claimsOfGroup

const released = new Set<string>(Object.values(scopeClaims).flat())

/** Claims that may stand in `verified_claims`: those that can be proven and that a person can agree to. */
export const verifiableClaims: readonly string[] = Object.values(claimsOfGroup)
  .flat()
  .filter((claim) => released.has(claim))

/** Of an account's claims, those that proofs of these groups cover. */
export function claimsCovered(
  claims: Readonly<Record<string, unknown>>,
  groups: Iterable<ProvenGroup>,
): Record<string, unknown> {
  const covered = new Set<string>([...groups].flatMap((group) => claimsOfGroup[group] as readonly string[]))
  return Object.fromEntries(Object.entries(claims).filter(([name]) => covered.has(name)))
}
