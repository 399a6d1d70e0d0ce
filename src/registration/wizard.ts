import { type Accounts, ClashedMeanwhile } from '#src/accounts/accounts.ts'
import type { ClashNotice } from '#src/accounts/clash-notice.ts'
import type { ContactKind } from '#src/accounts/contact-store.ts'
import type { Settings } from '#src/accounts/settings.ts'
import type { CodeRequest, Codes } from '#src/factors/code/codes.ts'
import type { Passwords } from '#src/factors/password/passwords.ts'
import type { Journal } from '#src/journal/journal.ts'
import { AppError, type DefinedError, kernelErrors, type MessageValues } from '#src/kernel/errors.ts'
import { type AccountId, NOBODY } from '#src/kernel/ids.ts'
import { type Locale, locales } from '#src/kernel/locale.ts'
import { keyedHash } from '#src/store/seal.ts'
import type { Store, Tx } from '#src/store/store.ts'
import { registrationErrors } from './errors.ts'
import { accountRegistered } from './events.ts'
import { type Answers, completeAnswers, contactOf, withClash, withConfirmed, withContact } from './registration.ts'
import { type Draft, DraftConflict, type Drafts } from './store.ts'

export type Refused = { readonly ok: false; readonly error: DefinedError; readonly values: MessageValues }
/** `answers` are those after the step. */
export type Outcome = { readonly ok: true; readonly answers: Answers } | Refused
export type Completion =
  | { readonly ok: true; readonly oid: AccountId }
  | { readonly ok: false; readonly clash: ContactKind }

/** Who asks for a code: the language of its message, and the network that it counts against. */
export interface Asker {
  readonly locale: Locale
  readonly network: string
}

/** The steps of a registration as changes of its draft. */
export interface Wizard {
  /** Changes the answers; a change made meanwhile in another tab stays. */
  answer(draft: Draft, change: (answers: Answers) => Answers): Promise<Answers>
  /** Keeps a contact and sends it a code, in one transaction; the same contact again gets no second code. */
  answerContact(draft: Draft, kind: ContactKind, value: string, asker: Asker): Promise<Outcome>
  sendAgain(draft: Draft, kind: ContactKind, asker: Asker): Promise<Outcome>
  /** When a further code can be sent to the contact; undefined: at once. */
  resendAt(draft: Draft, kind: ContactKind): Promise<Date | undefined>
  /** Only here, with the code in hand, does it come out whether an account has the contact: `answers.clash` then tells. */
  confirmContact(draft: Draft, kind: ContactKind, code: string): Promise<Outcome>
  /**
   * Makes the account, its password and its consent in one transaction.
   * @param version of the draft that the person saw when agreeing
   * @param agreed.consentVersion of the text on the processing of personal data; `locale`: the language of the pages, from then on that of messages
   * @returns undefined when the draft has another version by now, and is not finished
   */
  complete(
    draft: Draft,
    version: number,
    agreed: { readonly consentVersion: string; readonly locale: Locale },
  ): Promise<Completion | undefined>
}

export interface WizardDeps {
  readonly store: Store
  readonly drafts: Drafts
  readonly accounts: Accounts
  readonly settings: Pick<Settings, 'change'>
  readonly passwords: Pick<Passwords, 'enrol'>
  readonly codes: Codes
  readonly journal: Pick<Journal, 'record'>
  readonly clashNotice: ClashNotice
}

const ATTEMPTS = 5

