import type { Clock } from '#src/kernel/clock.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import { type Locale, locales } from '#src/kernel/locale.ts'
import { defineRead } from '#src/store/reads.ts'
import type { Store, Tx } from '#src/store/store.ts'
import { readOnce } from '#src/store/unit.ts'

/** What the owner of an account has chosen; nothing in it is needed to read another table. */
export interface AccountSettings {
  /** The language of messages to the owner. */
  readonly locale: Locale
  /** Asks for a second factor at each sign-in; undefined where the owner has not chosen. */
  readonly secondFactor: boolean | undefined
  /** The kind of second factor that is offered first. */
  readonly preferredFactor: string | undefined
  /** The channel of one-time codes that is offered first. */
  readonly codeChannel: 'sms' | 'voice' | 'mail' | undefined
  /** How long a page of the cabinet may stay unused, in minutes; the installation's limit where not chosen. */
  readonly idleMinutes: number | undefined
  /** A notice at every sign-in and not only from a new device. */
  readonly everySignIn: boolean
}

export interface Settings {
  /** Read once in each request. */
  of(oid: AccountId): Promise<AccountSettings>
  /** Changes the members that are given. */
  change(tx: Tx, oid: AccountId, chosen: Partial<AccountSettings>): Promise<void>
}

const unset: AccountSettings = {
  locale: locales[0],
  secondFactor: undefined,
  preferredFactor: undefined,
  codeChannel: undefined,
  idleMinutes: undefined,
  everySignIn: false,
}

const find = defineRead<{ chosen: string }>({
  name: 'account_settings',
  parameters: { oid: 'int' },
  sql: 'select chosen from account_settings where oid = key.oid',
})

/** @param chosen the stored row's JSON, null where the owner has chosen nothing */
export function readSettings(chosen: string | null): AccountSettings {
  return { ...unset, ...(chosen !== null && JSON.parse(chosen)) }
}

/** Under what name a request keeps what it has read of an account's settings. */
export const settingsOf = (oid: AccountId) => `settings:${oid}`

export function makeSettings({ store, clock }: { store: Store; clock: Clock }): Settings {
  return {
    of: (oid) =>
      readOnce(settingsOf(oid), async () => readSettings((await store.read(find, [oid]))[0]?.chosen ?? null)),
    async change(tx, oid, chosen) {
      const before = await tx
        .selectFrom('account_settings')
        .select('chosen')
        .where('oid', '=', oid)
        .forUpdate()
        .executeTakeFirst()
      const row = {
        chosen: JSON.stringify({ ...(before && JSON.parse(before.chosen)), ...chosen }),
        changed_at: clock.now(),
      }
      await tx
        .insertInto('account_settings')
        .values({ oid, ...row })
        .onConflict((conflict) => conflict.column('oid').doUpdateSet(row))
        .execute()
    },
  }
}
