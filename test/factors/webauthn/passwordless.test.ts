import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Factor } from '#src/factors/factor.ts'
import type { Browser } from '../../browser-http.ts'
import { cookiesOf, exchange, prepare, send } from '../../hostile/raw-http.ts'
import type { ActingParty } from '../../relying-party.ts'
import { saying } from '../../saying.ts'
import { type Citizen, startWorld, type World } from '../../world.ts'
import { enrol, factorOf } from './enrolled.ts'
import { type Ceremony, SoftKey } from './soft-key.ts'

let world: World
let beside: World
let factor: Factor
let party: ActingParty
let citizen: Citizen
let passkey: SoftKey

beforeAll(async () => {
  world = await startWorld()
  beside = await startWorld({ beside: world })
  factor = await factorOf(world)
  party = await world.relyingParty()
})
beforeEach(async () => {
  citizen = await world.citizen()
  passkey = new SoftKey(world.origin, { synced: true })
  await enrol(factor, citizen, passkey)
})
afterAll(async () => {
  await beside?.stop()
  await world?.stop()
})

async function atFirstPage(parameters: Record<string, string> = {}): Promise<Browser> {
  const browser = world.browser()
  await browser.open(party.authorizationUrl(parameters))
  return browser
}

/** What the script of the page fetches. */
async function invitation(browser: Browser): Promise<Ceremony & Record<string, unknown>> {
  const { action } = browser.form('/open/webauthn')
  const headers = { Accept: 'application/json', Cookie: cookiesOf(browser, action) }
  const { status, body, headers: answered } = await exchange(world.listens, { target: action, headers })
  expect(status).toBe(200)
  expect(answered.get('cache-control')).toEqual(['no-store'])
  return JSON.parse(body)
}

const open = (browser: Browser, credential: string) => browser.submit({ credential }, '/open/webauthn')

async function claimsOf(browser: Browser) {
  if (browser.page.html.includes('/consent')) await browser.submit({ decision: 'allow' }, '/consent')
  const { body } = await party.redeem(browser.callback.get('code')!)
  return party.claims(body.id_token)
}

const events = async () => (await world.journal(citizen.oid)).map(({ type }) => type)

describe('what is refused', () => {
  test.each<[string, Partial<Ceremony>]>([
    ['of another site', { origin: 'https://evil.example' }],
    ['of the demo on another port of this host', { origin: 'http://localhost:3001' }],
    ['for another RP ID', { rpId: 'evil.example' }],
    ['without a user handle', { userHandle: null }],
    ['with the handle of somebody else', { userHandle: 'c29tZWJvZHkgZWxzZQ' }],
    ['of a page within a page', { crossOrigin: true }],
  ])('an answer %s', async (_what, change) => {
    const browser = await atFirstPage()
    await open(browser, passkey.get({ ...(await invitation(browser)), ...change }))
    expect(browser.page.status).toBe(422)
    expect(world.view).toBe('login/password')
  })

  test('a key that somebody found: it has to verify its user, whatever level is asked for', async () => {
    const stick = new SoftKey(world.origin, { userVerified: false })
    await enrol(factor, citizen, stick)
    const browser = await atFirstPage()
    const asked = await invitation(browser)
    expect(asked.userVerification).toBe('required')
    await open(browser, stick.get(asked))
    expect(browser.page.html).toMatch(saying('webauthn.unverified'))
  })

  test('an answer given before, and the challenge of another sign-in', async () => {
    const [browser, other] = [await atFirstPage(), await atFirstPage()]
    const credential = passkey.get(await invitation(browser))
    await open(other, credential)
    expect(other.page.html).toMatch(saying('webauthn.expired'))
    await open(browser, credential)
    expect(world.view).toBe('login/consent')
    const again = await atFirstPage()
    await open(again, credential)
    expect(again.page.html).toMatch(saying('webauthn.expired'))
  })

  test('a challenge older than five minutes', async () => {
    const browser = await atFirstPage()
    const asked = await invitation(browser)
    world.travel(301)
    await open(browser, passkey.get(asked))
    expect(browser.page.html).toMatch(saying('webauthn.expired'))
    vi.useRealTimers()
  })

  test('a blocked account, which only its owner is told', async () => {
    await world.block(citizen)
    const browser = await atFirstPage()
    await open(browser, passkey.get(await invitation(browser)))
    expect(browser.page.status).toBe(403)
    expect(browser.page.html).toMatch(saying('login.not_active'))
  })

  test('a key that was removed', async () => {
    const [{ id } = { id: '' }] = await factor.authenticators(citizen.oid)
    await world.house.store.tx((tx) => factor.enrolment!.remove!(tx, citizen.oid, id, 'o'))
    const browser = await atFirstPage()
    await open(browser, passkey.get(await invitation(browser)))
    expect(browser.page.html).toMatch(saying('webauthn.wrong'))
  })

  test('a form from elsewhere', async () => {
    const browser = await atFirstPage()
    const { action } = browser.form('/open/webauthn')
    const credential = passkey.get(await invitation(browser))
    await browser.post(action, new URLSearchParams({ credential }).toString())
    expect(browser.page.status).toBe(403)
  })

  test('too many in a row, as with a password', async () => {
    const forged = new SoftKey(world.origin, { credentialId: passkey.credentialId })
    forged.userHandle = passkey.userHandle
    const statuses: number[] = []
    for (let n = 0; n < 7; n++) {
      const browser = await atFirstPage()
      await open(browser, forged.get(await invitation(browser)))
      statuses.push(browser.page.status)
    }
    expect(statuses).toEqual([422, 422, 422, 422, 422, 429, 429])
  })
})

