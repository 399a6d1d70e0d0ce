import type { ResourceScopes } from '#src/consents/consents.ts'
import type { Evidence } from '#src/factors/factor.ts'
import type { Ctx } from '#src/http/context.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import type { IdentityLevel } from '#src/kernel/levels.ts'
import type { Demand } from './assurance.ts'

/** What is asked for at one resource server, in the language of the page. */
export interface AskedResource extends ResourceScopes {
  readonly name: string
  /** What each scope allows. */
  readonly titles: readonly string[]
}

/** One authorization detail of this request, in the language of the page; agreed to this once and never remembered. */
export interface AskedDetail {
  readonly type: string
  readonly title: string
  readonly rows: readonly { readonly label: string; readonly value: string }[]
}

/** A session as the pages of a sign-in see it; `ref` is what stands for it in records. */
export interface LiveSession {
  readonly oid: AccountId
  readonly ref: string
  readonly evidence: readonly Evidence[]
}

/** One authorization request in progress, as the pages of the sign-in see it. */
export interface Interaction {
  readonly uid: string
  readonly startedAt: Date
  readonly expiresAt: Date
  readonly client: { readonly id: string; readonly name: string; readonly purpose: string | undefined }
  /** What lets the request succeed, and no less. */
  readonly required: Demand
  /** What is asked for where the person's factors reach it, and done without where they do not. */
  readonly wished: Demand | undefined
  /** Only evidence from then on counts: `max_age` before the request, so that nothing proven in this sign-in grows too old. */
  readonly freshSince: Date | undefined
  /** How well the person has to be proven; undefined where every account will do. */
  readonly identityLevel: IdentityLevel | undefined
  /** Names of resource servers that demand more than the client does by itself: of the sign-in, and of how well the person is proven. */
  readonly demandedBy: { readonly signIn: string | undefined; readonly identity: string | undefined }
  readonly loginHint: string | undefined
  /** The live session of this browser, if there is one. */
  readonly session: LiveSession | undefined
  /** Whether what the session proved counts; not where the relying party forces a sign-in or asks for another person. */
  readonly sessionProves: boolean
  readonly scopes: readonly string[]
  /** Claims asked for by name. */
  readonly claims: readonly string[]
  readonly resources: readonly AskedResource[]
  readonly details: readonly AskedDetail[]
  /** A page of our own asks: nothing is handed over, so there is nothing to agree to. */
  readonly ours: boolean
  /** That page was left alone for too long; `kept`: what was typed there comes back after the sign-in. */
  readonly idle: 'yes' | 'kept' | undefined
  /** The relying party wants the consent page even if everything was granted before. */
  readonly forcesConsent: boolean
  /** The provider asked before, our pages found nothing missing, and it asks again: the two must not send a browser to and fro. */
  readonly askedInVain: boolean
}

export type Ending =
  | {
      readonly kind: 'signed_in'
      readonly oid: AccountId
      /** What was proven in this interaction; empty where the live session sufficed. */
      readonly evidence: readonly Evidence[]
      /** The person has just agreed to everything that was asked for. */
      readonly consented: boolean
      /** The request demands an identity level, and the account has it. */
      readonly hasLevel: boolean
    }
  | {
      readonly kind: 'refused'
      readonly error: 'access_denied' | 'unmet_authentication_requirements'
      readonly description: string
    }

/** How the pages of the sign-in reach the provider; implemented in oidc/. */
export interface Interactions {
  /**
   * The request that this browser's cookie and address name; its `ui_locales` count from here on.
   * @throws AppError `oidc.session_not_found` when it has expired, belongs to another browser, or is over
   */
  current(ctx: Ctx): Promise<Interaction>
  /** Hands the result to the provider and redirects (303) to where the authorization request goes on. */
  finish(ctx: Ctx, interaction: Interaction, ending: Ending): Promise<void>
  /** The person hears when their identity level is enough for this request, unless they go on there before. */
  await(interaction: Interaction, awaited: { readonly oid: AccountId; readonly level: IdentityLevel }): Promise<void>
}
