import supertest from 'supertest'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { answerPages, random, type SigningParty, signingParty } from '../../signing-party.ts'
import { type Citizen, worldOfFile } from '../../world.ts'

/** Pushed authorization requests (RFC 9126), of a client that need not push. */

const world = worldOfFile()
let party: SigningParty
let other: SigningParty
let citizen: Citizen
beforeAll(async () => {
  party = await signingParty(world)
  other = await signingParty(world)
  citizen = await world.citizen()
})
beforeEach(() => world.forgetAttempts())

/** Where a browser ends that opens an address and answers what it is asked. */
async function ending(url: string, browser = world.browser()) {
  await browser.open(url)
  await answerPages(browser, citizen)
  return browser
}
const pushed = async (by = party) => (await by.push()).body.request_uri

describe('a pushed request is refused', () => {
  test('from nobody', async () => {
    expect((await party.push({}, { assertion: null })).status).toBe(401)
  })
  test.each([
    ['without a response_type', { response_type: undefined }],
    ['for an unknown response_type', { response_type: 'token' }],
    ['without PKCE', { code_challenge: undefined, code_challenge_method: undefined }],
    ['with plain PKCE', { code_challenge_method: 'plain' }],
    ['to an address that is not registered', { redirect_uri: 'https://evil.example/cb' }],
    ['with a request_uri in it', { request_uri: 'urn:ietf:params:oauth:request_uri:x' }],
    ['of another client', { client_id: 'rp-other' }],
  ])('%s', async (_what, parameters) => {
    const { status, body } = await party.push(parameters)
    expect(status).toBe(400)
    expect(body.error).toMatch(/^(invalid_request|unsupported_response_type|request_uri_not_supported)$/)
  })
  test.each(['get', 'put', 'delete'] as const)('by %s', async (method) => {
    const { status } = await supertest(world.listens)
      [method]('/oauth2/par')
      .ok(() => true)
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(500)
  })
})

describe('a request_uri is refused', () => {
  test('of another client', async () => {
    const browser = await ending(other.authorizationUrl(await pushed()))
    expect(browser.callback.get('error')).toBe('invalid_request_object')
    expect(browser.callback.get('code')).toBeNull()
  })
  test.each([
    'urn:ietf:params:oauth:request_uri:unknown',
    'https://rp.example/request.jwt',
    'javascript:alert(1)',
    'file:///etc/passwd',
  ])('that nobody pushed: %s', async (uri) => {
    const browser = await ending(party.authorizationUrl(uri, { redirect_uri: party.acting.redirectUri }))
    expect(browser.page.url).not.toContain('code=')
  })
  test('after its minute', async () => {
    const uri = await pushed()
    world.travel(61)
    const browser = await ending(party.authorizationUrl(uri))
    world.travel(-61)
    expect(browser.callback.get('error')).toBe('invalid_request_uri')
    expect(browser.callback.get('code')).toBeNull()
  })
  test('once a code has been given for it', async () => {
    const uri = await pushed()
    const browser = await ending(party.authorizationUrl(uri))
    expect(browser.callback.get('code')).toBeTypeOf('string')
    for (const again of [browser, world.browser()])
      expect((await ending(party.authorizationUrl(uri), again)).page.url).not.toContain('code=')
  })
  test('by a second browser that began in time and ends after the first, and after the minute', async () => {
    const uri = await pushed()
    const late = world.browser()
    await late.open(party.authorizationUrl(uri))
    expect((await ending(party.authorizationUrl(uri))).callback.get('code')).toBeTypeOf('string')
    world.travel(90)
    await answerPages(late, citizen)
    world.travel(-90)
    expect(late.page.url).not.toContain('code=')
  })
  test('by the second of two that end at once, and what the person has there already lives on', async () => {
    const browser = await ending(party.authorizationUrl(await pushed()))
    const { body: earlier } = await party.redeem(browser.callback.get('code')!, {}, { proof: undefined })
    const uri = await pushed()
    const both = await Promise.all([1, 2].map(() => browser.open(party.authorizationUrl(uri))))
    const codes = both.flatMap(({ url }) => /[?&]code=([\w-]+)/.exec(url)?.[1] ?? [])
    expect(codes).toHaveLength(1)
    expect((await party.redeem(codes[0]!, {}, { proof: undefined })).status).toBe(200)
    expect((await party.acting.userinfo(earlier.access_token)).status).toBe(200)
  })
  test('beside a request object', async () => {
    const url = party.authorizationUrl(await pushed(), { request: await party.requestObject() })
    expect((await ending(url)).page.url).not.toContain('code=')
  })
})

describe('a request_uri', () => {
  test('lives a minute and is not to be guessed', async () => {
    const { status, body, headers } = await party.push()
    expect(status).toBe(201)
    expect(body.expires_in).toBeLessThanOrEqual(60)
    expect(body.request_uri).toMatch(/^urn:ietf:params:oauth:request_uri:[\w-]{20,}$/)
    expect(headers['cache-control']).toContain('no-store')
  })
  test('may be opened twice before anybody has signed in: browsers load pages again', async () => {
    const uri = await pushed()
    const browser = world.browser()
    await browser.open(party.authorizationUrl(uri))
    expect(browser.page.html).toContain('/identify')
    expect((await ending(party.authorizationUrl(uri), browser)).callback.get('code')).toBeTypeOf('string')
  })
  test('rules what is in it: parameters beside it change nothing', async () => {
    const state = random()
    const uri = (await party.push({ state, scope: 'openid' })).body.request_uri
    const url = party.authorizationUrl(uri, {
      state: 'another',
      scope: 'openid profile email phone',
      redirect_uri: 'https://evil.example/cb',
      response_mode: 'fragment',
    })
    const browser = await ending(url)
    expect(browser.page.url).toMatch(/^https:\/\/rp\.example\/cb\?/)
    expect(browser.callback.get('state')).toBe(state)
    const { body } = await party.redeem(browser.callback.get('code')!, {}, { proof: undefined })
    expect(body.scope).toBe('openid')
  })
  test('brings the issuer with the answer, errors included (RFC 9207)', async () => {
    const browser = await ending(party.authorizationUrl(await pushed()))
    expect(browser.callback.get('iss')).toBe(world.origin)
    const uri = (await party.push({ prompt: 'none' })).body.request_uri
    const refused = await ending(party.authorizationUrl(uri))
    expect(refused.callback.get('error')).toBe('login_required')
    expect(refused.callback.get('iss')).toBe(world.origin)
  })
})

test('a client that has to push is refused without', async () => {
  const strict = await signingParty(world, { require_pushed_authorization_requests: true })
  const browser = world.browser()
  await browser.open(strict.acting.authorizationUrl())
  expect(browser.callback.get('error')).toBe('invalid_request')
  await ending(strict.authorizationUrl(await pushed(strict)), browser)
  expect(browser.callback.get('code')).toBeTypeOf('string')
})
