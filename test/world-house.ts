import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { inject, vi } from 'vitest'
import { allTexts } from '#src/all-texts.ts'
import { loadConfig } from '#src/config/load.ts'
import { argon2Of, type PasswordHasher } from '#src/factors/password/hash.ts'
import type { Outgoing, Way } from '#src/notifications/channels.ts'
import { openStore } from '#src/store/store.ts'
import { type House, type Replacements, wire } from '#src/wire.ts'
import { createDatabase, createSettledDatabase } from './setup/database.ts'
import { createEmbedded } from './setup/embedded.ts'

export interface WorldOptions {
  /** `pglite` runs on the embedded database; real PostgreSQL otherwise. */
  readonly store?: 'postgres' | 'pglite'
  /** Further variables of the environment, as an operator would set them. */
  readonly env?: Readonly<Record<string, string>>
  /** Another process on the same database: its URL and keys. */
  readonly beside?: Pick<Standing, 'origin' | 'databaseUrl' | 'keks'>
  /** In place of parts of the house, those that the world replaces anyway included. */
  readonly replacements?: Replacements
}

export interface Sent extends Outgoing {
  readonly channel: Way
}

/** What stands behind a world. */
export interface Standing {
  /** The issuer. */
  readonly origin: string
  readonly listens: string
  readonly databaseUrl: string | undefined
  readonly keks: string
  readonly house: House
  readonly sent: Sent[]
  readonly logLines: string[]
  readonly rendered: Set<string>
  readonly lastView: { name: string }
  readonly hasher: PasswordHasher
  stop(): Promise<void>
}

/** The real function at the least that it can cost: what a hash costs is no subject of these tests. */
const cheapHasher = argon2Of({ memoryKibibytes: 8, passes: 1 })

/**
 * The whole provider behind a real HTTP server on `http://localhost:<free port>`, on a database of its own. Only the edge is replaced:
 * SMS, mail and letters end in a list.
 */
export async function startHouse(options: WorldOptions): Promise<Standing> {
  const database =
    options.beside || options.store === 'pglite'
      ? undefined
      : await (options.env?.KEY_ENCRYPTION_KEYS === undefined ? createSettledDatabase() : createDatabase())
  const databaseUrl = options.beside?.databaseUrl ?? database?.url
  const embedded = databaseUrl === undefined ? await createEmbedded() : undefined
  const server = await listening()
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`
  const keks = options.env?.KEY_ENCRYPTION_KEYS ?? options.beside?.keks ?? inject('keks')
  const loaded = loadConfig({
    MODE: 'sandbox',
    ISSUER: options.beside?.origin ?? origin,
    KEY_ENCRYPTION_KEYS: keks,
    LOG_LEVEL: 'silent',
    // Proofs of work that a test brings along shall not take it long.
    PROOF_OF_WORK_COST: '1',
    ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }),
    ...options.env,
  })
  const config = {
    ...loaded,
    ...(embedded && { database: { kind: 'pglite', folder: embedded.folder } as const }),
  }
  const logLines: string[] = []
  const log = pino({ level: 'debug', base: null }, { write: (line: string) => void logLines.push(line) })
  const store = await openStore(config.database, () => {})
  const sent: Sent[] = []
  const channel = (kind: Sent['channel']) => ({
    send: async (message: Outgoing) => void sent.unshift({ channel: kind, ...message }),
  })
  const rendered = new Set<string>()
  const lastView = { name: '' }
  const house = await wire(
    config,
    { store, log, texts: allTexts(log) },
    {
      channels: { sms: channel('sms'), voice: channel('voice'), mail: channel('mail'), post: channel('post') },
      hasher: cheapHasher,
      onRender: (view, locale) => {
        rendered.add(`${view}:${locale}`)
        lastView.name = view
      },
      ...options.replacements,
    },
  )
  server.on('request', house.app.callback())
  return {
    origin: config.issuer,
    listens: origin,
    databaseUrl,
    keks,
    house,
    sent,
    logLines,
    rendered,
    lastView,
    hasher: options.replacements?.hasher ?? cheapHasher,
    async stop() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
      await house.stop()
      await store.close()
      await database?.drop()
      await embedded?.remove()
      vi.useRealTimers()
    },
  }
}

async function listening(): Promise<Server> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, 'localhost', done))
  return server
}
