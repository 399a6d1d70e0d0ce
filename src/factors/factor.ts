import type { Account } from '#src/accounts/account.ts'
import type { DefinedError, MessageValues } from '#src/kernel/errors.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import type { AuthLevel } from '#src/kernel/levels.ts'
import type { Locale } from '#src/kernel/locale.ts'
import type { Tx } from '#src/store/store.ts'

/** What passing a factor is worth. Inside one kind the worth differs (a hardware key, a synced passkey), so it stands with the evidence. */
export interface Worth {
  readonly kind: string
  readonly proof: 'knowledge' | 'possession' | 'federated'
  /** Two factors in one act, such as a key that verifies its user. */
  readonly multiFactor: boolean
  readonly hardware: boolean
  readonly phishingResistant: boolean
  /** It never carries a sign-in above this level, whatever it is combined with. */
  readonly ceiling: AuthLevel
  /**
   * Stands in for another authenticator that is not at hand, such as codes on paper: it signs in like any other and is offered last; what
   * opens the account is changed by it only after 72 hours.
   */
  readonly rescue?: true
}

/** One passed factor. */
export interface Evidence extends Worth {
  /** RFC 8176 values. */
  readonly amr: readonly string[]
  readonly at: Date
  /** Which one of several of the kind, as in `Authenticator.id`. */
  readonly authenticator?: string
  /** Where it was given is unusual for the account: it needs another factor beside it. */
  readonly doubted?: true
  /** With it the person asked not to be asked for a second factor in this browser for a while. */
  readonly trustsDevice?: true
}

/** The sign-in as a factor sees it. `oid` is undefined for an identifier that nobody holds: the work stays the same. */
export interface LoginView {
  /** The interaction's uid. */
  readonly uid: string
  readonly oid: AccountId | undefined
  readonly locale: Locale
  /** Whose further sign-ins of the account a code that was sent counts for, by a secret name; without one it counts for this sign-in alone. */
  readonly browser?: string
  readonly network: string
  /** The level that the step shall lead to: a channel that never carries so far is not offered. */
  readonly wanted: AuthLevel
  /** Which channel of the factor the person picked (`?via=`), as it came in. */
  readonly via?: string
  /** The answer opens the sign-in by itself: nobody has typed an identifier, and nothing else has been proven. */
  readonly opening?: true
}

export type Refusal = { readonly ok: false; readonly error: DefinedError; readonly values?: MessageValues }
export type Verdict = { readonly ok: true; readonly proof: unknown } | Refusal
export type Outcome = { readonly ok: true; readonly evidence: Evidence } | Refusal

/** What the factor's page shows: a view and its model. */
export interface PageModel {
  readonly view: string
  readonly model: Readonly<Record<string, unknown>>
}

/** The answer to a factor's form, by field. */
export type Answer = Readonly<Record<string, string>>

/** One thing that opens an account, as its owner sees it in the list. */
export interface Authenticator {
  readonly kind: string
  /** Unique within the kind and the account; `''` where there is only ever one. */
  readonly id: string
  /** Text of what it is, where `factor.<kind>` does not say enough. */
  readonly title?: string
  /** The name that the owner gave it. */
  readonly name?: string
  /** What tells it from others, e.g. a masked phone; in no language. */
  readonly detail?: string
  readonly addedAt?: Date
  /** The key of a text, where something is wrong with it and it does not open the account any more. */
  readonly warning?: string
  /** How many uses are left, where they are counted. */
  readonly left?: number
  readonly worth: Worth
}

/** A factor whose answer names the account. */
export interface Opening {
  /** What the script of the first page asks the browser with; in it nothing about anybody. */
  ask(login: LoginView): Readonly<Record<string, unknown>>
  /** Whose answer it is; only a look-up, nothing is proven by it. */
  names(login: LoginView, answer: Answer): Promise<Named>
}

export interface Named {
  readonly oid: AccountId | undefined
  /** What the attempt counts against: a keyed hash of what the answer names, whether somebody has it or not. */
  readonly subject: string
}

