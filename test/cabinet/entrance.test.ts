import supertest from 'supertest'
import { beforeEach, describe, expect, test } from 'vitest'
import { FIRST_PARTY } from '#src/oidc/requirement.ts'
import type { Browser } from '../browser-http.ts'
import { saying } from '../saying.ts'
import { signedIn } from '../signing-in.ts'
import { type Citizen, worldOfFile } from '../world.ts'

const world = worldOfFile()
let citizen: Citizen
let browser: Browser
beforeEach(async () => {
  citizen = await world.citizen()
  browser = world.browser()
})

const answer = () => browser.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
const atRequests = () => world.view === 'cabinet/requests' && new URL(browser.page.url).pathname === '/requests'

const authorize = (parameters: Record<string, string> = {}) =>
  `${world.origin}/oauth2/authorize?${new URLSearchParams({
    client_id: FIRST_PARTY,
    response_type: 'none',
    scope: 'openid',
    redirect_uri: `${world.origin}/signed-in`,
    state: '/requests',
    ...parameters,
  })}`

test('a page of ours sends to the sign-in and is shown after it, without any page of consent', async () => {
  await browser.open('/requests')
  expect(world.view).toBe('login/password')
  expect(browser.page.html).toContain('Пропуск')
  await answer()
  expect(atRequests()).toBe(true)
  expect((await world.house.consents.find(citizen.oid, FIRST_PARTY)) ?? 'none').toBe('none')
})

test('whoever is signed in at a service need not sign in again', async () => {
  const party = await world.relyingParty()
  await signedIn(world, { browser, party, citizen })
  await browser.open('/requests')
  expect(atRequests()).toBe(true)
})

test('a person who was blocked meanwhile is asked to sign in, in vain', async () => {
  await browser.open('/requests')
  await answer()
  await world.block(citizen)
  await browser.open('/requests')
  expect(world.view).toBe('login/password')
  await answer()
  expect(browser.page.status).toBe(403)
})

describe('idle time', () => {
  test('ends the stay, however long the session itself lives on', async () => {
    await browser.open('/requests')
    await answer()
    world.travel(500)
    await browser.open('/requests')
    expect(atRequests()).toBe(true)
    world.travel(500)
    await browser.open('/requests')
    expect(atRequests()).toBe(true)
    world.travel(601)
    await browser.open('/requests')
    expect(browser.page.html).toMatch(saying('login.again_title'))
    // The way back alone wakes nothing up.
    await browser.open('/signed-in?state=/requests')
    expect(world.view).toBe('login/password')
    await answer()
    expect(atRequests()).toBe(true)
  })

  test('is over in the second that the page told, and the sign-in says why', async () => {
    await browser.open('/requests')
    await answer()
    world.travel(600)
    await browser.open('/requests')
    expect(world.view).toBe('login/password')
    expect(browser.page.html).toMatch(saying('cabinet.idle_sign_in'))
    for (const other of ['login.again_text', 'cabinet.idle_kept']) expect(browser.page.html).not.toMatch(saying(other))
  })

  test('and that what was sent too late is kept, if it is', async () => {
    await browser.open('/settings')
    await answer()
    world.travel(600)
    await browser.submit({ locale: 'en', idleMinutes: '5' }, '/settings')
    expect(browser.page.html).toMatch(saying('cabinet.idle_sign_in'))
    expect(browser.page.html).toMatch(saying('cabinet.idle_kept'))
  })

  test('is not what it says to whoever comes for the first time, after a sign-out, or from a service', async () => {
    await browser.open('/requests')
    expect(browser.page.html).not.toMatch(saying('cabinet.idle_sign_in'))
    await answer()
    await browser.open('/sign-out')
    await browser.submit({ where: 'here' }, '/sign-out')
    world.travel(600)
    await browser.open('/requests')
    expect(browser.page.html).not.toMatch(saying('cabinet.idle_sign_in'))
    const party = await world.relyingParty()
    await browser.open(party.authorizationUrl({ idle: 'kept' }))
    expect(world.view).toBe('login/password')
    expect(browser.page.html).not.toMatch(saying('cabinet.idle_sign_in'))
  })

  test('is not stopped by a cookie of another session', async () => {
    await browser.open('/requests')
    await answer()
    const seen = browser.cookies().filter((cookie) => cookie.startsWith('seen'))
    expect(seen.length).toBeGreaterThan(0)
    const second = world.browser()
    const party = await world.relyingParty()
    await signedIn(world, { browser: second, party, citizen })
    world.travel(601)
    const cookies = [...second.cookies().filter((cookie) => !cookie.startsWith('seen')), ...seen]
    const { status, headers } = await supertest(world.listens)
      .get('/requests')
      .set('Cookie', cookies.map((cookie) => cookie.split(';', 1)[0]).join('; '))
    expect([status, headers.location]).toEqual([303, expect.stringContaining('max_age=599')])
  })
})

