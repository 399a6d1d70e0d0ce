import type { IdentityDocument } from '#src/accounts/documents/document.ts'
import { identifierOf, validUntil } from '#src/accounts/documents/kinds.ts'
import { addDays } from '#src/accounts/fields/date.ts'
import type { RecordChange } from '#src/accounts/identity/record-change.ts'
import type { Person } from '#src/accounts/person.ts'
import type { CheckedKind, Proposal } from './request.ts'
import { isCore, type Target } from './target.ts'

/** Another account has the SNILS or document: everything of the transaction has to be undone. */
export class Clashed extends Error {
  override readonly name = 'Clashed'
  readonly what: 'snils' | 'document'

  constructor(what: 'snils' | 'document') {
    super(`the ${what} belongs to another account`)
    this.what = what
  }
}

/** The moment from which a document does not count any more: its last day goes by Moscow's clocks. */
export function endOf(document: IdentityDocument, person: Person): Date | undefined {
  const lastDay = validUntil(document, person)
  return lastDay === undefined ? undefined : new Date(`${addDays(lastDay, 1)}T00:00:00+03:00`)
}

/**
 * Puts into the record what the registries have confirmed, with the evidence of it, each with an end of its own.
 * @param found.inn the whole number, from the registry
 * @throws Clashed
 */
export async function confirm(
  record: RecordChange,
  { kind, proposal, target, inn }: { kind: CheckedKind; proposal: Proposal; target: Target; inn: string | undefined },
): Promise<void> {
  const { snils, document, address } = proposal
  const { person: before, identity } = record.account
  if (snils !== undefined && !(await record.claimSnils(snils))) throw new Clashed('snils')
  if (document && !(await record.putDocument(document, identifierOf(document)))) throw new Clashed('document')
  const { patronymic, ...values } = proposal.person ?? {}
  await record.setPerson({
    ...values,
    ...(patronymic !== undefined && { patronymic: patronymic === '' ? undefined : patronymic }),
    ...(inn !== undefined && { inn }),
  })
  if (address) await record.putAddress(address)

  if (isCore(kind)) {
    const { person } = target
    if (person.snils !== undefined)
      await record.prove({
        kind: 'registry',
        covers: ['person', 'snils'],
        samePerson: isSamePerson(before, person) && !identity.lacks.includes('snils'),
        verifier: 'registry.snils',
      })
    for (const document of target.documents) {
      const until = endOf(document, person)
      await record.prove({
        kind: 'registry',
        covers: ['person', 'document'],
        documentKind: document.kind,
        verifier: 'registry.document',
        ...(until && { until }),
      })
    }
    // Two people of one name and birth date differ by their SNILS: with another one it has to be proven anew which of them this is.
    if (before.snils !== undefined && before.snils !== person.snils) await record.suspend()
  }
  if (inn !== undefined) await record.prove({ kind: 'registry', covers: ['person', 'inn'], verifier: 'registry.inn' })
  if (address?.kind === 'registered')
    await record.prove({ kind: 'registry', covers: ['person', 'address'], verifier: 'registry.address' })
}

/**
 * Whether a registry that finds the new names or birth date under the SNILS that was reconciled before speaks of the same person: a SNILS is for
 * life. Where names and birth date are both others, so little is left in common that a mistake of one registry would do: that is proven anew.
 */
function isSamePerson(before: Person, after: Person): boolean {
  const sameName = (['familyName', 'givenName', 'patronymic'] as const).every((part) => before[part] === after[part])
  return before.snils === after.snils && (sameName || before.birthDate === after.birthDate)
}