/** One kind of authenticator. Everything that the sign-in and the cabinet need to know of a kind is here. */
export interface Factor {
  readonly kind: string
  readonly proof: Worth['proof']
  /** Whether the first page of a sign-in asks for it together with the identifier. */
  readonly opens: boolean
  /** Nobody comes nearer to its answer by trying, such as to a signature: wrong ones are slowed like others, but have no limit for the day. */
  readonly unguessable?: true
  /** What it is worth at its best, whoever has it. */
  readonly best: Worth
  /** Names of the inputs of its form. */
  readonly fields: readonly string[]
  /** What evidence of this account's authenticators of the kind would be worth; several where they differ. */
  worths(oid: AccountId): Promise<readonly Worth[]>
  /** What of this kind opens the account. */
  authenticators(oid: AccountId): Promise<readonly Authenticator[]>
  /** Makes the challenge, such as a code on its way, and says what the page shows; called for each showing of the page. */
  begin(login: LoginView): Promise<PageModel>
  /** How it opens a sign-in without an identifier, beside its page as a further factor. */
  readonly opening?: Opening
  /** Checks the answer, no transaction open. The attempt has been counted and committed before. */
  verify(login: LoginView, answer: Answer): Promise<Verdict>
  /** Spends the code or time step: a replay loses here. Joins the request's unit of work where `tx` is not needed. */
  settle(login: LoginView, verdict: Verdict & { ok: true }): Promise<Outcome>
  /** Evidence for an authenticator that was proven while it was enrolled at registration. */
  provenAtEnrolment?(at: Date): Evidence
  /** Further actions of its page, such as sending a code again. */
  act?(login: LoginView, action: string): Promise<{ ok: true } | Refusal>
  /** What is asked of its owner before a sign-in with it ends, where it may have to be replaced. */
  readonly renewal?: Renewal
  /** How its owner adds and removes authenticators of this kind; without it they come and go elsewhere. */
  readonly enrolment?: Enrolment
}

/** A new authenticator in the place of one that was just used: it has grown old, or somebody else may know it. */
export interface Renewal {
  /** Names of the inputs of its form. */
  readonly fields: readonly string[]
  /** `required` before the sign-in ends; `advised` can be put off. */
  due(account: Account): Promise<'required' | 'advised' | undefined>
  page(oid: AccountId): Promise<PageModel>
  /** Puts the new one in force and ends what the former one opened. Whoever calls has asked for a strong enough sign-in. */
  renew(person: Renewing, answer: Answer): Promise<Renewed>
  putOff(oid: AccountId): Promise<void>
}

export type Renewed =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: string; readonly values: MessageValues }

/** Somebody who is replacing an authenticator inside a sign-in, and where. */
export interface Renewing extends Pick<Enrolling, 'oid' | 'origin'> {
  /** The `ref` of this browser's session, if it has one, which goes on. */
  readonly except?: string
  readonly address: string
  readonly device: string
}

/** Somebody who is adding an authenticator, in the cabinet or inside a sign-in. */
export interface Enrolling {
  readonly oid: AccountId
  readonly locale: Locale
  /** In which sign-in or session this happens (a hash that opens nothing); "this was not me" undoes by it. */
  readonly origin: string
}

export type Enrolled =
  | {
      readonly ok: true
      /** What the sign-in gains by it, where enrolling has proven it. */
      readonly evidence?: Evidence
      readonly authenticator: Pick<Authenticator, 'id' | 'name'>
      /** A page to show once in answer to the form, such as a set of codes; then nothing leads back to it. */
      readonly once?: PageModel
    }
  | Refusal

/** What whoever asked for an enrolment writes down beside it. */
export type RecordEnrolled = (tx: Tx, added: Pick<Authenticator, 'id' | 'name'>) => Promise<void>

/** How much of what was done in a session is taken back: all of it unless said otherwise, or what was added alone. */
export type Undone = 'all' | 'added'

/**
 * The same pages and rules serve every kind: who calls has asked for a strong enough sign-in, journals, and tells the owner. Pages get
 * `base`, the address that their forms go to.
 */
export interface Enrolment {
  /** Names of the inputs of its form; `name`, where it has one, is what the owner calls the new authenticator. */
  readonly fields: readonly string[]
  /** How many authenticators of the kind an account may have. */
  readonly most: number
  /** Adding takes the place of the former one, such as a new set of codes; `most` is 1 then. */
  readonly replaces?: true
  /** Makes the secret or challenge and shows it; the same one while it is pending. */
  begin(person: Enrolling): Promise<PageModel>
  /**
   * Checks the answer to it and stores the authenticator, once: of two answers to one challenge the second is refused.
   * @param record called in the transaction that stores it: journal and notice commit with the authenticator
   */
  confirm(person: Enrolling, answer: Answer, record: RecordEnrolled): Promise<Enrolled>
  /** @returns false when there is none of this id */
  rename?(tx: Tx, oid: AccountId, id: string, name: string): Promise<boolean>
  /** Takes it away, so that `undo` can bring it back. @returns false when there is none of this id */
  remove?(tx: Tx, oid: AccountId, id: string, origin: string): Promise<boolean>
  /** Removes what was added and brings back what was removed in these sign-ins or sessions. @returns how many authenticators changed */
  undo(tx: Tx, oid: AccountId, origins: readonly string[], what?: Undone): Promise<number>
}
