import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import type Koa from 'koa'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { allTexts } from '#src/all-texts.ts'
import { Secret } from '#src/kernel/secret.ts'
import { makeOutboxApp } from '#src/sandbox/outbox.ts'
import { makeRelyingParty } from '#src/sandbox/relying-party.ts'
import { readSources } from '../architecture/sources.ts'
import { Browser } from '../browser-http.ts'
import type { ActingParty } from '../relying-party.ts'
import { enter, signedIn } from '../signing-in.ts'
import { worldOfFile } from '../world.ts'
import { type Door, demoDoors, houseDoors, outboxDoors } from './doors.ts'
import { contentTypes, cookieTricks, headers, methods, pairs, rawBytes } from './hostile-input.ts'
import { cookiesOf, type Exchanged, exchange } from './raw-http.ts'
import { clash, detach, newcomer, register } from './registering.ts'

const SEED = 20_261_122
const RUNS = 10

/** What a browser has open when the request comes: where it goes, and what makes it look like that browser's own. */
interface Setting {
  readonly listens: string
  readonly origin: string
  readonly cookies: string
  /** The hidden fields of the form shown. */
  readonly hidden: string
  readonly path: string
}

const world = worldOfFile({ env: { TRUSTED_PROXIES: '127.0.0.1,::1' } })
let party: ActingParty
const log = pino({ level: 'silent' })
const texts = allTexts(log)

beforeAll(async () => {
  party = await world.relyingParty()
})

