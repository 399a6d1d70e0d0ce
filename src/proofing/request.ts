import type { IdentityDocument } from '#src/accounts/documents/document.ts'
import type { Address } from '#src/accounts/fields/address.ts'
import type { Person } from '#src/accounts/person.ts'
import type { AccountId } from '#src/kernel/ids.ts'

/**
 * What a citizen can ask to have checked (R-A14). All but `letter` are proposals that the registries decide on; `recheck` has the present
 * values compared once more, after a change that came to nothing.
 */
export const requestKinds = [
  'identity',
  'document',
  'name',
  'birth_date',
  'inn',
  'address',
  'recheck',
  'letter',
] as const
export type RequestKind = (typeof requestKinds)[number]
/** What the registries decide on. */
export type CheckedKind = Exclude<RequestKind, 'letter'>

/**
 * `checking`: we or a registry are at it. `waiting`: something is expected of the citizen or of the post. The others are ends: `expired` when
 * nothing came, `withdrawn` by the citizen.
 */
export const requestStates = ['checking', 'waiting', 'confirmed', 'refused', 'withdrawn', 'expired'] as const
export type RequestState = (typeof requestStates)[number]
export const openStates: readonly RequestState[] = ['checking', 'waiting']

/** What shall stand in the record afterwards; what is left out stays as it is, an empty patronymic is taken away. */
export interface Proposal {
  readonly person?: Partial<
    Pick<Person, 'familyName' | 'givenName' | 'patronymic' | 'birthDate' | 'gender' | 'birthPlace' | 'citizenship'>
  >
  /** Eleven digits. */
  readonly snils?: string
  readonly document?: IdentityDocument
  /** Twelve digits, or the last four of them. */
  readonly inn?: string
  readonly address?: Address
}

/**
 * Why a request is in its state: `<registry>.<what>`, e.g. `snils.suspended`, `person.name_differs`, `document.differs`, `person.not_found`,
 * `snils.taken`, `registry.slow`; each has a text that names what the citizen can do.
 */
export type ReasonCode = string
/** Of its text. */
export const reasonKey = (code: ReasonCode) => `requests.reason.${code}`

/** A request as its citizen sees it. */
export interface ProofingRequest {
  readonly id: string
  readonly oid: AccountId
  /** Ten digits, to be named to support; grouped for reading by the page. */
  readonly number: string
  readonly kind: RequestKind
  readonly state: RequestState
  readonly reasons: readonly ReasonCode[]
  readonly createdAt: Date
  readonly changedAt: Date
  /** By when there is an answer, as far as it depends on us. */
  readonly dueAt: Date
  /** When the registries are asked again, while they are slow. */
  readonly retryAt: Date | undefined
  readonly steps: readonly RequestStep[]
}

/** Something that happened to a request: `opened`, `delayed`, `confirmed`, `refused`, `withdrawn`, `expired`, `letter_sent`, `wrong_code`. */
export interface RequestStep {
  readonly step: string
  readonly reasons: readonly ReasonCode[]
  readonly at: Date
}
