import { registryDocument } from '#src/accounts/documents/registry-document.ts'
import type { Address } from '#src/accounts/fields/address.ts'
import type { Person } from '#src/accounts/person.ts'
import type {
  AddressAnswer,
  DocumentAnswer,
  InnAnswer,
  PersonAnswer,
  Registries,
  RegistryAddress,
  SnilsAnswer,
} from '#src/registries/registries.ts'
import { isCore, type Target } from './target.ts'

/** One verdict, with which registry gave it. */
export type Answered =
  | { readonly registry: 'person'; readonly answer: PersonAnswer }
  | { readonly registry: 'document'; readonly answer: DocumentAnswer }
  | { readonly registry: 'snils'; readonly answer: SnilsAnswer }
  | { readonly registry: 'inn'; readonly answer: InnAnswer }
  | { readonly registry: 'address'; readonly answer: AddressAnswer }

/** @throws RegistryUnavailable */
export type Question = (registries: Registries) => Promise<Answered>

/**
 * What has to be asked before a request can be confirmed. A request about core data has the whole core compared, so that what is confirmed
 * belongs to one person; nobody is asked about where somebody lives without being registered there.
 * @param referenceFor a uuid, the same for the same question of the same request
 */
export function questionsOf(
  kind: string,
  { person, documents, inn, address }: Target,
  referenceFor: (question: object) => string,
): Question[] {
  const { snils } = person
  // With the SNILS, as by name and birth date alone a registry may find a namesake born on the same day.
  const known = { ...nameAndBirth(person), ...(snils !== undefined && { snils }) }
  const whole = { ...known, gender: person.gender }
  const identified = <Q extends object>(registry: string, question: Q) => ({
    reference: referenceFor({ registry, ...question }),
    ...question,
  })
  const questions: Question[] = []
  if (isCore(kind)) {
    const asked = identified('person', whole)
    questions.push(async (registries) => ({ registry: 'person', answer: await registries.person(asked) }))
    if (snils !== undefined) {
      const asked = identified('snils', { ...whole, snils })
      questions.push(async (registries) => ({ registry: 'snils', answer: await registries.snils(asked) }))
    }
    for (const document of documents) {
      const asked = identified('document', { ...whole, document: registryDocument(document) })
      questions.push(async (registries) => ({ registry: 'document', answer: await registries.document(asked) }))
    }
  }
  if (inn !== undefined) {
    const asked = identified('inn', { ...known, ...(inn.length === 4 ? { innEnding: inn } : { inn }) })
    questions.push(async (registries) => ({ registry: 'inn', answer: await registries.inn(asked) }))
  }
  if (address?.kind === 'registered') {
    const asked = identified('address', { ...known, address: addressAsked(address) })
    questions.push(async (registries) => ({ registry: 'address', answer: await registries.address(asked) }))
  }
  return questions
}

function nameAndBirth({ familyName, givenName, patronymic, birthDate }: Person) {
  return { name: { familyName, givenName, ...(patronymic !== undefined && { patronymic }) }, birthDate }
}

function addressAsked({ kind: _kind, ...address }: Address): RegistryAddress {
  return address
}
