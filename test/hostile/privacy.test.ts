import { readdir } from 'node:fs/promises'
import { beforeAll, expect, test } from 'vitest'
import { NOBODY } from '#src/kernel/ids.ts'
import type { Browser } from '../browser-http.ts'
import { begin, NEW_PASSWORD, proven, proveOther } from '../recovery/acting.ts'
import { enter, enterCode } from '../signing-in.ts'
import { type Citizen, worldOfFile } from '../world.ts'
import { shownIn } from './encodings.ts'
import { cookiesOf, exchange } from './raw-http.ts'
import { newcomer, register } from './registering.ts'

const DEVICE = 'Mozilla/5.0 (Privacy; 77.13)'
const UNKNOWN = 'nobody.at.all@example.org'
const WRONG_PASSWORD = 'неверный пароль Сидорова'

type Declared = Readonly<Record<string, string>>

const world = worldOfFile()
const secrets: Record<string, string> = {}
let account: number

beforeAll(async () => {
  const { gender: _told, birthDate, ...person } = newcomer
  Object.assign(secrets, person, { birthDate, isoDate: birthDate.split('.').reverse().join('-') })
  Object.assign(secrets, { UNKNOWN, WRONG_PASSWORD, localPhone: person.phone.slice(2) })
  await walk()
})

/** Registration, sign-in with refusals on the way, consent, tokens, sign-out, a registration that clashes, faults. */
async function walk(): Promise<void> {
  const party = await world.relyingParty()
  secrets.clientSecret = party.registration.client_secret!
  const browser = world.browser({ userAgent: DEVICE })
  await register(world, browser, newcomer)
  secrets.registrationCode = await world.code(newcomer.phone)
  account = (await world.house.accounts.ownerOf('phone', newcomer.phone))!

  const citizen = { phone: newcomer.phone, password: newcomer.password } as Citizen
  await enter(browser, party, { ...citizen, phone: UNKNOWN }, { login_hint: newcomer.email! })
  await enter(browser, party, { ...citizen, password: WRONG_PASSWORD })
  const before = world.sentTo(citizen.phone)
  await enter(browser, party, citizen, { acr_values: 'aal2', state: 'private-state-1' })
  keepCookies('login', browser, new URL(browser.page.url).pathname)
  await browser.submit({ code: '12345' }, '/factor/code')
  await enterCode(world, browser, citizen, before)
  secrets.signInCode = await world.code(citizen.phone, before)
  await browser.submit({ decision: 'allow' }, '/consent')
  const code = browser.callback.get('code')!
  const { body: tokens } = await party.redeem(code)
  const { body: refreshed } = await party.refresh(tokens.refresh_token!)
  await party.redeem(code)
  await party.userinfo(refreshed.access_token)
  await party.userinfo('not-a-token')
  Object.assign(secrets, {
    code,
    accessToken: tokens.access_token,
    refreshToken: tokens.refresh_token,
    idToken: tokens.id_token,
    nextAccessToken: refreshed.access_token,
  })
  keepCookies('session', browser, '/')
  await browser.open(`/oauth2/logout?id_token_hint=${tokens.id_token}`)
  await browser.submit({ logout: 'yes' })

  // The next code to the same phone has to wait for a minute.
  await world.forgetAttempts()
  const other = world.browser({ userAgent: DEVICE })
  await register(world, other, newcomer, '/registration/email')
  expect(other.page.url).toContain('/registration/clash')
  keepCookies('draft', other, '/registration')
  await begin(other, UNKNOWN)
  await proven(world, other, newcomer.email!)
  secrets.recoveryCode = await world.code(newcomer.email!)
  await proveOther(world, other, newcomer.phone)
  await other.submit({ password: NEW_PASSWORD }, '/recovery/password')
  expect(world.view).toBe('recovery/done')
  Object.assign(secrets, { NEW_PASSWORD })
  keepCookies('recovery', other, '/recovery')
  await faults()
}

/** Refusals and faults quote what they refuse most easily. */
async function faults(): Promise<void> {
  const query = new URLSearchParams({
    login_hint: newcomer.phone,
    client_id: newcomer.email!,
    state: newcomer.password,
  })
  for (const target of [
    `/oauth2/authorize?${query}`,
    `/login/${encodeURIComponent(newcomer.familyName)}`,
    `/nowhere/${newcomer.phone}?to=${newcomer.email}`,
    `/registration?phone=${newcomer.phone}%ff`,
  ])
    await exchange(world.listens, { target, headers: { Referer: `${world.origin}/${newcomer.phone}` } })
  // A statement that fails inside a request: drivers hang rows and parameters on their errors.
  const { db } = world.house.store
  await db.schema.alterTable('drafts').renameTo('drafts_gone').execute()
  const browser = world.browser()
  await browser.open('/registration')
  await browser.submit({}, '/registration')
  expect(browser.page.status).toBe(500)
  await db.schema.alterTable('drafts_gone').renameTo('drafts').execute()
}

function keepCookies(whose: string, browser: Browser, path: string): void {
  for (const cookie of cookiesOf(browser, path).split('; ')) {
    const [name = '', value = ''] = cookie.split('=')
    // Which language and which kind of factor a browser had last is no secret.
    if (!/^(__Host-)?(locale|factor)/.test(name)) secrets[`${whose}.${name}`] = value
  }
}

test('the log tells of everything and names nobody', () => {
  const log = world.logLines.join('')
  expect(world.logLines.length).toBeGreaterThan(50)
  expect(log).toContain('kernel.internal')
  expect(log).toContain('sign_in')
  expect(Object.keys(secrets).length).toBeGreaterThan(20)
  expect(shownIn(Buffer.from(log), secrets)).toEqual([])
  expect(log).not.toContain('127.0.0.1')
  expect(log).not.toContain(DEVICE)
})

test('the journal holds declared fields only, and none of them names a person', async () => {
  const declared = await declaredEvents()
  const events = [...(await world.journal(account)), ...(await world.journal(NOBODY))]
  expect(events.map(({ type }) => type)).toContain('registration.clashed')
  expect(new Set(events.map(({ type }) => type)).size).toBeGreaterThan(6)
  for (const { type, fields } of events) {
    expect(Object.keys(fields).sort(), type).toEqual(Object.keys(declared.get(type)!).sort())
  }
  expect(shownIn(Buffer.from(JSON.stringify(events)), secrets)).toEqual([])
})

/** All events of the house by type, with the kinds of their fields. */
async function declaredEvents(): Promise<Map<string, Declared>> {
  const src = new URL('../../src/', import.meta.url)
  const files = (await readdir(src, { recursive: true })).filter((file) => /(^|\/)events\.ts$/.test(file))
  const modules: Record<string, unknown>[] = await Promise.all(files.map((file) => import(new URL(file, src).href)))
  const events = modules.flatMap((module) => Object.values(module)) as { type: string; declared: Declared }[]
  return new Map(events.filter(({ declared }) => declared).map(({ type, declared }) => [type, declared]))
}
