import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, vi } from 'vitest'
import type { Person } from '#src/accounts/person.ts'
import type { RecordedEvent } from '#src/journal/journal.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import type { RelyingParty } from '#src/oidc/clients.ts'
import { CONSENT_VERSION } from '#src/registration/consent.ts'
import { Browser } from './browser-http.ts'
import { ActingParty } from './relying-party.ts'
import { type Sent, type Standing, startHouse, type WorldOptions } from './world-house.ts'

export type { Sent, WorldOptions }

/** A fictitious account with what a test needs to sign in as it. */
export interface Citizen {
  readonly oid: AccountId
  readonly phone: string
  readonly email: string
  readonly password: string
}

const PASSWORD = 'семь мокрых велосипедов'
const OLGA: Person = {
  familyName: 'Ветрова',
  givenName: 'Ольга',
  patronymic: 'Игоревна',
  birthDate: '1990-04-12',
  gender: 'female',
}

/** The world of a test file: there before the file's own `beforeAll`, and stopped after everything else. */
export function worldOfFile(options: WorldOptions = {}): World {
  const world = new World()
  beforeAll(() => world.start(options))
  afterAll(() => world.end())
  return world
}

/** A world that the caller ends with `stop`. */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const world = new World()
  await world.start(options)
  return world
}

export class World {
  #standing: Standing | undefined
  #citizens = 0
  #clients = 0

  /** What stands behind it. @throws Error before it has started */
  get #parts(): Standing {
    if (!this.#standing) throw new Error('the world has not started')
    return this.#standing
  }

  async start(options: WorldOptions): Promise<void> {
    this.#standing = await startHouse(options)
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

  async stop(): Promise<void> {
    await this.#standing?.stop()
  }

  /** Stops it and lets go of all that stood behind it: modules of test files live as long as the process. */
  async end(): Promise<void> {
    await this.stop()
    this.#standing = undefined
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

  /** All requests of a test come from one address; what it may do in an hour is the business of other tests. */
  async forgetAttempts(): Promise<void> {
    const { db } = this.house.store
    await db.deleteFrom('throttles').execute()
    await db.deleteFrom('proofing_tries').execute()
  }

  /** As an operator would, but without what follows from the command. */
  async block({ oid }: Pick<Citizen, 'oid'>): Promise<void> {
    await this.house.store.db.updateTable('accounts').set({ state: 'blocked' }).where('oid', '=', oid).execute()
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
