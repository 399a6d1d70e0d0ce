import type { Locale } from '#src/kernel/locale.ts'
import type { Demand } from '#src/login/assurance.ts'
import type { SignedIn } from './entrance.ts'

/** What a service asks the person to approve, while the person does something else there. */
export interface PendingRequest {
  readonly id: string
  readonly client: { readonly id: string; readonly name: string; readonly purpose: string | undefined }
  /** What the person sees at the service too, to compare. */
  readonly bindingMessage: string | undefined
  /** What approving it takes. */
  readonly demand: Demand
  readonly scopes: readonly string[]
  /** Claims asked for by name. */
  readonly claims: readonly string[]
  /** Whether approving hands over data that the person has not agreed to before. */
  readonly newData: boolean
}

/** How the cabinet reaches the requests; implemented in oidc/. */
export interface PendingRequests {
  /** In the language of the page, the oldest first. */
  waiting(person: SignedIn, locale: Locale): Promise<PendingRequest[]>
  find(person: SignedIn, id: string, locale: Locale): Promise<PendingRequest | undefined>
  /** @returns what came of it, `below_level` where the service demands more of the account; undefined when there is nothing to decide any more */
  decide(
    person: SignedIn,
    id: string,
    decision: 'approved' | 'refused',
    place: Place,
  ): Promise<'approved' | 'refused' | 'below_level' | undefined>
}

/** Where a decision was made, for the journal. */
export interface Place {
  readonly address: string
  readonly device: string
}
