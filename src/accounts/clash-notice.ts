import type { Journal, JournalEvent } from '#src/journal/journal.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import type { Tx } from '#src/store/store.ts'
import type { Limit, Throttle } from '#src/throttle/throttle.ts'
import type { ContactKind } from './contact-store.ts'
import type { OwnerNotices } from './owner-notices.ts'

const DAY_SECONDS = 86_400
/** One notice a day is enough, and a stranger with the owner's old number cannot flood the other contact. */
const NOTICES: Limit = {
  name: 'clash_notice',
  windowSeconds: DAY_SECONDS,
  free: 1,
  delaySeconds: DAY_SECONDS,
  maxDelaySeconds: DAY_SECONDS,
}

/**
 * Tells the owner of a contact, on all confirmed contacts, that somebody else has entered its code; or of a SNILS or document that somebody else
 * has given it as theirs.
 */
export interface ClashNotice<K extends string = ContactKind> {
  /** Finds the owner outside the transaction that the returned notice then joins. */
  prepare(kind: K, value: string): Promise<(tx: Tx) => Promise<void>>
}

/** @param deps `message`: its kind */
export function makeClashNotice<K extends string = ContactKind>(deps: {
  accounts: { ownerOf(kind: K, value: string): Promise<AccountId | undefined> }
  ownerNotices: Pick<OwnerNotices, 'ownerOf' | 'tell'>
  journal: Pick<Journal, 'record'>
  throttle: Pick<Throttle, 'enter'>
  event: (fields: { account: AccountId; contact: string }) => JournalEvent
  message: string
}): ClashNotice<K> {
  const { accounts, ownerNotices, journal, throttle } = deps
  return {
    async prepare(kind, value) {
      const oid = await accounts.ownerOf(kind, value)
      if (oid === undefined) return async () => {}
      const owner = await ownerNotices.ownerOf(oid)
      return async (tx) => {
        await journal.record(tx, deps.event({ account: oid, contact: kind }))
        const gate = await throttle.enter([{ limit: NOTICES, key: String(oid) }], tx)
        if (gate.open) await ownerNotices.tell(tx, owner, { kind: deps.message, values: {} })
      }
    },
  }
}
