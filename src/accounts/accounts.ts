import { sql } from 'kysely'
import type { Clock } from '#src/kernel/clock.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import type { IdentityLevel } from '#src/kernel/levels.ts'
import type { Realm } from '#src/kernel/realms.ts'
import type { DataKeys, Keyring, WrappedKey } from '#src/store/keyring.ts'
import { defineRead } from '#src/store/reads.ts'
import { open, seal } from '#src/store/seal.ts'
import type { Db, Store, Tx } from '#src/store/store.ts'
import { subjectOf } from '#src/store/subject.ts'
import { readOnce } from '#src/store/unit.ts'
import { type ContactKind, contactIndex, contactPlace, makeContactStore } from './contact-store.ts'
import { readSettings, settingsOf } from './settings.ts'

export interface Person {
  readonly familyName: string
  readonly givenName: string
  readonly patronymic?: string
  /** ISO 8601 date. */
  readonly birthDate: string
  readonly gender: 'male' | 'female'
}

export type { ContactKind }
export type AccountState = 'pending' | 'active' | 'blocked' | 'closed'

/** An account as its owner knows it. Phones are E.164, e-mail addresses in lower case. */
export interface Account {
  readonly oid: AccountId
  readonly state: AccountState
  /** Why it is in its state, in the words of whoever put it there. */
  readonly stateReason?: string
  readonly stateAt?: Date
  readonly realm: Realm
  readonly registeredAt: Date
  /** When all its sessions were ended last, and the sign-ins under way with them. */
  readonly signInsEndedAt?: Date
  readonly person: Person
  readonly phone?: string
  readonly email?: string
}

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
  /** Of two registrations with one contact the second gets `clash`; the transaction goes on. */
  create(tx: Tx, account: NewAccount): Promise<{ ok: true; oid: AccountId } | { ok: false; clash: ContactKind }>
  /** @throws Error when there is no such account */
  read(oid: AccountId): Promise<Account>
  find(oid: AccountId): Promise<Account | undefined>
  /** Takes a contact away, so that somebody else can register it. @returns false when the account does not have it */
  release(tx: Tx, oid: AccountId, kind: ContactKind, value: string): Promise<boolean>
}

/**
 * The level that the evidence on record carries; with a name and one confirmed contact an account is simplified. Once there is evidence
 * for more, *verified* does not count from `identity_suspended_at` on.
 */
export function identityLevelOf(_account: Account): IdentityLevel {
  return 'simplified'
}

/** Where the reason of its state stands sealed. */
export const stateReasonPlace = (oid: AccountId) => ({ table: 'accounts', column: 'state_reason', key: oid })

/** Takes *verified* away until identity is proven again (R-D4). */
export async function suspendIdentity(tx: Tx, oid: AccountId, at: Date): Promise<void> {
  await tx.updateTable('accounts').set({ identity_suspended_at: at }).where('oid', '=', oid).execute()
}

interface Row extends WrappedKey {
  state: AccountState
  state_reason: Uint8Array | null
  state_at: Date | null
  realm: Realm
  registered_at: Date
  sign_ins_ended_at: Date | null
  core: Uint8Array
  phone: Uint8Array | null
  email: Uint8Array | null
  chosen: string | null
}

const readAccount = defineRead<Row>({
  name: 'accounts',
  parameters: { oid: 'int' },
  sql: `select a.state, a.state_reason, a.state_at, a.realm, a.registered_at, a.sign_ins_ended_at, p.core, d.kek_id, d.wrapped,
      (select value from contacts where oid = a.oid and kind = 'phone') as phone,
      (select value from contacts where oid = a.oid and kind = 'email') as email,
      (select chosen from account_settings where oid = a.oid) as chosen
    from accounts a join persons p on p.oid = a.oid join data_keys d on d.oid = a.oid
    where a.oid = key.oid`,
})

const findOwner = defineRead<{ oid: AccountId }>({
  name: 'identifiers',
  parameters: { kind: 'text', hash: 'text' },
  sql: 'select oid from identifiers where kind = key.kind and hash = key.hash',
})

export function makeAccounts(deps: { store: Store; keyring: Keyring; dataKeys: DataKeys; clock: Clock }): Accounts {
  const { store, keyring, dataKeys, clock } = deps
  const blindIndex = (kind: ContactKind, value: string) => contactIndex(keyring, kind, value)
  const corePlace = (oid: AccountId) => ({ table: 'persons', column: 'core', key: oid })
  const contacts = makeContactStore({ keyring, dataKeys, clock })

  const find = (oid: AccountId) => readOnce(`account:${oid}`, () => load(oid))

  async function load(oid: AccountId): Promise<Account | undefined> {
    const [row] = await store.read(readAccount, [oid])
    if (!row) return undefined
    // Whoever asks for the owner's settings later in the request finds them here.
    void readOnce(settingsOf(oid), async () => readSettings(row.chosen))
    const key = dataKeys.opened(oid, row)
    const account = {
      oid,
      state: row.state,
      ...(row.state_at && { stateAt: row.state_at }),
      realm: row.realm,
      registeredAt: row.registered_at,
      ...(row.sign_ins_ended_at && { signInsEndedAt: row.sign_ins_ended_at }),
    }
    // Most requests ask for no more than the state; what is sealed is opened when somebody looks at it.
    lazily(account, 'person', () => JSON.parse(open(key, corePlace(oid), row.core).toString('utf8')))
    const { state_reason: reason } = row
    if (reason) lazily(account, 'stateReason', () => open(key, stateReasonPlace(oid), reason).toString('utf8'))
    for (const kind of ['phone', 'email'] as const) {
      const sealed = row[kind]
      if (sealed) lazily(account, kind, () => open(key, contactPlace(oid, kind), sealed).toString('utf8'))
    }
    return account as Account
  }

  return {
    async ownerOf(kind, value, handle) {
      const hash = blindIndex(kind, value)
      const query = handle?.selectFrom('identifiers').select('oid').where('kind', '=', kind).where('hash', '=', hash)
      if (query) return (await query.executeTakeFirst())?.oid
      return (await store.read(findOwner, [kind, hash]))[0]?.oid
    },
    async create(tx, account) {
      for (const kind of ['phone', 'email'] as const) {
        const value = account[kind]
        if (value === undefined) continue
        const holder = await this.ownerOf(kind, value, tx)
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
        .values({ oid, core: seal(key, corePlace(oid), JSON.stringify(account.person)) })
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
    async release(tx, oid, kind, value) {
      const held = (await contacts.lock(tx, oid))[kind] === value
      const change = { kind, before: value, after: undefined }
      return held && contacts.change(tx, oid, change, { cause: 'detached', origin: '' })
    },
  }
}

/** A member that is made when it is first looked at. */
function lazily(target: object, name: keyof Account, make: () => unknown): void {
  const settings = { enumerable: true, configurable: true }
  const get = () => {
    const value = make()
    Object.defineProperty(target, name, { ...settings, value })
    return value
  }
  Object.defineProperty(target, name, { ...settings, get })
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
