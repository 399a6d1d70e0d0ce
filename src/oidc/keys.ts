import { exportJWK, generateKeyPair } from 'jose'
import type { JWK } from 'oidc-provider'
import type { Clock } from '#src/kernel/clock.ts'
import { randomTicket } from '#src/kernel/ids.ts'
import type { Keyring } from '#src/store/keyring.ts'
import { open, seal } from '#src/store/seal.ts'
import type { Store } from '#src/store/store.ts'

/** ES256 signs by default; RS256 serves clients that know nothing else, and every provider must support it (Core, section 15.1). */
const algorithms = ['ES256', 'RS256'] as const

const place = (kid: string) => ({ table: 'signing_keys', column: 'private_jwk', key: kid })

/**
 * The keys that sign tokens, the active one of each algorithm first; retired and next ones are published beside them. Makes the first
 * keys of an installation, safe in any number of processes at once.
 * @returns private JWKs with `kid`, `alg`, `use`
 */
export async function loadSigningKeys(deps: { store: Store; keyring: Keyring; clock: Clock }): Promise<JWK[]> {
  const { store, keyring } = deps
  const present = await store.db.selectFrom('signing_keys').select('alg').where('state', '=', 'active').execute()
  for (const alg of algorithms) if (!present.some((row) => row.alg === alg)) await makeKey(deps, alg)
  const rows = await store.db
    .selectFrom('signing_keys')
    .select(['kid', 'private_jwk'])
    .orderBy('state')
    .orderBy('created_at')
    .execute()
  return rows.map((row) => JSON.parse(open(keyring.key('signing'), place(row.kid), row.private_jwk).toString('utf8')))
}

async function makeKey(deps: { store: Store; keyring: Keyring; clock: Clock }, alg: (typeof algorithms)[number]) {
  const { store, keyring, clock } = deps
  const { privateKey } = await generateKeyPair(alg, { extractable: true, modulusLength: 2048 })
  const kid = randomTicket().slice(0, 16)
  const jwk = { ...(await exportJWK(privateKey)), kid, alg, use: 'sig' }
  await store.db
    .insertInto('signing_keys')
    .values({
      kid,
      alg,
      state: 'active',
      private_jwk: seal(keyring.key('signing'), place(kid), JSON.stringify(jwk)),
      created_at: clock.now(),
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