describe('nobody else uses the name of our pages', () => {
  test.each([
    ['another address', { redirect_uri: 'https://evil.example/signed-in' }],
    ['a path below', { redirect_uri: 'http://localhost/signed-in/../x' }],
    ['a code', { response_type: 'code', code_challenge: 'x'.repeat(43), code_challenge_method: 'S256' }],
    ['more than who it is', { scope: 'openid profile' }],
  ])('for %s', async (_what, parameters) => {
    await browser.open('/requests')
    await answer()
    await browser.open(authorize(parameters))
    const { origin, searchParams } = new URL(browser.page.url)
    expect([origin, searchParams.get('code')]).toEqual([world.origin, null])
    expect(browser.page.status).toBeGreaterThanOrEqual(400)
  })

  test.each([
    ['/oauth2/token', { grant_type: 'authorization_code', code: 'x', redirect_uri: 'x' }],
    ['/oauth2/token', { grant_type: 'client_credentials' }],
    ['/oauth2/device', { scope: 'openid' }],
    ['/oauth2/ciba', { scope: 'openid', login_hint: '+79161234567' }],
  ])('at %s with %j', async (endpoint, parameters) => {
    const { status } = await supertest(world.listens)
      .post(endpoint)
      .type('form')
      .send({ client_id: FIRST_PARTY, ...parameters })
    expect(status).toBe(400)
  })

  test('nor registers it', async () => {
    const taken = { client_id: FIRST_PARTY, client_name: 'x', redirect_uris: ['https://evil.example/cb'] }
    await expect(world.house.registrar.register(taken)).rejects.toThrow(/client_id/)
  })
})

describe('the way back', () => {
  test.each(['//evil.example/', 'https://evil.example', '/\\evil.example', 'javascript:alert(1)'])(
    'does not lead to %s',
    async (state) => {
      await browser.open('/requests')
      await answer()
      const { status, headers } = await supertest(world.listens).get(`/signed-in?${new URLSearchParams({ state })}`)
      expect([status, headers.location]).toEqual([303, '/'])
    },
  )

  test('is found through a request for a consent that there is none to give', async () => {
    await browser.open(authorize({ prompt: 'consent' }))
    await answer()
    expect(atRequests()).toBe(true)
    await browser.open(authorize({ prompt: 'consent' }))
    expect(atRequests()).toBe(true)
  })

  test('without a sign-in is a page that says so, and no loop', async () => {
    await browser.open(authorize({ acr_values: 'aal3' }))
    await answer()
    await browser.submit({}, '/unmet')
    expect(browser.page.status).toBe(403)
    expect(browser.page.html).toMatch(saying('oidc.sign_in_refused'))
  })
})

test('a session that somebody planted in the browser before is not the one signed in', async () => {
  await browser.open('/device')
  const planted = session()
  expect(planted).toBeDefined()
  await browser.open('/requests')
  await answer()
  expect(atRequests()).toBe(true)
  expect(session()).not.toBe(planted)
  const { status } = await supertest(world.listens).get('/requests').set('Cookie', planted!)
  expect(status).toBe(303)
})

function session(): string | undefined {
  const pairs = browser.cookies().map((cookie) => cookie.split(';', 1)[0]!)
  const found = pairs.filter((pair) => /^session(\.sig)?=/.test(pair))
  return found.length > 0 ? found.join('; ') : undefined
}
