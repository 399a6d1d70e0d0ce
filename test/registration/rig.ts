import { randomBytes } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import { pino } from 'pino'
import { makeAccounts } from '#src/accounts/accounts.ts'
import { makeClashNotice } from '#src/accounts/clash-notice.ts'
import { makeDetachments } from '#src/accounts/detachments.ts'
import * as fieldsEn from '#src/accounts/fields/messages.en.ts'
import * as fieldsRu from '#src/accounts/fields/messages.ru.ts'
import * as accountsEn from '#src/accounts/messages.en.ts'
import * as accountsRu from '#src/accounts/messages.ru.ts'
import { makeNotMe } from '#src/accounts/not-me.ts'
import { makeOwnerNotices } from '#src/accounts/owner-notices.ts'
import { makeSettings } from '#src/accounts/settings.ts'
import { loadConfig } from '#src/config/load.ts'
import { makeBudgets } from '#src/factors/code/budgets.ts'
import { makeCodes } from '#src/factors/code/codes.ts'
import * as codeEn from '#src/factors/code/messages.en.ts'
import * as codeRu from '#src/factors/code/messages.ru.ts'
import { argon2Hasher } from '#src/factors/password/hash.ts'
import * as passwordEn from '#src/factors/password/messages.en.ts'
import * as passwordRu from '#src/factors/password/messages.ru.ts'
import { makePasswords } from '#src/factors/password/passwords.ts'
import { makeApp } from '#src/http/app.ts'
import { makeAssets } from '#src/http/assets.ts'
import { brandOf } from '#src/http/brand.ts'
import * as httpEn from '#src/http/messages.en.ts'
import * as httpRu from '#src/http/messages.ru.ts'
import { joinMessages, makeTexts } from '#src/http/texts.ts'
import { makeViews } from '#src/http/views.ts'
import { makeJournal } from '#src/journal/journal.ts'
import { addSeconds } from '#src/kernel/clock.ts'
import type { Messages } from '#src/kernel/locale.ts'
import { Secret } from '#src/kernel/secret.ts'
import type { Message, Outbox } from '#src/notifications/outbox.ts'
import { registrationClashed } from '#src/registration/events.ts'
import * as registrationEn from '#src/registration/messages.en.ts'
import * as registrationRu from '#src/registration/messages.ru.ts'
import { makeRegistration } from '#src/registration/routes.ts'
import { makeDrafts } from '#src/registration/store.ts'
import { makeWizard } from '#src/registration/wizard.ts'
import { makeDataKeys, openKeyring } from '#src/store/keyring.ts'
import { openStore, type Store } from '#src/store/store.ts'
import { makeThrottle } from '#src/throttle/throttle.ts'
import { codeBudgets } from '#test/factors/code-budgets.ts'
import { testPasswordRules } from '#test/password-rules.ts'
import { createDatabase } from '#test/setup/database.ts'
import { Browser } from './browser.ts'

const ru = joinMessages(
  ...[httpRu, accountsRu, fieldsRu, codeRu, passwordRu, registrationRu].flatMap(Object.values<Messages>),
)
const en = joinMessages(
  ...[httpEn, accountsEn, fieldsEn, codeEn, passwordEn, registrationEn].flatMap(Object.values<Messages>),
)
/** One key for all rigs over one database. */
const KEK = { id: 'test', key: new Secret(randomBytes(32).toString('base64')) }

export const PERSON = {
  phone: '+7 916 123-45-67',
  email: 'anna@example.ru',
  names: { familyName: 'Иванова', givenName: 'Анна', patronymic: 'Петровна' },
  birthDate: '27.03.1985',
  gender: 'female',
  password: 'тихий сапог едет в ложке',
}

export type Rig = Awaited<ReturnType<typeof startRig>>

