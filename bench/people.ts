import { randomBytes } from 'node:crypto'
import type { Account } from '#src/accounts/account.ts'
import { makeAccounts } from '#src/accounts/accounts.ts'
import { makeConsents } from '#src/consents/consents.ts'
import { argon2Hasher } from '#src/factors/password/hash.ts'
import { makePasswords } from '#src/factors/password/passwords.ts'
import { systemClock as clock } from '#src/kernel/clock.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import { Secret } from '#src/kernel/secret.ts'
import { makeClients } from '#src/oidc/clients/clients.ts'
import { CONSENT_VERSION } from '#src/registration/consent.ts'
import { type Keyring, makeDataKeys, openKeyring } from '#src/store/keyring.ts'
import { openStore, type Store, type Tx } from '#src/store/store.ts'
import { Unit, units } from '#src/store/unit.ts'
import { type ClientTerms, phoneOf, terms } from './terms.ts'

/** Somebody who can sign in on both sides. */
export interface Resident {
  readonly oid: AccountId
  readonly phone: string
  readonly email: string
}

const person = {
  familyName: 'Ветрова',
  givenName: 'Ольга',
  patronymic: 'Игоревна',
  birthDate: '1990-04-12',
  gender: 'female',
} as const

/** A resident as the other side keeps them: the same person, so that the claims are the same. */
export function accountOf({ oid, phone, email }: Resident): Account {
  const identity = { level: 'simplified', lacks: [], carriedBy: [], reconciled: new Map() } as const
  return {
    oid,
    state: 'active',
    realm: 'citizen',
    registeredAt: new Date(0),
    person,
    phone,
    email,
    documents: [],
    addresses: [],
    identity,
  }
}

/** A database that is to have residents. */
export interface Settlement {
  readonly databaseUrl: string
  readonly kek: { readonly id: string; readonly key: string }
  readonly client: ClientTerms
  readonly count: number
}

export function openSettlement({ databaseUrl }: Pick<Settlement, 'databaseUrl'>): Promise<Store> {
  const url = new Secret(databaseUrl)
  return openStore({ kind: 'postgres', url, poolSize: LANES, connectTimeoutMs: 10_000 }, () => {})
}

const PER_TRANSACTION = 50
const LANES = 4

/**
 * Registers the relying party, and residents who have agreed to everything that it asks for. All have one password and, to save
 * minutes, one salt: no flow can tell.
 */
export async function settle(options: Settlement): Promise<Resident[]> {
  const store = await openSettlement(options)
  try {
    const keyring = await openKeyring(store.db, [{ id: options.kek.id, key: new Secret(options.kek.key) }])
    const dataKeys = makeDataKeys(store.db, keyring)
    const accounts = makeAccounts({ store, keyring, dataKeys, clock, policy: { foreignDocuments: false } })
    const passwords = await makePasswords({ store, dataKeys, hasher: argon2Hasher, clock })
    const phc = await argon2Hasher.hash(terms.password)

    async function register(tx: Tx, n: number): Promise<Resident> {
      const phone = phoneOf(n)
      const email = `citizen${n}@bench.example`
      const dataKey = randomBytes(32)
      const made = await accounts.create(tx, { person, phone, email, consentVersion: CONSENT_VERSION, dataKey })
      if (!made.ok) throw new Error(`${phone} is registered already`)
      await passwords.enrol(tx, made.oid, phc)
      return { oid: made.oid, phone, email }
    }

    const residents: Resident[] = []
    let next = 0
    const lane = async () => {
      while (next < options.count) {
        const first = next
        next = Math.min(first + PER_TRANSACTION, options.count)
        const last = next
        await store.tx(async (tx) => {
          for (let n = first; n < last; n++) residents.push(await register(tx, n))
        })
      }
    }
    await Promise.all(Array.from({ length: LANES }, lane))

    await agree(store, keyring, options.client, residents)
    return residents
  } finally {
    await store.close()
  }
}

/** Registers the relying party, and what residents agreed to. */
export async function agree(
  store: Store,
  keyring: Keyring,
  client: ClientTerms,
  residents: readonly Resident[],
): Promise<void> {
  const consents = makeConsents({ store, clock, termDays: terms.consentDays })
  await makeClients({ store, keyring, clock }).save(client)
  const scopes = terms.scope.split(' ')
  // As one unit of work: thousands of commits of their own would take longer than some benches.
  const unit = new Unit()
  await units.run(unit, async () => {
    for (const { oid } of residents) await consents.grant({ oid, clientId: client.client_id, scopes, claims: [] })
    await unit.flush(store)
  })
}
