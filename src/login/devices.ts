import type { Ctx } from '#src/http/context.ts'
import type { AccountId } from '#src/kernel/ids.ts'

/** A browser that an account was signed in with before, known by a cookie of its own; it proves nothing about the person. */
export interface KnownDevice {
  /** What stands for it in addresses and records: a hash that opens nothing. */
  readonly ref: string
  readonly firstSeenAt: Date
  readonly lastSeenAt: Date
  /** The `User-Agent`. */
  readonly device: string
  readonly country: string | undefined
  /** The owner's own wish for a second factor is waived here until then; what a service asks for never is. */
  readonly trustedUntil: Date | undefined
}

export interface Devices {
  /** What attempts from this browser are counted under beside the account, or undefined in one without our cookie. Reads no database. */
  countedAs(ctx: Ctx): string | undefined
  /** Whether this browser has signed in to that account; the same work for an account that does not exist. */
  find(ctx: Ctx, oid: AccountId | undefined): Promise<KnownDevice | undefined>
  /** After a sign-in, in the request's unit of work; sets the cookie. @param trust asked for on the page of the second factor */
  remember(ctx: Ctx, oid: AccountId, options: { readonly trust: boolean }): Promise<void>
  list(oid: AccountId): Promise<KnownDevice[]>
  /** @returns false when the account knows none of this ref */
  forget(oid: AccountId, ref: string): Promise<boolean>
  /** After a change of password, or "this was not me". */
  forgetAll(oid: AccountId): Promise<void>
}
