import type { Account, RecordedDocument } from '../account.ts'
import type { Address } from '../fields/address.ts'

/** What others may be told of a record beside names, birth date and contacts. */
export interface ProvenData {
  /** Eleven digits. */
  readonly snils: string | undefined
  /** Twelve digits. */
  readonly inn: string | undefined
  /** The newest one in force. */
  readonly document: RecordedDocument['document'] | undefined
}

/** Numbers and documents as far as the registries know them to be this person's; what was merely typed stays here. */
export function provenDataOf({ person, documents, identity: { reconciled } }: Account): ProvenData {
  const covered = new Set(reconciled.get('document')?.map(({ covers }) => covers.document))
  return {
    snils: reconciled.has('snils') ? person.snils : undefined,
    inn: reconciled.has('inn') ? person.inn : undefined,
    document: documents.find(({ digest }) => covered.has(digest))?.document,
  }
}

/** The one that stands for the person: where they are registered, else where they live. */
export const addressOf = ({ addresses }: Pick<Account, 'addresses'>): Address | undefined =>
  (registeredOf(addresses) ?? addresses[0])?.address

/** Where the person of the record is registered, as a registry found them. */
export const provenAddressOf = ({
  addresses,
  identity: { reconciled },
}: Pick<Account, 'addresses' | 'identity'>): Address | undefined =>
  reconciled.has('address') ? registeredOf(addresses)?.address : undefined

const registeredOf = (addresses: Account['addresses']) => addresses.find(({ address }) => address.kind === 'registered')
