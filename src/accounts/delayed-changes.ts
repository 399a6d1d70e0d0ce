import type { AccountId } from '#src/kernel/ids.ts'
import type { Tx } from '#src/store/store.ts'
import type { Owner } from './owner-notices.ts'

/** A change to an account that its contacts can stop for 72 hours: weaker proof was given for it than the account has. */
export interface DelayedChange {
  readonly id: string
  readonly kind: string
  readonly requestedAt: Date
  readonly dueAt: Date
}

/** Carries a change out when its time has come. @returns false when there is nothing left to change */
export type ApplyChange = (tx: Tx, owner: Owner, payload: unknown) => Promise<boolean>

export interface DelayedChanges {
  /**
   * In the transaction of what asked for it. The owner is told at once on every contact, with a link that stops it by POST (page of ours,
   * no sign-in), and again when it is done.
   * @param payload JSON, sealed with the account's key
   * @param origin as in `Enrolling.origin`
   */
  schedule(
    tx: Tx,
    owner: Owner,
    change: { readonly kind: string; readonly payload: unknown; readonly origin: string },
  ): Promise<DelayedChange>
  /** What waits for this account, the soonest first. */
  waiting(oid: AccountId): Promise<DelayedChange[]>
  /** The owner stops it from the cabinet. @returns false when it is over */
  stop(oid: AccountId, id: string): Promise<boolean>
  /** Stops what was asked for in these sign-ins or sessions. */
  stopFrom(tx: Tx, oid: AccountId, origins: readonly string[]): Promise<number>
  /** Carries out what is due; any number of processes may do so at once. */
  applyDue(): Promise<void>
}
