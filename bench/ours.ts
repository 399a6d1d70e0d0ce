import { mock } from 'node:test'
import type { JWK } from 'oidc-provider'
import { allTexts } from '#src/all-texts.ts'
import { loadConfig } from '#src/config/load.ts'
import { argon2Hasher } from '#src/factors/password/hash.ts'
import { makeLog } from '#src/http/log.ts'
import { serve } from '#src/http/server.ts'
import { loadSigningKeys } from '#src/oidc/keys/store.ts'
import { openKeyring } from '#src/store/keyring.ts'
import { openStore } from '#src/store/store.ts'
import { wire } from '#src/wire.ts'
import { type Ready, serveRunner } from './child.ts'
import { environmentOf } from './environment.ts'
import { terms } from './terms.ts'

export interface OursOptions {
  readonly databaseUrl: string
  readonly keyEncryptionKeys: string
  /** Whether passwords are really hashed; the flows leave the hash out, and nothing else. */
  readonly hashes: boolean
  /** Iterations of a proof of work, where it is to be cheaper than it is by itself. */
  readonly proofCost?: number
}

export interface OursReady extends Ready {
  readonly port: number
  /** Private signing keys and the key that signs cookies: the other side gets the same ones. */
  readonly keys: { readonly jwks: readonly JWK[]; readonly cookies: string }
}

/** The one hash that is made stands for all. */
async function withoutHashes() {
  const phc = await argon2Hasher.hash(terms.password)
  return {
    hash: async () => phc,
    verify: async (_phc: string, password: string) => password === terms.password,
  }
}

const DIGITS_OF_CODE = /\b\d{6}\b/

/** Messages go nowhere; the codes in them wait to be asked for. */
function makeMailbox() {
  const waiting = new Map<string, PromiseWithResolvers<string>>()
  const of = (recipient: string) => {
    const found = waiting.get(recipient) ?? Promise.withResolvers<string>()
    waiting.set(recipient, found)
    return found
  }
  return {
    channel: {
      async send({ recipient, text }: { recipient: string; text: string }) {
        const [code] = DIGITS_OF_CODE.exec(text) ?? []
        if (code) of(recipient).resolve(code)
      },
    },
    async codeSentTo(recipient: string): Promise<string> {
      const code = await of(recipient).promise
      waiting.delete(recipient)
      return code
    },
  }
}

/** Stands still until the runner moves it on, from the first time that it does. */
async function travel(seconds: number): Promise<void> {
  const now = Date.now() + seconds * 1000
  mock.timers.reset()
  mock.timers.enable({ apis: ['Date'], now })
}

/** The whole server in production mode on PostgreSQL, its access log written; messages go nowhere. */
serveRunner<OursOptions>(async ({ databaseUrl, keyEncryptionKeys, hashes, proofCost }) => {
  const config = loadConfig({
    ...environmentOf({ databaseUrl, keyEncryptionKeys }),
    ...(proofCost !== undefined && { PROOF_OF_WORK_COST: String(proofCost) }),
  })
  const log = makeLog({ level: config.logLevel })
  const store = await openStore(config.database, (err) => log.error({ err }, 'database connection lost'))
  const { channel, codeSentTo } = makeMailbox()
  const house = await wire(
    config,
    { store, log, texts: allTexts(log) },
    { channels: { sms: channel, mail: channel }, ...(!hashes && { hasher: await withoutHashes() }) },
  )
  const server = await serve(house.app, { host: '127.0.0.1', port: 0, closeTimeoutMs: 1_000 })
  const keyring = await openKeyring(store.db, config.keyEncryptionKeys)
  const ready: OursReady = {
    port: server.address.port,
    configuration: {
      server: 'Propusk, production mode',
      store: `PostgreSQL, pool of ${config.database.kind === 'postgres' ? config.database.poolSize : 0}`,
      argon2: hashes ? 'real' : 'verify stubbed',
      log: config.logLevel,
    },
    keys: {
      jwks: await loadSigningKeys({ store, keyring }),
      cookies: keyring.key('cookies').toString('base64url'),
    },
  }
  return {
    ready,
    works: { travel, codeSentTo },
    async stop() {
      await server.close()
      await house.stop()
      await store.close()
    },
  }
})
