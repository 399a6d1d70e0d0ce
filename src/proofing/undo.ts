import type { IdentityDocument } from '#src/accounts/documents/document.ts'
import type { Address } from '#src/accounts/fields/address.ts'
import type { PastChange } from '#src/accounts/identity/history.ts'
import type { CheckedKind, Proposal } from './request.ts'

/** By which field a change is called, where several changed together. */
const kinds: readonly (readonly [field: RegExp, kind: CheckedKind])[] = [
  [/^(snils|gender|birthPlace|citizenship)$/, 'identity'],
  [/^(familyName|givenName|patronymic)$/, 'name'],
  [/^birthDate$/, 'birth_date'],
  [/^document\./, 'document'],
  [/^inn$/, 'inn'],
  [/^address\./, 'address'],
]

/**
 * What to ask for so that the record says again what it said before (R-A8): a new request under the same rules.
 * @param changes all that one request led to
 * @returns undefined when there was nothing before, or the change was not asked for by the owner
 */
export function undoOf(changes: readonly PastChange[]): { kind: CheckedKind; proposal: Proposal } | undefined {
  const own = changes.filter(({ cause }) => cause === 'reconciled')
  // Only a patronymic can be taken away again.
  const undoable = own.filter(({ field, before }) => before !== undefined || field === 'patronymic')
  const kind = kinds.find(([named]) => undoable.some(({ field }) => named.test(field)))?.[1]
  if (!kind) return undefined
  const proposal: { -readonly [M in keyof Proposal]: Proposal[M] } = {}
  for (const { field, before } of undoable) {
    if (field.startsWith('document.')) proposal.document = before as IdentityDocument
    else if (field.startsWith('address.')) proposal.address = before as Address
    else if (field === 'snils' || field === 'inn') proposal[field] = before as string
    else proposal.person = { ...proposal.person, [field]: before ?? '' }
  }
  return { kind, proposal }
}
