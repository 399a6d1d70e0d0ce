import { randomBytes } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { vi } from 'vitest'
import type { Person } from '#src/accounts/person.ts'
import { allTexts } from '#src/all-texts.ts'
import { loadConfig } from '#src/config/load.ts'
import { argon2Of, type PasswordHasher } from '#src/factors/password/hash.ts'
import type { RecordedEvent } from '#src/journal/journal.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import type { Outgoing, Way } from '#src/notifications/channels.ts'
import type { RelyingParty } from '#src/oidc/clients.ts'
import { CONSENT_VERSION } from '#src/registration/consent.ts'
import { migrate } from '#src/store/migrate.ts'
import { openStore } from '#src/store/store.ts'
import { type House, type Replacements, wire } from '#src/wire.ts'
import { Browser } from './browser-http.ts'
import { ActingParty } from './relying-party.ts'
import { createDatabase } from './setup/database.ts'

export interface WorldOptions {
  /** `pglite` runs on the embedded database in memory; real PostgreSQL otherwise. */
  readonly store?: 'postgres' | 'pglite'
  /** Further variables of the environment, as an operator would set them. */
  readonly env?: Readonly<Record<string, string>>
  /** Another process on the same database: its URL and keys. */
  readonly beside?: World
  /** In place of parts of the house, those that the world replaces anyway included. */
  readonly replacements?: Replacements
}

/** A fictitious account with what a test needs to sign in as it. */
export interface Citizen {
  readonly oid: AccountId
  readonly phone: string
  readonly email: string
  readonly password: string
}

const PASSWORD = 'семь мокрых велосипедов'
/** The real function at the least that it can cost: what a hash costs is no subject of these tests. */
const cheapHasher = argon2Of({ memoryKibibytes: 8, passes: 1 })
const OLGA: Person = {
  familyName: 'Ветрова',
  givenName: 'Ольга',
  patronymic: 'Игоревна',
  birthDate: '1990-04-12',
  gender: 'female',
}

/**
 * The whole provider behind a real HTTP server on `http://localhost:<free port>`, on a database of its own. Only the edge is replaced:
 * SMS, mail and letters end in a list. End it with `stop`.
 */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const database = options.beside || options.store === 'pglite' ? undefined : await createDatabase()
  const databaseUrl = options.beside?.databaseUrl ?? database?.url
  const server = await listening()
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`
  const keks = options.beside?.keks ?? `test:${randomBytes(32).toString('base64')}`
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
    ...(databaseUrl === undefined && { database: { kind: 'pglite', folder: undefined } as const }),
  }
  const logLines: string[] = []
  const log = pino({ level: 'debug', base: null }, { write: (line: string) => void logLines.push(line) })
  const store = await openStore(config.database, () => {})
  if (config.database.kind === 'pglite') await migrate(store)
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
  return new World({
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
      vi.useRealTimers()
    },
  })
}

export interface Sent extends Outgoing {
  readonly channel: Way
}

interface Parts {
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

export class World {
  readonly #parts: Parts
  #citizens = 0
  #clients = 0

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** The issuer. */
  get origin() {
    return this.#parts.origin
  }

  /** Where this process listens; differs from the issuer for a second process. */
  get listens() {
    return this.#parts.listens
  }

  get databaseUrl() {
    return this.#parts.databaseUrl
  }

  get keks() {
    return this.#parts.keks
  }

  get house() {
    return this.#parts.house
  }

  /** Everything sent, newest first. */
  get sent(): readonly Sent[] {
    return this.#parts.sent
  }

  get logLines(): readonly string[] {
    return this.#parts.logLines
  }

  /** `view:locale` of everything rendered so far. */
  get rendered(): ReadonlySet<string> {
    return this.#parts.rendered
  }

  /** The view rendered last, e.g. `login/code`. */
  get view(): string {
    return this.#parts.lastView.name
  }

  stop() {
    return this.#parts.stop()
  }

  /** A browser with a cookie jar of its own that talks to this process. */
  browser(options: { locale?: string; userAgent?: string; address?: string } = {}): Browser {
    return new Browser({ origin: this.origin, listens: this.listens, ...options })
  }

  /** Registers an account by the same functions that registration ends with. */
  async citizen(options: { email?: string | null; password?: string; person?: Person } = {}): Promise<Citizen> {
    const n = ++this.#citizens
    const phone = `+7916${String(1_000_000 + n)}`
    const email = options.email === undefined ? `citizen${n}@example.org` : options.email
    const password = options.password ?? PASSWORD
    const phc = await this.#parts.hasher.hash(password)
    const { accounts, passwords, store } = this.house
    const oid = await store.tx(async (tx) => {
      const made = await accounts.create(tx, {
        person: options.person ?? OLGA,
        phone,
        ...(email !== null && { email }),
        consentVersion: CONSENT_VERSION,
        dataKey: randomBytes(32),
      })
      if (!made.ok) throw new Error(`the ${made.clash} is taken`)
      await passwords.enrol(tx, made.oid, phc)
      return made.oid
    })
    return { oid, phone, email: email ?? '', password }
  }

  /** Registers a relying party and lets it act. */
  async relyingParty(metadata: Partial<RelyingParty> = {}): Promise<ActingParty> {
    const id = metadata.client_id ?? `rp${++this.#clients}`
    const registration: RelyingParty = {
      client_id: id,
      client_name: 'Соцвыплаты онлайн',
      'client_name#en': 'Social benefits online',
      purpose: 'Чтобы заполнить заявление.',
      'purpose#en': 'To fill in the application.',
      client_secret: randomBytes(32).toString('base64url'),
      redirect_uris: ['https://rp.example/cb'],
      post_logout_redirect_uris: ['https://rp.example/out'],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      ...metadata,
    }
    await this.house.clients.save(registration)
    return new ActingParty({ origin: this.origin, listens: this.listens, registration })
  }

  /** Takes a message that another process on the same database sent. */
  received(message: Sent): void {
    this.#parts.sent.unshift(message)
  }

  /** The newest message to a phone or mail address; waits for the worker that sends it. */
  async message(to: string, after = 0): Promise<Sent> {
    return vi.waitFor(
      () => {
        const found = this.sent.filter((message) => message.recipient === to)
        if (found.length <= after) throw new Error(`no message to ${to}`)
        return found[0]!
      },
      { timeout: 20_000, interval: 10 },
    )
  }

  /**
   * The six digits of the newest message that has a code; waits for it, as a notice may come before or after.
   * @param after how many messages to this recipient came before
   */
  async code(to: string, after = 0): Promise<string> {
    return vi.waitFor(
      () => {
        const found = this.sent.filter((message) => message.recipient === to)
        const code = found
          .slice(0, found.length - after)
          .map(({ text }) => /\b\d{6}\b/.exec(text)?.[0])
          .find((digits) => digits !== undefined)
        if (code === undefined) throw new Error(`no code to ${to} among ${found.length - after} new messages`)
        return code
      },
      { timeout: 20_000, interval: 10 },
    )
  }

  /** How many messages have gone to a recipient. */
  sentTo(to: string): number {
    return this.sent.filter((message) => message.recipient === to).length
  }

  journal(account: AccountId): Promise<RecordedEvent[]> {
    return this.house.journal.read(account, { limit: 100 })
  }

  /** Moves every clock of this test file forward; from the first call on time stands still between calls. */
  travel(seconds: number): void {
    const now = Date.now() + seconds * 1000
    if (!vi.isFakeTimers()) vi.useFakeTimers({ toFake: ['Date'], now })
    vi.setSystemTime(now)
  }
}

async function listening(): Promise<Server> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, 'localhost', done))
  return server
}