test('of one answer sent to two processes at once, one counts', async () => {
  const browser = await atFirstPage()
  const credential = passkey.get(await invitation(browser))
  const form = prepare(browser, { credential }, '/open/webauthn', world.origin)
  const answers = await Promise.all([world.listens, beside.listens].map((listens) => send(listens, form)))
  expect(answers.map(({ status }) => status).sort()[0]).toBe(303)
  expect((await events()).filter((type) => type === 'factor.passed')).toHaveLength(1)
})

test('what the page asks with names nobody', async () => {
  const browser = await atFirstPage()
  const asked = await invitation(browser)
  expect(Object.keys(asked).sort()).toEqual(['allowCredentials', 'challenge', 'rpId', 'timeout', 'userVerification'])
  expect(asked).toMatchObject({ allowCredentials: [], rpId: 'localhost', timeout: 300_000 })
})

test('opened in the address bar, the address of the challenge leads to the page', async () => {
  const browser = await atFirstPage()
  const { action } = browser.form('/open/webauthn')
  await browser.open(action)
  expect(world.view).toBe('login/password')
  await browser.open(action.replace('webauthn', 'password'))
  expect(browser.page.status).toBe(404)
})

describe('a passkey is a whole sign-in', () => {
  test.each([
    ['a synced one', { synced: true }, { acr: 'aal2', amr: ['swk', 'user', 'mfa'] }],
    ['a hardware key', { synced: false }, { acr: 'aal3', amr: ['hwk', 'user', 'mfa'] }],
  ])('%s', async (_what, habits, claims) => {
    const key = new SoftKey(world.origin, habits)
    await enrol(factor, citizen, key)
    const browser = await atFirstPage({ acr_values: claims.acr })
    await open(browser, key.get(await invitation(browser)))
    expect(world.view).toBe('login/consent')
    expect(await claimsOf(browser)).toMatchObject({ sub: String(citizen.oid), ...claims })
    expect(await events()).toEqual(expect.arrayContaining(['factor.passed', 'login.succeeded']))
  })

  test('after a refusal too, on the same page', async () => {
    const browser = await atFirstPage()
    await open(browser, 'nonsense')
    expect(browser.page.html).toMatch(saying('webauthn.unanswered'))
    await open(browser, passkey.get(await invitation(browser)))
    expect(world.view).toBe('login/consent')
  })

  test('phishing-resistant, and out of hardware where it is', async () => {
    const browser = await atFirstPage({ acr_values: 'phr' })
    await open(browser, passkey.get(await invitation(browser)))
    expect((await claimsOf(browser)).acr).toBe('phr')
  })
})