/** Registration with everything real beneath it but the outbox, which is a list, and the clock. */
export async function startRig(store: Store, { emailRequired = false } = {}) {
  const log = pino({ level: 'silent' })
  let now = new Date('2026-03-01T09:00:00Z')
  const clock = { now: () => now }
  const sent: Message[] = []
  const outbox: Outbox = {
    add: async (_tx, message) => {
      sent.unshift(message)
    },
  }
  const keyring = await openKeyring(store.db, [KEK])
  const dataKeys = makeDataKeys(store.db, keyring)
  const accounts = makeAccounts({ store, keyring, dataKeys, clock, policy: { foreignDocuments: false } })
  const passwords = await makePasswords({ store, dataKeys, hasher: argon2Hasher, clock })
  const throttle = makeThrottle({ store, clock })
  const limits = { ttlSeconds: 300, tries: 5, ...codeBudgets }
  const journal = makeJournal({ store, keyring, dataKeys, clock, retentionDays: 365 })
  const budgets = makeBudgets({ throttle, journal, log, budgets: codeBudgets })
  const codes = makeCodes({ store, keyring, outbox, budgets, clock, limits, host: 'id.example' })
  const drafts = makeDrafts({ store, keyring, clock })
  const settings = makeSettings({ store, clock })
  const notMe = makeNotMe({ store, clock, issuer: new URL('http://id.example') })
  const ownerNotices = makeOwnerNotices({ accounts, settings, notMe, outbox })
  const clashNotice = makeClashNotice({
    accounts,
    ownerNotices,
    journal,
    throttle,
    event: registrationClashed,
    message: 'registration_clash',
  })
  const wizard = makeWizard({ store, drafts, accounts, settings, passwords, codes, journal, clashNotice })
  const issuer = new URL('http://id.example')
  const provedPhone = async () => false
  const detachments = makeDetachments({
    store,
    keyring,
    accounts,
    settings,
    outbox,
    journal,
    clock,
    log,
    issuer,
    provedPhone,
  })
  const registration = makeRegistration({
    accounts,
    wizard,
    drafts,
    detachments,
    throttle,
    clock,
    hasher: argon2Hasher,
    secure: false,
    emailRequired,
    passwordRules: testPasswordRules(),
  })

  const brand = brandOf(loadConfig({}).brand)
  const assets = makeAssets(brand)
  const texts = makeTexts({ ru, en }, log)
  const views: string[] = []
  const app = makeApp({
    issuer,
    log,
    views: makeViews({ texts, assets, brand, onRender: (view) => views.unshift(view) }),
    texts,
    assets,
    csrfKey: new Secret('k'.repeat(32)),
    trustedProxies: [],
    unitOfWork: (_ctx, next) => next(),
    ready: async () => true,
    routes: (router) => {
      registration.routes(router)
      router.get('/login/:uid/registration', (ctx) => registration.begin(ctx, { login: ctx.params.uid! }))
      router.get('/login/:uid/registered', async (ctx) => {
        ctx.body = (await registration.finishedFor(ctx, ctx.params.uid!)) ?? null
      })
    },
  })
  const server: Server = createServer(app.callback())

  return {
    store,
    accounts,
    settings,
    passwords,
    codes,
    journal,
    drafts,
    sent,
    /** Views rendered, the last one first. */
    views,
    pass(seconds: number) {
      now = addSeconds(now, seconds)
    },
    /** The code of the last message to a contact. */
    codeTo: (recipient: string) => sent.find((message) => message.recipient === recipient)?.values.code ?? '',
    newBrowser: () => new Browser(server),
    count: async (table: 'accounts' | 'drafts' | 'agreements' | 'passwords') =>
      Number(
        (
          await store.db
            .selectFrom(table)
            .select((e) => e.fn.countAll().as('n'))
            .executeTakeFirstOrThrow()
        ).n,
      ),
  }
}

type Until = 'phone' | 'phone-code' | 'email' | 'email-code' | 'name' | 'birth-date' | 'gender' | 'password' | 'check'

/** Walks the wizard up to a page, which is then open. */
export async function walkTo(
  rig: Rig,
  browser: Browser,
  until: Until,
  person: Partial<typeof PERSON> = {},
): Promise<void> {
  const { phone, email, names, birthDate, gender, password } = { ...PERSON, ...person }
  const digits = `+${phone.replace(/\D/g, '')}`
  const answers: [Until, () => Record<string, string>][] = [
    ['phone', () => ({ phone })],
    ['phone-code', () => ({ code: rig.codeTo(digits) })],
    ['email', () => ({ email })],
    ['email-code', () => ({ code: rig.codeTo(email) })],
    ['name', () => names],
    ['birth-date', () => ({ birthDate })],
    ['gender', () => ({ gender })],
    ['password', () => ({ password })],
  ]
  await browser.submit('/registration', {})
  for (const [step, fields] of answers) {
    if (step === until) return
    await browser.submit(`/registration/${step}`, fields())
  }
}

/** Sends the page with all answers, which the browser shows. */
export async function finish(browser: Browser): Promise<void> {
  const fields = { version: browser.hidden('version'), consent: consentOf(browser) }
  await browser.post('/registration/check', fields)
}

export function consentOf(browser: Browser): string {
  return /name="consent"[^>]*value="([^"]*)"/.exec(browser.html)?.[1] ?? ''
}

export const e164 = (phone: string) => `+${phone.replace(/\D/g, '')}`

let serial = 100
/** A phone and an address that no other test has. */
export function newContacts() {
  serial++
  return { phone: `+7 916 ${String(serial).padStart(3, '0')}-00-00`, email: `anna${serial}@example.ru` }
}

/** Somebody else who has registered. @returns the contacts */
export async function registered(rig: Rig, contacts = newContacts()) {
  const owner = rig.newBrowser()
  await walkTo(rig, owner, 'check', contacts)
  await finish(owner)
  if (owner.location !== '/registration/done') throw new Error(`not registered: ${owner.location}`)
  return contacts
}

export type Registration = Awaited<ReturnType<typeof openRegistration>>

/** A database of the file that asks; each test begins with a rig of its own, without the drafts and counters of others. */
export async function openRegistration() {
  const database = await createDatabase()
  const url = new Secret(database.url)
  const store = await openStore({ kind: 'postgres', url, poolSize: 5, connectTimeoutMs: 5000 }, () => {})
  return {
    async begin(options: Parameters<typeof startRig>[1] = {}) {
      await store.script('truncate throttles, drafts, codes')
      const rig = await startRig(store, options)
      return { rig, browser: rig.newBrowser() }
    },
    async close() {
      await store.close()
      await database.drop()
    },
  }
}
