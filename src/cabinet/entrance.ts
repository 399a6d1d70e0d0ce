import type { Evidence } from '#src/factors/factor.ts'
import type { Ctx, RenderOptions } from '#src/http/context.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import type { AuthLevel } from '#src/kernel/levels.ts'

/** Who is signed in in this browser, and how strongly by what. */
export interface SignedIn {
  readonly oid: AccountId
  readonly level: AuthLevel
  readonly evidence: readonly Evidence[]
  /** The session's `ref` (see accounts/sessions.ts): the origin of what is changed in it. */
  readonly session: string
  /** Renders a page of the cabinet: `views/<view>.njk`, which extends `cabinet/_frame.njk`. */
  show(view: string, model?: Readonly<Record<string, unknown>>, options?: RenderOptions): void
}

/** What a page or an action asks of the sign-in. */
export interface Need {
  /** `aal1` unless given. */
  readonly level?: AuthLevel
  /** Only evidence of the last so many seconds counts. */
  readonly maxAgeSeconds?: number
  /** Instead of a level: the highest that the account's authenticators reach, for what changes its security. */
  readonly highest?: true
}

/** For what changes the security of an account (R-B9): the strongest sign-in that its owner can still make, of the last five minutes. */
export const sensitive: Need = { highest: true, maxAgeSeconds: 300 }

/** How our own pages reach the session; implemented in oidc/. */
export interface Entrance {
  /**
   * The person of this browser's session, if it satisfies the need and was not idle. Otherwise redirects (303) to the sign-in, which
   * asks for no more than is missing and comes back to this page by GET.
   * @returns undefined when the answer is that redirect
   */
  signedIn(ctx: Ctx, need?: Need): Promise<SignedIn | undefined>
}
