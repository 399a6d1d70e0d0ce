import type { Question, RegistryAddress, RegistryName, WireAnswer } from './contract.ts'

export type { LegalEntity, RegistryAddress, RegistryDocument } from './contract.ts'

type Answer<R extends RegistryName> = WithoutReference<WireAnswer<R>>
type WithoutReference<T> = T extends unknown ? Omit<T, 'reference'> : never

/** Dates are ISO 8601, numbers bare digits. `reference`: a uuid of the request, the same each time it is asked again, another for another. */
export type PersonQuery = Question<'person'>
export type DocumentQuery = Question<'document'>
export type SnilsQuery = Question<'snils'>
export type InnQuery = Question<'inn'>
export type AddressQuery = Question<'address'>
export type LegalEntityQuery = Question<'legal_entity'>

/** `matches`, `differs` with the groups that do, `not_found`, or `invalid` with a reason: on record, and no longer good. */
export type PersonAnswer = Answer<'person'>
export type DocumentAnswer = Answer<'document'>
export type SnilsAnswer = Answer<'snils'>
/** A match tells the whole number; `ambiguous`: four digits are not enough to tell people of one name and birth date apart. */
export type InnAnswer = Answer<'inn'>
export type AddressAnswer = Answer<'address'>
export type LegalEntityAnswer = Answer<'legal_entity'>

/**
 * The state registries. An answer is a verdict that can be relied on; everything else is trouble, and trouble says nothing about the person.
 * @throws RegistryUnavailable from each of them: the request waits and is asked again with the same reference
 */
export interface Registries {
  person(query: PersonQuery): Promise<PersonAnswer>
  document(query: DocumentQuery): Promise<DocumentAnswer>
  snils(query: SnilsQuery): Promise<SnilsAnswer>
  inn(query: InnQuery): Promise<InnAnswer>
  /** The registered address; `not_found` also for a person who is registered nowhere. */
  address(query: AddressQuery): Promise<AddressAnswer>
  /** Ten addresses at most for what has been typed so far, the likeliest first. @param text 1 … 200 characters */
  suggestAddresses(text: string): Promise<readonly RegistryAddress[]>
  legalEntity(query: LegalEntityQuery): Promise<LegalEntityAnswer>
}

/**
 * Why there is no verdict. `working` and `busy` pass by themselves; `timeout`, `unreachable` and `failed` are the registry's outage;
 * `refused` (our address, token or question) and `nonsense` (its answer) stay until somebody mends them.
 */
export type Trouble =
  | 'working'
  | 'busy'
  | 'timeout'
  | 'unreachable'
  | 'failed'
  | 'refused'
  | 'nonsense'
  | 'not_configured'

/** No verdict now. Made of our own words only: nothing that was asked or answered is in its message, fields or causes. */
export class RegistryUnavailable extends Error {
  override readonly name = 'RegistryUnavailable'
  readonly registry: RegistryName
  readonly trouble: Trouble
  /** Which kind of it, for the log: `status 502`, `ECONNREFUSED`, `schema`, `reference`. */
  readonly detail: string | undefined
  /** When the registry wants to be asked again, where it says so. */
  readonly retryAfterSeconds: number | undefined

  constructor(
    registry: RegistryName,
    trouble: Trouble,
    { detail, retryAfterSeconds }: { detail?: string | undefined; retryAfterSeconds?: number | undefined } = {},
  ) {
    super(`registry ${registry}: ${trouble}${detail === undefined ? '' : ` (${detail})`}`)
    this.registry = registry
    this.trouble = trouble
    this.detail = detail
    this.retryAfterSeconds = retryAfterSeconds
  }
}
