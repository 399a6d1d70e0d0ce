import type { DefinedError, MessageValues } from '#src/kernel/errors.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import type { AuthLevel } from '#src/kernel/levels.ts'
import type { Locale } from '#src/kernel/locale.ts'

/** What one passed factor is worth. Inside one kind the worth differs, so it stands with the evidence and not with the kind. */
export interface Evidence {
  readonly kind: string
  /** RFC 8176 values. */
  readonly amr: readonly string[]
  readonly at: Date
  readonly proof: 'knowledge' | 'possession' | 'federated'
  /** Two factors in one act, such as a key that verifies its user. */
  readonly multiFactor: boolean
  readonly hardware: boolean
  readonly phishingResistant: boolean
  /** It never carries a sign-in above this level, whatever it is combined with. */
  readonly ceiling: AuthLevel
}

/** What evidence of this factor would be worth to this account, or nothing enrolled. */
export type Worth = Pick<Evidence, 'kind' | 'proof' | 'multiFactor' | 'hardware' | 'ceiling'>

/** The sign-in as a factor sees it. `oid` is undefined for an identifier that nobody holds: the work stays the same. */
export interface LoginView {
  /** The interaction's uid. */
  readonly uid: string
  readonly oid: AccountId | undefined
  readonly locale: Locale
  /** What counts attempts: a keyed hash of the identifier typed, later the account. */
  readonly subject: string
  readonly network: string
}

export type Verdict =
  | { readonly ok: true; readonly proof: unknown }
  | { readonly ok: false; readonly error: DefinedError; readonly values?: MessageValues }

export type Outcome =
  | { readonly ok: true; readonly evidence: Evidence }
  | { readonly ok: false; readonly error: DefinedError; readonly values?: MessageValues }

/** What the factor's page shows: a view and its model. */
export interface PageModel {
  readonly view: string
  readonly model: Readonly<Record<string, unknown>>
}

/** One kind of authenticator. Everything that the sign-in needs to know of a kind is here. */
export interface Factor {
  readonly kind: string
  readonly proof: Evidence['proof']
  /** Whether it can open a sign-in, that is name the account by itself or together with the identifier typed. */
  readonly opens: boolean
  /** What it is worth at its best, whoever has it. */
  readonly best: Worth
  worth(oid: AccountId): Promise<Worth | undefined>
  /** Makes the challenge, such as a code on its way, and says what the page shows; called for each showing of the page. */
  begin(login: LoginView): Promise<PageModel>
  /** Checks the answer, no transaction open. The attempt has been counted and committed before. */
  verify(login: LoginView, answer: Readonly<Record<string, string>>): Promise<Verdict>
  /** Spends the code or time step: a replay loses here. Joins the request's unit of work where `tx` is not needed. */
  settle(login: LoginView, verdict: Verdict & { ok: true }): Promise<Outcome>
  /** Evidence for an authenticator that was proven while it was enrolled, such as at registration. */
  provenAtEnrolment?(at: Date): Evidence
  /** Further actions of its page, such as sending a code again. */
  act?(
    login: LoginView,
    action: string,
  ): Promise<{ ok: true } | { ok: false; error: DefinedError; values?: MessageValues }>
}
