import type { Owner } from '#src/accounts/owner-notices.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import type { Tx } from '#src/store/store.ts'
import type { CheckedKind, ProofingRequest, Proposal } from './request.ts'

export type Opened =
  | { readonly ok: true; readonly request: ProofingRequest }
  /** One of the kind is open already. */
  | { readonly ok: false; readonly why: 'open'; readonly request: ProofingRequest }
  /** Five in any 24 hours, of the account or of the SNILS (R-A4); an INN and an address have five of their own. */
  | { readonly ok: false; readonly why: 'too_many'; readonly retryAt: Date }
  /** Nothing in the proposal differs from the record, and the record is proven. */
  | { readonly ok: false; readonly why: 'same' }

/** What citizens ask to have checked, from the asking to the answer. */
export interface Requests {
  /**
   * Stores what was typed and lets the registries be asked in the background at once. Costs one of the day's tries.
   * @param origin in which sign-in or session, as in `Enrolling.origin`
   */
  open(
    owner: Owner,
    asked: { readonly kind: CheckedKind; readonly proposal: Proposal; readonly origin: string },
  ): Promise<Opened>
  /** Of this account only. */
  find(oid: AccountId, id: string): Promise<ProofingRequest | undefined>
  /** Of every kind, letters included, the newest first. @param page.before id of the request that the page before ended with */
  list(oid: AccountId, page: { readonly limit: number; readonly before?: string }): Promise<ProofingRequest[]>
  /** What was typed, to be corrected and sent again; undefined once it is gone. */
  proposalOf(oid: AccountId, id: string): Promise<Proposal | undefined>
  /**
   * While it is open, or refused. Where a change of core data was asked for, the present values are checked once more then, at no cost: until
   * they are confirmed, *verified* stays suspended. @returns false when there is nothing to withdraw
   */
  withdraw(owner: Owner, id: string): Promise<boolean>
  /**
   * Withdraws all that was asked for in these sign-ins or sessions, letters included, as their owner says that it was somebody else; each is
   * told. @param owner with the contacts to tell it on @returns how many
   */
  recall(tx: Tx, owner: Owner, origins: readonly string[]): Promise<number>
  /** What the registries had confirmed before becomes a new request. @param seq of a change in the history @returns `gone` when there is nothing to go back to */
  undo(owner: Owner, seq: string, origin: string): Promise<Opened | 'gone'>
  /** Waits until a request has left `checking`, or is known to take longer, at most so long: most answers take a second. */
  settled(oid: AccountId, id: string, withinMs: number): Promise<ProofingRequest | undefined>
  /** Goes on with what is due; any number of processes may do so at once. */
  workDue(): Promise<void>
}

/** What was typed on the way and not sent yet (save and return later). */
export interface Drafts {
  /** @param kind one draft of each */
  save(oid: AccountId, kind: string, answers: Readonly<Record<string, string>>): Promise<void>
  read(oid: AccountId, kind: string): Promise<Readonly<Record<string, string>>>
  drop(oid: AccountId, kind: string): Promise<void>
}

export type Ordered =
  | { readonly ok: true; readonly request: ProofingRequest }
  | {
      readonly ok: false
      /**
       * `unavailable`: nobody prints letters here. `no_address`: there is no registered address that a registry has confirmed. `open`: one is on
       * its way. `not_standard`, `verified`: below and above the level that needs one. `core_change`: a change of core data waits for its check,
       * and the letter would name what is no more.
       */
      readonly why: 'unavailable' | 'no_address' | 'open' | 'not_standard' | 'verified' | 'core_change'
    }
  /** Three in any 365 days. */
  | { readonly ok: false; readonly why: 'too_many'; readonly retryAt: Date }

export type Redeemed =
  | { readonly ok: true }
  | {
      readonly ok: false
      /**
       * `malformed`: it cannot be a code, which costs no try. `gone`: no letter of this account, or one that is worth nothing any more; its
       * request says why.
       */
      readonly why: 'malformed' | 'wrong' | 'spent' | 'expired' | 'gone'
      readonly triesLeft: number
    }

/** The registered letter with a code (R-A5). */
export interface Letters {
  /** Whether letters are offered at all. */
  readonly available: boolean
  /** Stores the letter and tells every contact; it is printed and sent in the background. @param origin as in `Requests.open` */
  order(owner: Owner, origin: string): Promise<Ordered>
  /**
   * Five tries, 60 days; spent once, whatever comes in parallel.
   * @param code ten characters as typed, dashes, spaces and case do not matter
   */
  redeem(owner: Owner, request: string, code: string, origin: string): Promise<Redeemed>
  /** Prints letters, finds out which were sent, and ends those that were not, or that are over; any number of processes may do so at once. */
  workDue(): Promise<void>
  /** Goes on with this one, where it is due. */
  work(which: { readonly oid: AccountId; readonly id: string }): Promise<void>
}