export function makeWizard(deps: WizardDeps): Wizard {
  const { store, drafts, accounts, settings, passwords, codes, journal, clashNotice } = deps

  /** The contact is part of the id, so that a code sent to one contact never confirms another. */
  const codeId = (draft: Draft, kind: ContactKind, value: string) =>
    `registration:${draft.id}:${kind}:${keyedHash(draft.key, kind, value)}`

  /** Does `work` in one transaction, again on the newer draft if another request was faster. */
  async function atomically<T>(first: Draft, work: (tx: Tx, draft: Draft) => Promise<T>): Promise<T> {
    let draft: Draft | undefined = first
    for (let attempt = 1; draft && attempt <= ATTEMPTS; attempt++) {
      const current: Draft = draft
      try {
        return await store.tx((tx) => work(tx, current))
      } catch (error) {
        if (!(error instanceof DraftConflict)) throw error
        draft = await drafts.reload(current)
      }
    }
    throw new AppError(kernelErrors.unavailable)
  }

  const codeFor = (draft: Draft, kind: ContactKind, value: string, asker: Asker): CodeRequest => ({
    id: codeId(draft, kind, value),
    contact: { kind, value },
    oid: NOBODY,
    kind: 'registration_code',
    ...asker,
  })

  async function markClash(draft: Draft, kind: ContactKind, value: string): Promise<void> {
    const notice = await clashNotice.prepare(kind, value)
    await atomically(draft, async (tx, current) => {
      // Another tab may have put in a contact whose code nobody has entered: to that one the clash must not pass.
      if (contactOf(current.answers, kind)?.value !== value) return
      await drafts.save(tx, current, withClash(current.answers, kind))
      await notice(tx)
    })
  }

  return {
    answer: (draft, change) =>
      atomically(draft, async (tx, current) => {
        const answers = change(current.answers)
        await drafts.save(tx, current, answers)
        return answers
      }),

    async answerContact(draft, kind, value, asker) {
      const known = contactOf(draft.answers, kind)
      const awaited = (await codes.pending(codeId(draft, kind, value))) !== undefined
      if (known?.value === value && (known.confirmed || awaited)) return { ok: true, answers: draft.answers }
      const code = codeFor(draft, kind, value, asker)
      // A code that was sent a moment ago, before the person went back and forth, is still good.
      const admitted = awaited ? undefined : await codes.admit(code)
      if (admitted?.ok === false) return admitted
      return atomically(draft, async (tx, current) => {
        if (admitted) await codes.issue(tx, code, admitted)
        const answers = withContact(current.answers, kind, value)
        await drafts.save(tx, current, answers)
        return { ok: true, answers }
      })
    },

    async sendAgain(draft, kind, asker) {
      const contact = contactOf(draft.answers, kind)
      if (!contact || contact.confirmed) return { ok: true, answers: draft.answers }
      const issued = await codes.send(codeFor(draft, kind, contact.value, asker))
      return issued.ok ? { ok: true, answers: draft.answers } : issued
    },

    async resendAt(draft, kind) {
      const contact = contactOf(draft.answers, kind)
      const sentAt = contact && (await codes.pending(codeId(draft, kind, contact.value)))
      return sentAt && new Date(sentAt.getTime() + codes.limits.resendSeconds * 1000)
    },

    async confirmContact(draft, kind, code) {
      const value = contactOf(draft.answers, kind)?.value ?? ''
      const id = codeId(draft, kind, value)
      const verdict = await codes.verify(id, code)
      if (!verdict.ok) return verdict
      const clashes = (await accounts.ownerOf(kind, value)) !== undefined
      const notice = clashes ? await clashNotice.prepare(kind, value) : undefined
      return atomically(draft, async (tx, current) => {
        if (contactOf(current.answers, kind)?.value !== value) {
          return { ok: false, error: registrationErrors.contact_changed, values: {} }
        }
        const spent = await codes.spend(tx, id, verdict)
        if (!spent.ok) return spent
        const answers = clashes ? withClash(current.answers, kind) : withConfirmed(current.answers, kind)
        await drafts.save(tx, current, answers)
        await notice?.(tx)
        return { ok: true, answers }
      })
    },

    async complete(draft, version, { consentVersion, locale }) {
      if (draft.finishedOid !== undefined) return { ok: true, oid: draft.finishedOid }
      const complete = completeAnswers(draft.answers)
      if (!complete || draft.version !== version) return undefined
      const { passwordHash, ...answers } = complete
      try {
        const oid = await store.tx(async (tx) => {
          await drafts.claim(tx, draft)
          const created = await accounts.create(tx, { ...answers, consentVersion, dataKey: draft.key })
          if (!created.ok) throw new ClashedMeanwhile(created.clash)
          await passwords.enrol(tx, created.oid, passwordHash)
          // Whoever has chosen nothing is written to in the first language.
          if (locale !== locales[0]) await settings.change(tx, created.oid, { locale })
          await journal.record(tx, accountRegistered({ account: created.oid }))
          await drafts.finish(tx, draft, created.oid)
          return created.oid
        })
        return { ok: true, oid }
      } catch (error) {
        if (error instanceof ClashedMeanwhile) {
          await markClash(draft, error.clash, answers[error.clash] ?? '')
          return { ok: false, clash: error.clash }
        }
        if (!(error instanceof DraftConflict)) throw error
        // The button was pressed twice: the other request made the account.
        const finishedOid = (await drafts.reload(draft))?.finishedOid
        return finishedOid === undefined ? undefined : { ok: true, oid: finishedOid }
      }
    },
  }
}
