import type { Account } from '#src/accounts/account.ts'
import type { Accounts } from '#src/accounts/accounts.ts'
import type { Codes } from '#src/factors/code/codes.ts'
import { codeErrors } from '#src/factors/code/errors.ts'
import type { Refusal as Refused } from '#src/factors/factor.ts'
import type { Journal } from '#src/journal/journal.ts'
import { addSeconds, type Clock } from '#src/kernel/clock.ts'
import { NOBODY, randomTicket, ticketHash } from '#src/kernel/ids.ts'
import type { Locale } from '#src/kernel/locale.ts'
import type { Message, Outbox } from '#src/notifications/outbox.ts'
import type { Store } from '#src/store/store.ts'
import { type ContactCodes, firstCodeId, type Issued } from './contact-codes.ts'
import { recoveryBegun, recoveryProven, recoveryRefused } from './events.ts'
import { type Contact, mayRecover, provenContact } from './recovery.ts'
import type { Recoveries, Recovery } from './store.ts'

/** Where a request came from, for the journal. */
export interface Place {
  readonly address: string
  readonly device: string
}

export interface Proven {
  readonly ok: true
  readonly ticket?: string
}

/** What has to be sent once the answer has left: only then may it matter whether there is an account. */
export type Deliver = () => Promise<void>

export interface Beginner {
  readonly contact: Contact
  /** Hash that names the browser. */
  readonly browser: string
  /** `uid` of the sign-in that it belongs to. */
  readonly login?: string
  readonly locale: Locale
  readonly network: string
  readonly place: Place
}

/**
 * The part of a recovery in which nobody may learn whether there is an account: the same rows, statements and answers for an identifier that
 * nobody holds.
 */
export interface Beginning {
  /** @returns the ticket for the browser's cookie; refusals `code.too_soon`, `code.too_many`, `code.too_busy` */
  begin(beginner: Beginner): Promise<{ ok: true; ticket: string; deliver: Deliver } | Refused>
  sendAgain(recovery: Recovery, locale: Locale, network: string): Promise<{ ok: true; deliver: Deliver } | Refused>
  /** When a further code can be sent; undefined: at once. */
  resendAt(recovery: Recovery): Promise<Date | undefined>
  /**
   * Spends the code.
   * @param by which way it came: typed, or by the button behind the mailed link
   * @returns the browser's new ticket, as the one before may be known to whoever planted it; none where another request was faster
   */
  prove(recovery: Recovery, typed: string, by: 'code' | 'link', place: Place): Promise<Proven | Refused>
  /** The code that a mailed link stands for, while it can be used. */
  codeOfLink(recovery: Recovery, ticket: string): Promise<string | undefined>
}

export function makeBeginning(deps: {
  store: Store
  accounts: Pick<Accounts, 'ownerOf' | 'find'>
  recoveries: Recoveries
  codes: Codes
  contactCodes: ContactCodes
  outbox: Outbox
  journal: Pick<Journal, 'note'>
  clock: Clock
}): Beginning {
  const { store, accounts, recoveries, codes, contactCodes, outbox, journal, clock } = deps

  const deliverer =
    (account: Account | undefined, message: Message): Deliver =>
    async () => {
      if (!account) return
      const { oid, state } = account
      const words = state === 'blocked' && { kind: 'recovery_blocked', values: {} }
      if (words || mayRecover(account)) await store.tx((tx) => outbox.add(tx, { ...message, oid, ...words }))
    }

  return {
    async begin({ contact, browser, login, locale, network, place }) {
      const owner = await accounts.ownerOf(contact.kind, contact.value)
      const account = await accounts.find(owner ?? NOBODY)
      await journal.note(recoveryBegun({ account: account?.oid ?? NOBODY, contact: contact.kind, ...place }))
      const code = await contactCodes.first({ contact, locale, network })
      if (!code.ok) return code
      const ticket = randomTicket()
      const { message } = await store.tx(async (tx) => {
        const issued = await code.make(tx, ticketHash(ticket))
        const { linkHash, linkCode } = issued
        const progress = { contact, browser, linkCode, proven: [], ...(login !== undefined && { login }) }
        const oid = account && mayRecover(account) ? account.oid : undefined
        await recoveries.insert(tx, ticket, { oid, linkHash, progress })
        return issued
      })
      return { ok: true, ticket, deliver: deliverer(account, message) }
    },

    async sendAgain(recovery, locale, network) {
      const { contact } = recovery.progress
      // Anew, so that an account that is not active hears of it each time.
      const owner = await accounts.ownerOf(contact.kind, contact.value)
      const account = await accounts.find(owner ?? NOBODY)
      const code = await contactCodes.first({ contact, locale, network })
      if (!code.ok) return code
      let issued: Issued | undefined
      await recoveries.change(recovery, async (tx, current) => {
        if (current.progress.proven.length > 0) return undefined
        issued = await code.make(tx, recovery.ref)
        const { linkHash, linkCode } = issued
        return { progress: { ...current.progress, linkCode }, linkHash }
      })
      return { ok: true, deliver: issued ? deliverer(account, issued.message) : async () => {} }
    },

    async resendAt({ ref }) {
      const sentAt = await codes.pending(firstCodeId(ref))
      return sentAt && addSeconds(sentAt, codes.limits.resendSeconds)
    },

    async prove(recovery, typed, by, place) {
      const { ref, oid, progress } = recovery
      const { kind, value } = progress.contact
      const refused = async (refusal: Refused) => {
        const { code } = refusal.error
        // The journal needs the account's key: fetched by a look-up that an identifier nobody holds costs as well.
        await accounts.find(oid ?? NOBODY)
        await journal.note(recoveryRefused({ account: oid ?? NOBODY, contact: kind, code, ...place }))
        return refusal
      }
      const verdict = await codes.verify(firstCodeId(ref), typed)
      if (!verdict.ok) return refused(verdict)
      // Nobody got the code of an identifier that nobody holds; and a contact may have changed hands since it got one.
      if (oid === undefined || (await accounts.ownerOf(kind, value)) !== oid)
        return refused({ ok: false, error: codeErrors.expired })
      let spent: Awaited<ReturnType<Codes['spend']>> = { ok: true }
      const ticket = randomTicket()
      const changed = await recoveries.change(recovery, async (tx, current) => {
        if (current.progress.proven.length > 0) return undefined
        spent = await codes.spend(tx, firstCodeId(ref), verdict)
        if (!spent.ok) return undefined
        return { progress: { ...current.progress, proven: [provenContact(kind, clock.now())] }, ticket }
      })
      if (!spent.ok) return refused(spent)
      if (!changed) return { ok: true }
      await journal.note(recoveryProven({ account: oid, kind, by, origin: ref, ...place }))
      return { ok: true, ticket }
    },

    async codeOfLink({ ref, progress }, ticket) {
      const pending = (await codes.pending(firstCodeId(ref))) !== undefined
      return pending ? contactCodes.ofLink(ticket, progress.linkCode) : undefined
    },
  }
}
