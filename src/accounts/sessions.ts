import type { AccountId } from '#src/kernel/ids.ts'
import type { AuthLevel } from '#src/kernel/levels.ts'

/** A live session as its owner sees it. */
export interface AccountSession {
  /** What stands for it in addresses, forms and records: a hash that opens nothing. */
  readonly ref: string
  readonly begunAt: Date
  readonly seenAt: Date
  /** The `User-Agent`. */
  readonly device: string
  readonly address: string
  /** ISO 3166-1 alpha-2, where the address tells. */
  readonly country: string | undefined
  readonly level: AuthLevel
  /** client_ids of the services that it was used at. */
  readonly clients: readonly string[]
}

export interface EndOptions {
  /** `kept` for an ordinary sign-out; `revoked` takes offline access away too: not the person's session, blocked, password changed. */
  readonly offline: 'kept' | 'revoked'
  /** Why, for the journal: a short code. */
  readonly reason: string
}

/** The sessions of an account across devices; implemented in oidc/. */
export interface Sessions {
  /** Live ones, the one used last first. */
  list(oid: AccountId): Promise<AccountSession[]>
  /** Relying parties are told, grants and tokens revoked, gone in every process at once. @returns false when the account has none of this ref */
  end(oid: AccountId, ref: string, options: EndOptions): Promise<boolean>
  /**
   * Sign-ins under way end as well: what was proven in them counts no more.
   * @param except the session that goes on; `signIn`: the sign-in that does, as in `Enrolling.origin`
   * @returns how many ended
   */
  endAll(oid: AccountId, options: EndOptions & { readonly except?: string; readonly signIn?: string }): Promise<number>
  /** Ends sign-ins under way and no session: what was proven in them counts no more. */
  endSignIns(oid: AccountId): Promise<void>
  /** The origins (see `Enrolling.origin`) of everything that was done in a session: its ref, and the sign-ins that made it. */
  originsOf(oid: AccountId, ref: string): Promise<readonly string[]>
}
