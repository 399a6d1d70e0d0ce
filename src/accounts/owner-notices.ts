import type { AccountId } from '#src/kernel/ids.ts'
import type { Outbox } from '#src/notifications/outbox.ts'
import type { Tx } from '#src/store/store.ts'
import type { Account } from './account.ts'
import type { Accounts } from './accounts.ts'
import type { NotMe } from './not-me.ts'
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
  /**
   * The sign-in or session that it tells of, as in `Enrolling.origin`: the texts get a `link` by which the owner says that it was somebody
   * else. Each contact has its own: whoever holds a telephone, or reads what it shows while locked, only ends the session.
   */
  readonly reportable?: string
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
  notMe: Pick<NotMe, 'linkFor'>
  outbox: Outbox
}): OwnerNotices {
  const { accounts, settings, notMe, outbox } = deps

  async function linked(tx: Tx, oid: AccountId, { values, reportable: origin }: OwnerNotice, undoes: boolean) {
    return origin === undefined ? values : { ...values, link: await notMe.linkFor(tx, { oid, origin, undoes }) }
  }

  return {
    async ownerOf(oid) {
      const [account, chosen] = await Promise.all([accounts.read(oid), settings.of(oid)])
      return { account, settings: chosen }
    },
    async tell(tx, { account, settings: { locale } }, notice) {
      const { oid, phone, email } = account
      const { kind, ttlSeconds = DAY_SECONDS } = notice
      const message = { oid, kind, locale, ttlSeconds }
      if (phone !== undefined) {
        const values = await linked(tx, oid, notice, false)
        await outbox.add(tx, { ...message, values, channel: 'sms', recipient: phone })
      }
      if (email !== undefined) {
        const values = await linked(tx, oid, notice, true)
        await outbox.add(tx, { ...message, values, channel: 'mail', recipient: email })
      }
    },
  }
}
