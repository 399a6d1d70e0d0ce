import type { Evidence } from '#src/factors/factor.ts'
import type { Ctx } from '#src/http/context.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import type { AuthLevel } from '#src/kernel/levels.ts'

/** Who is signed in in this browser, and how strongly by what. */
export interface SignedIn {
  readonly oid: AccountId
  readonly level: AuthLevel
  readonly evidence: readonly Evidence[]
}

/** What a page or an action asks of the sign-in. */
export interface Need {
  /** `aal1` unless given. */
  readonly level?: AuthLevel
  /** Only evidence of the last so many seconds counts. */
  readonly maxAgeSeconds?: number
}

/** How our own pages reach the session; implemented in oidc/. */
export interface Entrance {
  /**
   * The person of this browser's session, if it satisfies the need and was not idle. Otherwise redirects (303) to the sign-in, which
   * asks for no more than is missing and comes back to this page by GET.
   * @returns undefined when the answer is that redirect
   */
  signedIn(ctx: Ctx, need?: Need): Promise<SignedIn | undefined>
}
