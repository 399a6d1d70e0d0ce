import type { Account } from '#src/accounts/account.ts'
import type { Evidence } from '#src/factors/factor.ts'
import type { Ctx, RenderOptions } from '#src/http/context.ts'
import type { AppError } from '#src/kernel/errors.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import type { Acr, AuthLevel } from '#src/kernel/levels.ts'

/** Who is signed in in this browser, and how strongly by what. */
export interface SignedIn {
  readonly oid: AccountId
  readonly account: Account
  readonly level: AuthLevel
  readonly evidence: readonly Evidence[]
  /** Of a need with `waits`: what was proven is not enough to change anything at once. */
  readonly weak: boolean
  /** The session's `ref` (see accounts/sessions.ts): the origin of what is changed in it. */
  readonly session: string
  /** When the page asks to sign in again, if nothing is done until then. */
  readonly closesAt: Date
  readonly closesInSeconds: number
  /** Fields that `Need.keep` saved when the form of this page was sent before; `show` fills them in by itself. */
  readonly kept: Readonly<Record<string, string>> | undefined
  /**
   * Renders a page of the cabinet: `views/<view>.njk`, which extends `cabinet/_frame.njk`. What was kept stands in its fields unless
   * `options.typed` says otherwise.
   */
  show(view: string, model?: Readonly<Record<string, unknown>>, options?: RenderOptions): void
  /**
   * For an id in an address or form that names nothing of this account: journals it, as somebody may be trying ids of others.
   * `throw await person.missing('session')`.
   * @param what the kind of thing, a word of ours
   * @returns AppError `cabinet.not_found` (404)
   */
  missing(what: string): Promise<AppError>
}

/** What a page or an action asks of the sign-in. */
export interface Need {
  /** `aal1` unless given. */
  readonly level?: AuthLevel
  /** One of these beside the level, where there are any. */
  readonly anyOf?: readonly Acr[]
  /** Only evidence of the last so many seconds counts. */
  readonly maxAgeSeconds?: number
  /**
   * Instead of a level: two factors, of the highest level that the account's authenticators reach, for what changes its security. What stands
   * in for another authenticator, such as a recovery code, does not count. Where the account has nothing beside one factor, its owner is told
   * what to add first, and led back from there.
   */
  readonly highest?: true
  /** Beside `highest`: whoever has nothing beside one factor has the same right to it. */
  readonly evenAlone?: true
  /** What is changed can wait for 72 hours where less was proven: a recovery code counts too, and `SignedIn.weak` tells. */
  readonly waits?: true
  /**
   * Of a POST: the fields of its form that must not be lost when the sign-in is not enough or the page was idle for too long. They are kept
   * for an hour, sealed, for this account in this browser, and stand in the form when the browser is back. Never a password, a code, or
   * anything else that is to be typed anew.
   *
   *     const person = await entrance.signedIn(ctx, { ...sensitive, keep: ['name'] })
   */
  readonly keep?: readonly string[]
  /** The page is there for owners of closed accounts, who are led to the way back from all others. */
  readonly closed?: true
  /** Of a POST: the path of the page that shows its form, where that is another than the form's own address. */
  readonly page?: string
}

/** The only page that the owner of a closed account is shown. */
export const CLOSED_PATH = '/account/closed'

/** For what changes the security of an account (R-B9): the strongest sign-in that its owner can still make, of the last five minutes. */
export const sensitive: Need = { highest: true, maxAgeSeconds: 300 }

/** The same for what can wait for 72 hours (R-A8, R-B9). */
export const sensitiveOrLater: Need = { ...sensitive, waits: true }

/** How our own pages reach the session; implemented in oidc/. */
export interface Entrance {
  /**
   * The person of this browser's session, if it satisfies the need and was not idle. Otherwise redirects (303) to the sign-in, which
   * asks for no more than is missing and comes back to this page by GET.
   * @returns undefined when the answer is that redirect, or a page that says what is missing
   */
  signedIn(ctx: Ctx, need?: Need): Promise<SignedIn | undefined>
  /** The session that this browser has, idle or not; asks for nothing. */
  whose(ctx: Ctx): Promise<Pick<SignedIn, 'oid' | 'session'> | undefined>
  /** After the session has ended: takes its cookies away. */
  leave(ctx: Ctx): void
}
