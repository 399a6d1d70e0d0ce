import supertest from 'supertest'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { Browser } from '../browser-http.ts'
import { inCabinet } from '../cabinet/cabinet.ts'
import { at, enter as enterContact, freshPhone, LOST, PHONE, proposed } from '../cabinet/changing-contacts.ts'
import { SoftKey } from '../factors/webauthn/soft-key.ts'
import { keyOptions } from '../login/enrolling.ts'
import { cibaClient } from '../oidc/ciba/acting-client.ts'
import { begin } from '../recovery/acting.ts'
import { type Citizen, startWorld, type World } from '../world.ts'
import { EVIL, startLyingProxy } from './lying-proxy.ts'
import { clash } from './registering.ts'

let world: World
let citizen: Citizen
let proxy: Awaited<ReturnType<typeof startLyingProxy>>
/** Messages that were there before a test. */
let before: number

beforeAll(async () => {
  world = await startWorld()
  proxy = await startLyingProxy(world.listens)
})
beforeEach(async () => {
  world.travel(61)
  await world.forgetAttempts()
  citizen = await world.citizen()
  before = world.sent.length
})
afterEach(() => {
  for (const { text, subject = '' } of world.sent.slice(0, world.sent.length - before))
    expect(text + subject).not.toContain('evil')
})
afterAll(async () => {
  await proxy?.close()
  await world?.stop()
})

/** A browser all of whose requests arrive with lies about the host. */
const deceived = (name = 'Deceived/1.0') =>
  new Browser({ origin: world.origin, listens: proxy.listens, userAgent: `Mozilla/5.0 (X11; Linux x86_64) ${name}` })

/** Links to a path in what was sent in this test; waits for as many. */
function links(path: string, count = 1): Promise<string[]> {
  return vi.waitFor(() => {
    const texts = world.sent.slice(0, world.sent.length - before).map(({ text }) => text)
    const found = texts.flatMap((text) => text.match(/https?:\/\/[^\s,;)]+/g) ?? [])
    const wanted = found.filter((link) => new URL(link).pathname.startsWith(`/${path}/`))
    if (wanted.length < count) throw new Error(`${wanted.length} links to ${path}: ${texts.join('\n')}`)
    return wanted
  }, 5_000)
}

/** Tables of everything that a link can do something to; `recoveries` and `codes` count how often they were touched. */
const TOUCHED = [
  'accounts',
  'contacts',
  'passwords',
  'account_sessions',
  'not_me_tickets',
  'incidents',
  'delayed_changes',
  'detachments',
  'recoveries',
  'codes',
  'ciba_requests',
  'totp_devices',
  'webauthn_credentials',
]

async function state(): Promise<unknown> {
  const tables = TOUCHED.map(async (table) => (await world.house.store.script(`select * from ${table}`)).rows)
  return (await Promise.all(tables)).map((rows) => rows.map((row) => JSON.stringify(row)).sort())
}

/** Ours, whatever the request said, and nothing happens by opening it, as scanners of mails do, by whatever method. */
async function isHarmless(link: string): Promise<void> {
  expect(new URL(link).origin).toBe(world.origin)
  const untouched = await state()
  const { pathname } = new URL(link)
  for (let visit = 0; visit < 2; visit++) {
    const reader = deceived('Scanner/1.0')
    await reader.open(link)
    expect([reader.page.status, reader.page.html.includes(EVIL)]).toEqual([200, false])
    const { status } = await supertest(proxy.listens).head(pathname)
    expect(status).toBe(200)
    // A scanner that presses buttons has no cookies to go with them.
    await supertest(proxy.listens).post(pathname).type('form').send({}).expect(403)
  }
  expect(await state()).toEqual(untouched)
}

test('of a registration with a number that somebody has', async () => {
  const browser = deceived()
  await clash(world, browser, citizen.phone)
  await browser.submit({}, '/registration/clash/detach')
  await isHarmless((await links('contact/keep'))[0]!)
})

test('of a number that somebody wants for an account of their own', async () => {
  const other = await world.citizen()
  const browser = await proposed(world, other, 'phone', citizen.phone, deceived())
  await enterContact(world, browser, citizen.phone, 0)
  await browser.submit({}, '/detach')
  await isHarmless((await links('contact/keep'))[0]!)
})

test('of a recovery', async () => {
  await begin(deceived(), citizen.email)
  await isHarmless((await links('recovery/link'))[0]!)
})

test('of a sign-in in a new browser', async () => {
  await inCabinet(world, citizen)
  await inCabinet(world, citizen, '/account', deceived())
  await isHarmless((await links('not-me'))[0]!)
})

test('of a changed phone, on the old contacts and on the new one', async () => {
  const phone = freshPhone()
  const browser = await proposed(world, citizen, 'phone', phone, deceived())
  await enterContact(world, browser, phone)
  const found = await links('not-me', 3)
  for (const link of new Set(found)) await isHarmless(link)
})

test('of a change that waits', async () => {
  const phone = freshPhone()
  const browser = deceived()
  await browser.open('/account')
  await browser.submit({ identifier: citizen.email, password: citizen.password }, '/identify')
  await browser.open(LOST)
  await browser.submit({ phone }, '/lost-phone')
  await enterContact(world, browser, phone)
  await isHarmless((await links('changes'))[0]!)
})

test('of “this was not me” by somebody who has proven too little for it', async () => {
  const owner = await at(world, '/security/add/webauthn', citizen)
  const key = new SoftKey(world.origin)
  await owner.submit({ credential: key.create(keyOptions(owner)), name: '' }, '/security/add/webauthn')
  const added = (await world.journal(citizen.oid)).find(({ type }) => type === 'authenticator.added')!
  world.travel(61)
  before = world.sent.length
  const browser = await at(world, '/security/sessions', citizen, deceived())
  await browser.open(`/security/journal/${added.seq}/not-me`)
  const earlier = new Set(await links('not-me').catch(() => []))
  await browser.submit({}, '/not-me')
  const [link] = await vi.waitFor(async () => {
    const fresh = (await links('not-me')).filter((one) => !earlier.has(one))
    if (fresh.length === 0) throw new Error('no further link')
    return fresh
  }, 5_000)
  await isHarmless(link!)
})

test('of a service that asks by the back channel', async () => {
  const { registration } = await cibaClient(world)
  const { body } = await supertest(proxy.listens)
    .post('/oauth2/ciba')
    .auth(registration.client_id, registration.client_secret ?? '')
    .type('form')
    .send({ scope: 'openid profile', login_hint: citizen.phone })
  expect(body.auth_req_id).toBeTypeOf('string')
  await isHarmless((await links('approve'))[0]!)
})

test('the codes of a sign-in are bound to no host that a proxy names, and to ours only where it has https', async () => {
  // In English, whose short text leaves room for that line.
  const browser = new Browser({ origin: world.origin, listens: proxy.listens, locale: 'en' })
  await at(world, PHONE, citizen, browser)
  expect(world.view).toBe('cabinet/contact')
  const { text } = await world.message(citizen.phone)
  expect(text).toMatch(/^\d{6} /)
  expect(text).not.toContain('@')
})
