import type { AccountId } from '#src/kernel/ids.ts'
import type { Outbox } from '#src/notifications/outbox.ts'
import type { Tx } from '#src/store/store.ts'
import type { Account, Accounts } from './accounts.ts'
import type { AccountSettings, Settings } from './settings.ts'

const DAY_SECONDS = 86_400

/** Whom to tell, read before the transaction that tells. */
export interface Owner {
  readonly account: Account
  readonly settings: AccountSettings
}

export interface OwnerNotice {
  /** Texts `message.<kind>`, `message.<kind>.subject` and `message.<kind>.mail`. */
  readonly kind: string
  readonly values: Readonly<Record<string, string>>
  /** A day unless given. */
  readonly ttlSeconds?: number
}

/** What happens to the security of an account is told to its owner on every confirmed contact, in the owner's language. */
export interface OwnerNotices {
  /** @throws Error when there is no such account */
  ownerOf(oid: AccountId): Promise<Owner>
  /** In the transaction of what it tells of. */
  tell(tx: Tx, owner: Owner, notice: OwnerNotice): Promise<void>
}

export function makeOwnerNotices(deps: {
  accounts: Pick<Accounts, 'read'>
  settings: Pick<Settings, 'of'>
  outbox: Outbox
}): OwnerNotices {
  const { accounts, settings, outbox } = deps
  return {
    async ownerOf(oid) {
      const [account, chosen] = await Promise.all([accounts.read(oid), settings.of(oid)])
      return { account, settings: chosen }
    },
    async tell(tx, { account, settings: { locale } }, { kind, values, ttlSeconds = DAY_SECONDS }) {
      const { oid, phone, email } = account
      const message = { oid, kind, values, locale, ttlSeconds }
      if (phone !== undefined) await outbox.add(tx, { ...message, channel: 'sms', recipient: phone })
      if (email !== undefined) await outbox.add(tx, { ...message, channel: 'mail', recipient: email })
    },
  }
}
