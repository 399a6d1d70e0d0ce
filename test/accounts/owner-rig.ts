import { randomBytes } from 'node:crypto'
import { pino } from 'pino'
import { makeAccounts } from '#src/accounts/accounts.ts'
import { CONTACT_CHANGE, type ContactChanges, makeContactChanges } from '#src/accounts/contact-changes.ts'
import { makeContactStore } from '#src/accounts/contact-store.ts'
import { type ApplyChange, type DelayedChanges, makeDelayedChanges } from '#src/accounts/delayed-changes.ts'
import { makeNotMe } from '#src/accounts/not-me.ts'
import { makeOwnerNotices, type Owner } from '#src/accounts/owner-notices.ts'
import { makeSettings } from '#src/accounts/settings.ts'
import { allTexts } from '#src/all-texts.ts'
import { makeJournal, type RecordedEvent } from '#src/journal/journal.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import type { Message } from '#src/notifications/outbox.ts'
import { makeDataKeys } from '#src/store/keyring.ts'
import { handClock, type OpenedStore, openedStore } from '../store/opened.ts'

export const ISSUER = new URL('https://id.example.ru')

export interface Process {
  readonly delayedChanges: DelayedChanges
  readonly contactChanges: ContactChanges
  readonly log: string[]
}

export type OwnerRig = Awaited<ReturnType<typeof startOwnerRig>>

/** Accounts and what their owners are told, with everything real beneath but the outbox, which is a list, and the clock. */
export async function startOwnerRig() {
  const opened: OpenedStore = await openedStore()
  const { store, keyring } = opened
  const clock = handClock()
  const sent: Message[] = []
  const outbox = { add: async (_tx: unknown, message: Message) => void sent.push(message) }
  const silent = pino({ level: 'silent' })
  const dataKeys = makeDataKeys(store.db, keyring)
  const accounts = makeAccounts({ store, keyring, dataKeys, clock, policy: { foreignDocuments: false } })
  const settings = makeSettings({ store, clock })
  const notMe = makeNotMe({ store, clock, issuer: ISSUER })
  const ownerNotices = makeOwnerNotices({ accounts, settings, notMe, outbox })
  const journal = makeJournal({ store, keyring, dataKeys, clock, retentionDays: 365 })
  const contacts = makeContactStore({ keyring, dataKeys, clock })
  let people = 0

  return {
    store,
    clock,
    sent,
    accounts,
    settings,
    ownerNotices,
    /** Another call is another process on the same database. */
    process(appliers: Readonly<Record<string, ApplyChange>> = {}): Process {
      const log: string[] = []
      const delayedChanges = makeDelayedChanges({
        store,
        dataKeys,
        ownerNotices,
        journal,
        clock,
        log: pino({ level: 'error' }, { write: (line: string) => void log.push(line) }),
        issuer: ISSUER,
        translate: allTexts(silent).translator,
        appliers: { [CONTACT_CHANGE]: (...change) => contactChanges.apply(...change), ...appliers },
        alsoClosed: [],
      })
      const contactChanges = makeContactChanges({ contacts, delayedChanges, ownerNotices, journal })
      return { delayedChanges, contactChanges, log }
    },
    async person({ email = true } = {}): Promise<Owner & { readonly oid: AccountId }> {
      const n = ++people
      const oid = await store.tx(async (tx) => {
        const made = await accounts.create(tx, {
          person: { familyName: 'Ветрова', givenName: 'Ольга', birthDate: '1990-04-12', gender: 'female' },
          phone: `+7916${1_000_000 + n}`,
          ...(email && { email: `person${n}@example.org` }),
          consentVersion: '1',
          dataKey: randomBytes(32),
        })
        if (!made.ok) throw new Error('taken')
        return made.oid
      })
      return { ...(await ownerNotices.ownerOf(oid)), oid }
    },
    async contactsOf(oid: AccountId) {
      const { phone, email } = await accounts.read(oid)
      return { phone, email }
    },
    events: async (oid: AccountId): Promise<RecordedEvent[]> => journal.read(oid, { limit: 100 }),
    /** Texts sent since the last call of `forget`, by recipient. */
    to: (recipient: string | undefined) => sent.filter((message) => message.recipient === recipient),
    stop: () => opened.close(),
  }
}
