import type { Logger } from 'pino'
import type { Journal } from '#src/journal/journal.ts'
import { addSeconds, type Clock } from '#src/kernel/clock.ts'
import type { DefinedError } from '#src/kernel/errors.ts'
import { type AccountId, NOBODY, randomTicket, ticketHash } from '#src/kernel/ids.ts'
import { type Locale, wordedMoment } from '#src/kernel/locale.ts'
import type { Message, Outbox } from '#src/notifications/outbox.ts'
import type { Keyring } from '#src/store/keyring.ts'
import type { Store, Tx } from '#src/store/store.ts'
import type { Account } from './account.ts'
import type { Accounts } from './accounts.ts'
import { contactIndex } from './contact-store.ts'
import { OBJECTION_SECONDS } from './delayed-changes.ts'
import type { Detachment } from './detachment-store.ts'
import * as requests from './detachment-store.ts'
import { detachmentErrors } from './errors.ts'
import { contactDetached, detachmentCancelled, detachmentRequested } from './events.ts'
import { maskPhone } from './fields/phone.ts'
import type { Settings } from './settings.ts'

const DAY_SECONDS = 86_400
const COUNTED_SECONDS = 30 * DAY_SECONDS
const REQUESTS_COUNTED = 3
const BATCH = 100
const KIND = 'phone'

/** A phone number that its operator gave to another person leaves the account of the former one, unless that one objects. */
export interface Detachments {
  /**
   * Asks to free a number for the person who has just proved to hold it; a number that is asked for keeps its time. The account is told on
   * its other contacts, never on the number itself.
   * @param phone E.164
   * @param locale the language of the later message that the number is free
   * @returns undefined when no account has the number; refusal `contact.too_many_detachments`
   */
  request(phone: string, locale: Locale): Promise<Requested | undefined>
  /** When the number will be free, if it is asked for. */
  dueAt(phone: string): Promise<Date | undefined>
  /** Whether the link of a notice can still keep the number. Changes nothing. */
  canKeep(ticket: string): Promise<boolean>
  /** The owner objects: the number stays. @returns false for a ticket that is wrong, used, or too late */
  keep(ticket: string): Promise<boolean>
  /** Detaches the numbers whose time has come; any number of processes may do so at once. */
  detachDue(): Promise<void>
}

export type Requested =
  | { readonly ok: true; readonly dueAt: Date }
  | { readonly ok: false; readonly error: DefinedError }

export interface DetachmentsDeps {
  readonly store: Store
  readonly keyring: Keyring
  readonly accounts: Pick<Accounts, 'ownerOf' | 'read' | 'release'>
  readonly settings: Pick<Settings, 'of'>
  readonly outbox: Outbox
  readonly journal: Pick<Journal, 'record'>
  readonly clock: Clock
  readonly log: Pick<Logger, 'error'>
  /** Origin of the links in notices. */
  readonly issuer: URL
  /** Whether somebody signed in to the account with a code sent to its phone after that moment. */
  readonly provedPhone: (account: AccountId, since: Date) => Promise<boolean>
}

export function makeDetachments(deps: DetachmentsDeps): Detachments {
  const { store, accounts, settings, outbox, journal, clock, log, issuer } = deps
  const contactOf = (phone: string) => ({ kind: KIND, hash: contactIndex(deps.keyring, KIND, phone) }) as const
  const eventFields = (oid: AccountId) => ({ account: oid, contact: KIND })

  /** Never on the number that is asked for. */
  async function tellOwner(
    tx: Tx,
    { oid, phone, email }: Account,
    message: Pick<Message, 'kind' | 'values' | 'ttlSeconds' | 'locale'>,
  ): Promise<void> {
    if (phone === undefined || email === undefined) return
    const values = { phone: maskPhone(phone), ...message.values }
    await outbox.add(tx, { oid, channel: 'mail', recipient: email, ...message, values })
  }

  async function settle(detachment: Detachment): Promise<void> {
    const { oid, hash, locale, requestedAt } = detachment
    // Reads stand before the transaction: inside it only its own handle may be used.
    const owner = await accounts.read(oid)
    const { phone } = owner
    const ownersLocale = (await settings.of(oid)).locale
    const proved = await deps.provedPhone(oid, requestedAt)
    await store.tx(async (tx) => {
      if (!(await requests.lockWaiting(tx, detachment))) return
      const owned = phone !== undefined && contactOf(phone).hash === hash
      if (proved || !owned || !(await accounts.release(tx, oid, KIND, phone))) {
        await requests.settle(tx, detachment, 'cancelled')
        const reason = proved ? 'signed_in' : 'changed'
        return journal.record(tx, detachmentCancelled({ ...eventFields(oid), reason }))
      }
      await requests.settle(tx, detachment, 'done')
      await journal.record(tx, contactDetached(eventFields(oid)))
      const kept = { values: {}, ttlSeconds: DAY_SECONDS }
      await tellOwner(tx, owner, { kind: 'contact_detached', locale: ownersLocale, ...kept })
      await outbox.add(tx, { oid: NOBODY, channel: 'sms', recipient: phone, kind: 'contact_freed', locale, ...kept })
    })
  }

  return {
    async request(phone, locale) {
      const oid = await accounts.ownerOf(KIND, phone)
      if (oid === undefined) return undefined
      const owner = await accounts.read(oid)
      const ownersLocale = (await settings.of(oid)).locale
      const contact = contactOf(phone)
      return store.tx(async (tx) => {
        const earlier = await requests.findDueAt(tx, contact)
        if (earlier) return { ok: true, dueAt: earlier }
        const requestedAt = clock.now()
        // Counted in the table itself: the throttle's counters are not made to last for a month.
        const counted = await requests.countSince(tx, contact, addSeconds(requestedAt, -COUNTED_SECONDS))
        if (counted >= REQUESTS_COUNTED) return { ok: false, error: detachmentErrors.too_many_detachments }
        const dueAt = addSeconds(requestedAt, OBJECTION_SECONDS)
        const ticket = randomTicket()
        const detachment = { ...contact, ticketHash: ticketHash(ticket), oid, locale, requestedAt, dueAt }
        if (!(await requests.insertWaiting(tx, detachment)))
          return { ok: true, dueAt: (await requests.findDueAt(tx, contact)) ?? dueAt }
        await journal.record(tx, detachmentRequested(eventFields(oid)))
        await tellOwner(tx, owner, {
          kind: 'contact_detachment',
          locale: ownersLocale,
          values: { date: wordedMoment(dueAt, ownersLocale), link: `${issuer.origin}/contact/keep/${ticket}` },
          ttlSeconds: OBJECTION_SECONDS,
        })
        return { ok: true, dueAt }
      })
    },
    dueAt: (phone) => requests.findDueAt(store.db, contactOf(phone)),
    canKeep: (ticket) => requests.isWaiting(store.db, ticketHash(ticket)),
    keep: (ticket) =>
      store.tx(async (tx) => {
        const oid = await requests.cancelByTicket(tx, ticketHash(ticket))
        if (oid === undefined) return false
        await journal.record(tx, detachmentCancelled({ ...eventFields(oid), reason: 'objected' }))
        return true
      }),
    async detachDue() {
      for (const detachment of await requests.listDue(store.db, clock.now(), BATCH)) {
        try {
          await settle(detachment)
        } catch (err) {
          // One that fails is tried again by the next run and does not stand in the way of the others.
          log.error({ err }, 'contact not detached')
        }
      }
    },
  }
}
