import type { Accounts, ContactKind } from '#src/accounts/accounts.ts'
import type { Journal } from '#src/journal/journal.ts'
import { locales } from '#src/kernel/locale.ts'
import type { Outbox } from '#src/notifications/outbox.ts'
import type { Tx } from '#src/store/store.ts'
import type { Limit, Throttle } from '#src/throttle/throttle.ts'
import { registrationClashed } from './events.ts'

const DAY_SECONDS = 86_400
/** One notice a day is enough, and a stranger with the owner's old number cannot flood the other contact. */
const NOTICES: Limit = {
  name: 'clash_notice',
  windowSeconds: DAY_SECONDS,
  free: 1,
  delaySeconds: DAY_SECONDS,
  maxDelaySeconds: DAY_SECONDS,
}

/** Tells the owner of a contact, on all confirmed contacts, that somebody registers with it. */
export interface ClashNotice {
  /** Finds the owner outside the transaction that the returned notice then joins. */
  prepare(kind: ContactKind, value: string): Promise<(tx: Tx) => Promise<void>>
}

export function makeClashNotice(deps: {
  accounts: Pick<Accounts, 'ownerOf' | 'read'>
  outbox: Outbox
  journal: Pick<Journal, 'record'>
  throttle: Pick<Throttle, 'enter'>
}): ClashNotice {
  const { accounts, outbox, journal, throttle } = deps
  return {
    async prepare(kind, value) {
      const owner = await accounts.ownerOf(kind, value)
      if (owner === undefined) return async () => {}
      const { phone, email } = await accounts.read(owner)
      return async (tx) => {
        await journal.record(tx, registrationClashed({ account: owner, contact: kind }))
        const gate = await throttle.enter([{ limit: NOTICES, key: String(owner) }], tx)
        if (!gate.open) return
        const notice = {
          oid: owner,
          kind: 'registration_clash',
          values: {},
          locale: locales[0],
          ttlSeconds: DAY_SECONDS,
        }
        if (phone !== undefined) await outbox.add(tx, { ...notice, channel: 'sms', recipient: phone })
        if (email !== undefined) await outbox.add(tx, { ...notice, channel: 'mail', recipient: email })
      }
    },
  }
}
