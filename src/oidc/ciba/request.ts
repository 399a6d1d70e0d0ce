import type { AccountId } from '#src/kernel/ids.ts'
import type { Acr, AuthLevel, IdentityLevel } from '#src/kernel/levels.ts'
import type { Locale } from '#src/kernel/locale.ts'
import type { Demand } from '#src/login/assurance.ts'

/** What a client asks a person to approve, as the pages need it; the provider keeps the rest. */
export interface Details {
  /** The provider's handle, which is also what the client polls with. */
  readonly authReqId: string
  /** Opens the page of the message. */
  readonly ticket: string
  readonly bindingMessage: string | undefined
  /** The least authentication level of whoever approves. */
  readonly level: AuthLevel
  /** One of these has to hold beside the level, where there are any. */
  readonly anyOf?: Demand['anyOf']
  /** How well whoever approves has to be proven; undefined where every account will do. */
  readonly identityLevel?: IdentityLevel | undefined
  /** Values asked for, in the client's order. */
  readonly asked: readonly Acr[]
  readonly scopes: readonly string[]
  /** Claims asked for by name. */
  readonly claims: readonly string[]
  /** The first of ours that the client asks for; else messages are in the person's own language. */
  readonly locale?: Locale | undefined
}

/** A request for approval that a client sent by the back channel (OpenID CIBA Core 1.0, section 7.1). */
export interface CibaRequest extends Details {
  /** SHA-256 of the auth_req_id. */
  readonly id: string
  /** NOBODY where the hint names nobody: such a request is kept like any other, until it expires. */
  readonly oid: AccountId
  readonly clientId: string
  readonly createdAt: Date
  readonly expiresAt: Date
  /** By what message the person was told of it; undefined where there was none. */
  readonly told: Told | undefined
}

/** A message with a code, or with the link alone. */
export type Told = 'code' | 'link'

/** What whoever approves has to have proven. Requests from before `anyOf` have none. */
export const demandOf = ({ level, anyOf = [] }: Pick<Details, 'level' | 'anyOf'>): Demand => ({ level, anyOf })

export type Decision = 'approved' | 'refused'

/** `below_level`: the person approved, and is proven less than the client demands. */
export type Decided = Decision | 'below_level'
