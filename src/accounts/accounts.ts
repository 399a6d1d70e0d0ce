import { sql } from 'kysely'
import type { Clock } from '#src/kernel/clock.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import type { DataKeys, Keyring } from '#src/store/keyring.ts'
import { defineRead } from '#src/store/reads.ts'
import { seal } from '#src/store/seal.ts'
import type { Db, Store, Tx } from '#src/store/store.ts'
import { subjectOf } from '#src/store/subject.ts'
import { readOnce } from '#src/store/unit.ts'
import {
  type Account,
  type AccountRow,
  type AccountState,
  accountName,
  accountOf,
  personPlace,
  readAccount,
} from './account.ts'
import { type ContactKind, contactIndex, makeContactStore } from './contact-store.ts'
import type { Person } from './person.ts'
import { readSettings, settingsOf } from './settings.ts'

export interface NewAccount {
  readonly person: Person
  readonly phone: string
  readonly email?: string
  /** Version of the text on the processing of personal data that was agreed to. */
  readonly consentVersion: string
  /** The key that the registration's draft was sealed with. */
  readonly dataKey: Buffer
}

export interface Accounts {
  /** Who holds a confirmed contact; costs the same whether anybody does. */
  ownerOf(kind: ContactKind, value: string, handle?: Db | Tx): Promise<AccountId | undefined>
  /** The same for whatever is found by a blind index. */
  holderOf(kind: string, hash: string, handle?: Db | Tx): Promise<AccountId | undefined>
  /** Of two registrations with one contact the second gets `clash`; the transaction goes on. */
  create(tx: Tx, account: NewAccount): Promise<{ ok: true; oid: AccountId } | { ok: false; clash: ContactKind }>
  /** @throws Error when there is no such account */
  read(oid: AccountId): Promise<Account>
  find(oid: AccountId): Promise<Account | undefined>
  /** Also of an account that was erased, or whose data key nobody can open. */
  stateOf(oid: AccountId): Promise<AccountState | undefined>
  /** As it is inside a transaction. @param at at which moment the identity level is looked at; now unless given */
  readIn(tx: Tx, oid: AccountId, at?: Date): Promise<Account>
  /** Takes a contact away, so that somebody else can register it. @returns false when the account does not have it */
  release(tx: Tx, oid: AccountId, kind: ContactKind, value: string): Promise<boolean>
}

const findOwner = defineRead<{ oid: AccountId }>({
  name: 'identifiers',
  parameters: { kind: 'text', hash: 'text' },
  sql: 'select oid from identifiers where kind = key.kind and hash = key.hash',
})

export function makeAccounts(deps: {
  store: Store
  keyring: Keyring
  dataKeys: DataKeys
  clock: Clock
  policy: { readonly foreignDocuments: boolean }
}): Accounts {
  const { store, keyring, dataKeys, clock, policy } = deps
  const blindIndex = (kind: ContactKind, value: string) => contactIndex(keyring, kind, value)
  const contacts = makeContactStore({ keyring, dataKeys, clock })

  const find = (oid: AccountId) => readOnce(accountName(oid), () => load(oid))

  const opened = (oid: AccountId, row: AccountRow, at?: Date) =>
    accountOf(oid, row, { key: dataKeys.opened(oid, row), policy, now: () => at ?? clock.now() })

  async function load(oid: AccountId): Promise<Account | undefined> {
    const [row] = await store.read(readAccount, [oid])
    if (!row) return undefined
    // Whoever asks for the owner's settings later in the request finds them here.
    void readOnce(settingsOf(oid), async () => readSettings(row.chosen))
    return opened(oid, row)
  }

  const accounts: Accounts = {
    ownerOf: (kind, value, handle) => accounts.holderOf(kind, blindIndex(kind, value), handle),
    async holderOf(kind, hash, handle) {
      const query = handle?.selectFrom('identifiers').select('oid').where('kind', '=', kind).where('hash', '=', hash)
      if (query) return (await query.executeTakeFirst())?.oid
      return (await store.read(findOwner, [kind, hash]))[0]?.oid
    },
    async create(tx, account) {
      for (const kind of ['phone', 'email'] as const) {
        const value = account[kind]
        if (value === undefined) continue
        const holder = await accounts.ownerOf(kind, value, tx)
        if (holder !== undefined) return { ok: false, clash: kind }
      }
      const { rows } = await sql<{ n: number }>`select nextval('account_numbers')::int as n`.execute(tx)
      const oid = subjectOf(keyring.key('subject'), rows[0]!.n)
      await tx
        .insertInto('accounts')
        .values({ oid, realm: 'citizen', state: 'active', registered_at: clock.now() })
        .execute()
      const key = await dataKeys.create(tx, oid, account.dataKey)
      for (const kind of ['phone', 'email'] as const) {
        const value = account[kind]
        if (value === undefined) continue
        if (!(await contacts.claim(tx, oid, kind, value, key))) throw new ClashedMeanwhile(kind)
      }
      await tx
        .insertInto('persons')
        .values({ oid, core: seal(key, personPlace(oid), JSON.stringify(account.person)) })
        .execute()
      await tx
        .insertInto('agreements')
        .values({ oid, kind: 'personal_data', version: account.consentVersion, agreed_at: clock.now() })
        .execute()
      return { ok: true, oid }
    },
    async read(oid) {
      const account = await find(oid)
      if (!account) throw new Error(`there is no account ${oid}`)
      return account
    },
    find,
    async stateOf(oid) {
      return (await store.db.selectFrom('accounts').select('state').where('oid', '=', oid).executeTakeFirst())?.state
    },
    async readIn(tx, oid, at) {
      const { rows } = await sql<AccountRow>`select found.* from (select ${oid}::int as oid) as key,
        lateral (${sql.raw(readAccount.sql)}) as found`.execute(tx)
      const [row] = rows
      if (!row) throw new Error(`there is no account ${oid}`)
      return opened(oid, row, at)
    },
    async release(tx, oid, kind, value) {
      const held = (await contacts.lock(tx, oid))[kind] === value
      const change = { kind, before: value, after: undefined }
      return held && contacts.change(tx, oid, change, { cause: 'detached', origin: '' })
    },
  }
  return accounts
}

/** Somebody else confirmed the same contact between the look and the claim; the transaction has to be rolled back. */
export class ClashedMeanwhile extends Error {
  override readonly name = 'ClashedMeanwhile'
  readonly clash: ContactKind

  constructor(clash: ContactKind) {
    super(`the ${clash} was confirmed elsewhere`)
    this.clash = clash
  }
}
