import { isDeepStrictEqual } from 'node:util'
import type { Account } from '#src/accounts/account.ts'
import type { IdentityDocument } from '#src/accounts/documents/document.ts'
import { isValid } from '#src/accounts/documents/kinds.ts'
import type { Address } from '#src/accounts/fields/address.ts'
import type { Person } from '#src/accounts/person.ts'
import type { CheckedKind, Proposal } from './request.ts'

/** Names, birth date, SNILS and identity document: while one of them is in question, *verified* does not count (R-A8). */
const coreKinds: readonly CheckedKind[] = ['identity', 'document', 'name', 'birth_date', 'recheck']
export const isCore = (kind: string) => coreKinds.includes(kind as CheckedKind)

/** What the record would say if the request were confirmed, as far as registries are asked about it. */
export interface Target {
  readonly person: Person
  /** Those that are compared: the proposed one, else all that are valid by their dates, else all on record. */
  readonly documents: readonly IdentityDocument[]
  /** Twelve digits, or the last four of them. */
  readonly inn?: string
  readonly address?: Address
}

export function targetOf(
  account: Pick<Account, 'person' | 'documents'>,
  kind: CheckedKind,
  proposal: Proposal,
  now: Date,
): Target {
  const { snils, document, inn, address } = proposal
  const { patronymic, ...person } = { ...account.person, ...proposal.person, ...(snils !== undefined && { snils }) }
  const present = account.documents.map((recorded) => recorded.document)
  // One that has ended says nothing about who has another one that has not.
  const valid = present.filter((one) => isValid(one, person, now))
  const own = valid.length > 0 ? valid : present
  return {
    person: patronymic ? { ...person, patronymic } : person,
    documents: isCore(kind) ? (document ? [document] : own) : [],
    ...(inn !== undefined && { inn }),
    ...(address && { address }),
  }
}

/** Whether a proposal says nothing that the record does not say already. @param addresses those on record */
export function saysTheSame(
  { person, documents }: Pick<Account, 'person' | 'documents'>,
  proposal: Proposal,
  addresses: readonly Address[],
): boolean {
  const { snils = person.snils, inn, document, address } = proposal
  return (
    Object.entries(proposal.person ?? {}).every(([field, value]) => (person[field as keyof Person] ?? '') === value) &&
    snils === person.snils &&
    (inn === undefined || person.inn?.endsWith(inn) === true) &&
    (!document || documents.some((recorded) => isDeepStrictEqual(recorded.document, document))) &&
    (!address || addresses.some((recorded) => isDeepStrictEqual(recorded, address)))
  )
}
