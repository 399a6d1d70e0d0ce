import { sql } from 'kysely'
import type { JWK } from 'oidc-provider'
import type { Keyring } from '#src/store/keyring.ts'
import { open, seal } from '#src/store/seal.ts'
import type { Db, Store, Tx } from '#src/store/store.ts'
import type { KeyState, KeyTimes } from './schedule.ts'

/** A private JWK as it is stored: with `kid`, `use` and, but for EdDSA, `alg`. */
export type PrivateKey = JWK & { readonly kid: string }

const place = (kid: string) => ({ table: 'signing_keys', column: 'private_jwk', key: kid })

/** Keeps other processes from changing keys until the transaction ends; readers are not held up. */
export async function lockKeys(tx: Tx): Promise<void> {
  await sql`lock table signing_keys in share row exclusive mode`.execute(tx)
}

/** The keys without what is secret, those that sign first. */
export async function listKeys(db: Db | Tx): Promise<KeyTimes[]> {
  const rows = await db
    .selectFrom('signing_keys')
    .select(['kid', 'alg', 'state', 'created_at', 'activated_at', 'retired_at'])
    .orderBy('state')
    .orderBy('created_at')
    .orderBy('kid')
    .execute()
  return rows.map(({ kid, alg, state, ...times }) => ({
    kid,
    alg,
    state,
    createdAt: times.created_at,
    activatedAt: times.activated_at ?? undefined,
    retiredAt: times.retired_at ?? undefined,
  }))
}

/**
 * The keys in force, those that sign first.
 * @returns private JWKs
 */
export async function loadSigningKeys({ store, keyring }: { store: Store; keyring: Keyring }): Promise<PrivateKey[]> {
  const rows = await store.db
    .selectFrom('signing_keys')
    .select(['kid', 'private_jwk'])
    .orderBy('state')
    .orderBy('created_at')
    .orderBy('kid')
    .execute()
  return rows.map((row) => opened(keyring, row))
}

/**
 * Keys that no longer sign and are no longer published, to read hints with.
 * @returns public JWKs
 */
export async function loadFormerKeys(store: Store): Promise<JWK[]> {
  const rows = await store.db.selectFrom('former_keys').select('public_jwk').orderBy('kid').execute()
  return rows.map((row) => JSON.parse(row.public_jwk))
}

export async function insertKey(
  tx: Tx,
  { keyring, key, alg, state, now }: { keyring: Keyring; key: PrivateKey; alg: string; state: KeyState; now: Date },
): Promise<void> {
  const sealed = seal(keyring.key('signing'), place(key.kid), JSON.stringify(key))
  await tx
    .insertInto('signing_keys')
    .values({
      kid: key.kid,
      alg,
      state,
      private_jwk: sealed,
      created_at: now,
      activated_at: state === 'active' ? now : null,
      retired_at: null,
    })
    .execute()
}

/** Makes the next key of an algorithm the active one. @returns the `kid` of the one that retires */
export async function activateKey(tx: Tx, { kid, alg, now }: { kid: string; alg: string; now: Date }): Promise<string> {
  const retired = await tx
    .updateTable('signing_keys')
    .set({ state: 'retired', retired_at: now })
    .where('alg', '=', alg)
    .where('state', '=', 'active')
    .returning('kid')
    .executeTakeFirstOrThrow()
  await tx.updateTable('signing_keys').set({ state: 'active', activated_at: now }).where('kid', '=', kid).execute()
  return retired.kid
}

/** Destroys the private part of a key; its public half is kept. */
export async function withdrawKey(
  tx: Tx,
  { keyring, kid, alg, now }: { keyring: Keyring; kid: string; alg: string; now: Date },
): Promise<void> {
  const row = await tx
    .deleteFrom('signing_keys')
    .where('kid', '=', kid)
    .returning(['kid', 'private_jwk'])
    .executeTakeFirstOrThrow()
  const public_jwk = JSON.stringify(publicHalf(opened(keyring, row)))
  await tx.insertInto('former_keys').values({ kid, alg, public_jwk, withdrawn_at: now }).execute()
}

/** Forgets every key of an algorithm, former ones included: nothing that they signed is believed any more. @returns kids */
export async function dropKeys(tx: Tx, alg: string): Promise<string[]> {
  const dropped = await tx.deleteFrom('signing_keys').where('alg', '=', alg).returning('kid').execute()
  await tx.deleteFrom('former_keys').where('alg', '=', alg).execute()
  return dropped.map(({ kid }) => kid)
}

export async function forgetFormerKeys(db: Db, before: Date): Promise<void> {
  await db.deleteFrom('former_keys').where('withdrawn_at', '<', before).execute()
}

function opened(keyring: Keyring, { kid, private_jwk }: { kid: string; private_jwk: Uint8Array }): PrivateKey {
  return JSON.parse(open(keyring.key('signing'), place(kid), private_jwk).toString('utf8'))
}

/** What is named is public; anything else in a JWK might not be. */
function publicHalf({ kty, use, kid, alg, crv, x, y, n, e }: JWK): JWK {
  return { kty, use, kid, alg, crv, x, y, n, e } as JWK
}