/** Sends hostile requests through one door, and large bodies after them. */
async function besiege({ method }: Door, setting: Setting): Promise<void> {
  const through = fc.record({
    method: methods(method),
    query: pairs,
    bytes: rawBytes,
    form: pairs,
    type: contentTypes,
    cookies: cookieTricks,
    headers,
    own: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(through, async (asked) => {
      const separator = setting.path.includes('?') ? '&' : '?'
      const target = Buffer.concat([Buffer.from(`${setting.path}${separator}${asked.query.join('&')}`), asked.bytes])
      const form = [asked.own ? setting.hidden : '', ...asked.form].filter((pair) => pair !== '').join('&')
      const answer = await exchange(setting.listens, {
        method: asked.method,
        target,
        headers: {
          Accept: 'text/html',
          Cookie: asked.cookies(setting.cookies),
          ...(asked.own && { Origin: setting.origin }),
          ...(asked.method === 'POST' && { 'Content-Type': asked.type }),
          ...asked.headers,
        },
        ...(asked.method === 'POST' && { body: Buffer.concat([Buffer.from(form), asked.bytes]) }),
      })
      holds(answer)
    }),
    { seed: SEED, numRuns: RUNS, endOnFailure: true },
  )
  if (method === 'POST') for (const size of [60_000, 1_048_576]) await overload(setting, size)
}

async function overload({ listens, origin, cookies, hidden, path }: Setting, size: number): Promise<void> {
  const answer = await exchange(listens, {
    method: 'POST',
    target: path,
    headers: { Cookie: cookies, Origin: origin, 'Content-Type': 'application/x-www-form-urlencoded' },
    body: `${hidden}&code=${'1'.repeat(size)}`,
  })
  holds(answer)
}

function holds({ status, text }: Exchanged): void {
  expect(status).toBeGreaterThanOrEqual(200)
  expect(status, text.slice(0, 2_000)).toBeLessThan(500)
  expect(text).not.toMatch(/node_modules|\/src\/|\.ts:\d|\.js:\d|\n\s+at [\w.<]|node:internal/)
}

test('no route of the source is left out', async () => {
  const besieged = new Set([...houseDoors, ...demoDoors, ...outboxDoors].map(({ method, path }) => `${method} ${path}`))
  const sources = [...(await readSources('src', '.ts')).values()].join('\n')
  const routes = [...sources.matchAll(/router\s*\.(get|post)\(\s*'([^']+)'/g)].map(
    ([, method, path]) => `${method!.toUpperCase()} ${path}`,
  )
  expect(routes.length).toBeGreaterThan(15)
  expect(routes.filter((route) => !besieged.has(route))).toEqual([])
})

describe('the provider', () => {
  test.each(houseDoors)('$method $path', async (door) => {
    // What the requests of the door before used up counts for its own tests, not here.
    await world.forgetAttempts()
    await besiege(door, await settingOf(door))
    const { status } = await exchange(world.listens, { target: '/health' })
    expect(status).toBe(200)
  })

  test('still signs people in', async () => {
    const { tokens } = await signedIn(world, { party, citizen: await world.citizen() })
    expect((await party.userinfo(tokens.access_token)).status).toBe(200)
  })

  // A text that does not exist is an error in the log too: a form once answered with the words of a library.
  test('found nothing unexpected', () => {
    const unexpected = world.logLines.filter((line) => /"level":(50|60)/.test(line))
    expect(unexpected.slice(0, 3)).toEqual([])
  })
})

/** A browser in front of the page that a door belongs to: signed in, with a sign-in and a registration under way. */
async function settingOf({ path }: Door): Promise<Setting> {
  const browser = world.browser()
  let ticket = 'none'
  if (path.startsWith('/registration/clash') || path.startsWith('/contact/')) {
    const citizen = await world.citizen()
    await clash(world, browser, citizen.phone)
    if (path.startsWith('/contact/')) {
      await browser.open(await detach(world, browser, citizen.email))
      ticket = browser.page.url.split('/').at(-1)!
    }
  } else if (path.startsWith('/registration/')) {
    await register(world, browser, { ...newcomer, phone: nextPhone() }, pageOf(path))
  } else {
    const citizen = await world.citizen()
    await signedIn(world, { browser, party, citizen })
    await register(world, browser, { ...newcomer, phone: nextPhone() }, '/registration/phone')
    if (path.endsWith('/consent')) await browser.open(party.authorizationUrl({ prompt: 'consent' }))
    else if (path.endsWith('/identify')) await browser.open(party.authorizationUrl({ prompt: 'login' }))
    else if (path.startsWith('/oauth2/logout')) await browser.open('/oauth2/logout')
    else await enter(browser, party, citizen, { acr_values: 'aal2', prompt: 'login' })
  }
  const uid = /\/login\/([\w-]+)/.exec(browser.page.url)?.[1] ?? 'none'
  const concrete = path
    .replace(':uid', uid)
    .replace(':ticket', ticket)
    .replace(':kind', 'code')
    .replace(':action', 'resend')
    .replace(':locale', 'en')
  const authorization = new URL(party.authorizationUrl()).search
  const basic = 'client_id=rp1&grant_type=authorization_code'
  return {
    listens: world.listens,
    origin: world.origin,
    cookies: cookiesOf(browser, concrete),
    hidden: concrete.startsWith('/oauth2/token') ? basic : hiddenOf(browser),
    path: concrete === '/oauth2/authorize' ? `${concrete}${authorization}` : concrete,
  }
}

let phones = 0
const nextPhone = () => `+7926${String(5_000_000 + ++phones)}`

/** The page of the wizard that a door's form is on. */
function pageOf(path: string): string {
  const page = path.replace(/\/again$/, '')
  return /consent-text|done/.test(page) ? '/registration/check' : page
}

function hiddenOf(browser: Browser): string {
  return browser.page.html.includes('<form') ? new URLSearchParams(browser.form().hidden).toString() : ''
}

describe.each([
  ['the demo relying party', demoDoors],
  ['the outbox', outboxDoors],
] as const)('%s', (name, doors) => {
  let setting: Setting
  let close: () => void

  beforeAll(async () => {
    const server = createServer()
    await new Promise<void>((done) => server.listen(0, 'localhost', done))
    const origin = `http://localhost:${(server.address() as AddressInfo).port}`
    const app: Koa<never> = name === 'the outbox' ? outbox(origin) : await demo(origin)
    server.on('request', app.callback())
    close = () => void server.close()
    const browser = new Browser({ origin, listens: origin })
    await browser.open('/')
    if (name !== 'the outbox') await browser.submit({}, '/sign-in')
    await browser.open('/')
    setting = { listens: origin, origin, cookies: cookiesOf(browser, '/'), hidden: hiddenOf(browser), path: '/' }
  })
  afterAll(() => close())

  test.each(doors)('$method $path', async (door) => {
    await besiege(door, { ...setting, path: door.path })
    expect((await exchange(setting.listens, { target: '/' })).status).toBe(200)
  })
})

function outbox(origin: string): Koa<never> {
  const { views, assets } = world.house
  const message = {
    id: '1',
    channel: 'sms',
    to: '+79161112233',
    subject: undefined,
    text: 'Код 1',
    at: new Date(),
  } as const
  const app = makeOutboxApp({ origin, log, texts, views, assets, sandboxChannels: { messages: () => [message] } })
  return app as unknown as Koa<never>
}

async function demo(origin: string): Promise<Koa<never>> {
  const { registration } = await world.relyingParty({ client_id: 'demo', redirect_uris: [`${origin}/callback`] })
  const app = makeRelyingParty({
    issuer: world.origin,
    origins: [origin],
    clientId: 'demo',
    clientSecret: new Secret(registration.client_secret!),
    providerName: { ru: 'Пропуск', en: 'Propusk' },
    texts,
    log,
  })
  return app as unknown as Koa<never>
}
