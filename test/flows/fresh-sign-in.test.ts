import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Browser } from '../browser-http.ts'
import type { ActingParty } from '../relying-party.ts'
import { saying } from '../saying.ts'
import { enterCode, signedIn } from '../signing-in.ts'
import { type Citizen, worldOfFile } from '../world.ts'

const world = worldOfFile()
let party: ActingParty
let citizen: Citizen
beforeAll(async () => {
  party = await world.relyingParty()
})
beforeEach(async () => {
  citizen = await world.citizen()
})

const answerPassword = (browser: Browser, who: Citizen) =>
  browser.submit({ identifier: who.phone, password: who.password }, '/identify')

async function claimsAt(browser: Browser) {
  const { status, body } = await party.redeem(browser.callback.get('code')!)
  expect(status).toBe(200)
  return party.claims(body.id_token)
}

describe('max_age', () => {
  test('asks a session that is older for the password again, and auth_time moves', async () => {
    const { browser, tokens } = await signedIn(world, { party, citizen })
    const before = await party.claims(tokens.id_token)
    world.travel(120)
    await browser.open(party.authorizationUrl({ max_age: '60' }))
    expect(world.view).toBe('login/password')
    expect(browser.page.title).toMatch(saying('login.again_title'))
    await answerPassword(browser, citizen)
    const after = await claimsAt(browser)
    expect(after.auth_time! - before.auth_time!).toBeGreaterThanOrEqual(120)
  })
  test('asks a session that is younger for nothing', async () => {
    const { browser } = await signedIn(world, { party, citizen })
    world.travel(50)
    await browser.open(party.authorizationUrl({ max_age: '60' }))
    expect(browser.callback.get('code')).toBeTypeOf('string')
  })
  test('with aal2 is not satisfied by an old code and a new password', async () => {
    const { browser } = await signedIn(world, { party, citizen, parameters: { acr_values: 'aal2' } })
    world.travel(120)
    const parameters = { max_age: '60', acr_values: 'aal2' }
    await browser.open(party.authorizationUrl(parameters))
    expect(world.view).toBe('login/password')
    await answerPassword(browser, citizen)
    expect(world.view).toBe('login/code')
    await enterCode(world, browser, citizen, 1)
    expect(await claimsAt(browser)).toMatchObject({ acr: 'aal2' })
  })
  test('leaves out of amr what was proven before it', async () => {
    const { browser, tokens } = await signedIn(world, { party, citizen, parameters: { acr_values: 'aal2' } })
    expect((await party.claims(tokens.id_token)).amr).toContain('mfa')
    world.travel(120)
    await browser.open(party.authorizationUrl({ max_age: '60' }))
    await answerPassword(browser, citizen)
    expect(await claimsAt(browser)).toMatchObject({ acr: 'aal1', amr: ['pwd'] })
    await browser.open(party.authorizationUrl())
    expect((await claimsAt(browser)).amr).toContain('mfa')
  })
  test('with aal2 is satisfied by a fresh code and a new password: the missing factor may be the one that opens sign-ins', async () => {
    const { browser } = await signedIn(world, { party, citizen })
    world.travel(900)
    await browser.open(party.authorizationUrl({ acr_values: 'aal2' }))
    await enterCode(world, browser, citizen, 0)
    world.travel(60)
    await browser.open(party.authorizationUrl({ acr_values: 'aal2', max_age: '300' }))
    expect(world.view).toBe('login/password')
    await answerPassword(browser, citizen)
    expect(await claimsAt(browser)).toMatchObject({ acr: 'aal2' })
  })
  test('with aal2 is not satisfied by a new password given before, beside the old code', async () => {
    const { browser } = await signedIn(world, { party, citizen, parameters: { acr_values: 'aal2' } })
    world.travel(120)
    await browser.open(party.authorizationUrl({ max_age: '60' }))
    await answerPassword(browser, citizen)
    await browser.open(party.authorizationUrl({ max_age: '60', acr_values: 'aal2' }))
    expect(world.view).toBe('login/code')
  })
  test('counts until the request, so that a person who is slow at the pages is not asked for ever', async () => {
    const { browser } = await signedIn(world, { party, citizen })
    world.travel(120)
    const parameters = { max_age: '10', acr_values: 'aal2' }
    await browser.open(party.authorizationUrl(parameters))
    await answerPassword(browser, citizen)
    expect(world.view).toBe('login/code')
    const code = await world.code(citizen.phone)
    world.travel(60)
    await browser.submit({ code }, '/factor/code')
    expect(await claimsAt(browser)).toMatchObject({ acr: 'aal2' })
  })
  test('0 asks each time, once, also in the very second of the sign-in', async () => {
    world.travel(0)
    const { browser } = await signedIn(world, { party, citizen, parameters: { max_age: '0' } })
    for (let i = 0; i < 2; i++) {
      await browser.open(party.authorizationUrl({ max_age: '0' }))
      expect(world.view).toBe('login/password')
      await answerPassword(browser, citizen)
      expect(await claimsAt(browser)).toMatchObject({ sub: String(citizen.oid) })
    }
  })
  test('0 with a consent page in between asks for the password once', async () => {
    const other = await world.relyingParty()
    const { browser } = await signedIn(world, { party, citizen })
    await browser.open(other.authorizationUrl({ max_age: '0' }))
    await answerPassword(browser, citizen)
    expect(world.view).toBe('login/consent')
    world.travel(30)
    await browser.submit({ decision: 'allow' }, '/consent')
    expect(browser.callback.get('code')).toBeTypeOf('string')
  })
  test.each(['-1', 'soon', '1.5'])('%s is no age', async (maxAge) => {
    const browser = world.browser()
    await browser.open(party.authorizationUrl({ max_age: maxAge }))
    expect(browser.callback.get('error')).toBe('invalid_request')
  })
})

describe('prompt=login', () => {
  test('asks for the password although the session has just begun, in the same second too', async () => {
    world.travel(0)
    const { browser } = await signedIn(world, { party, citizen })
    await browser.open(party.authorizationUrl({ prompt: 'login' }))
    expect(world.view).toBe('login/password')
    await answerPassword(browser, citizen)
    expect(await claimsAt(browser)).toMatchObject({ sub: String(citizen.oid) })
  })
  test('with aal2 asks for all of it again', async () => {
    const { browser } = await signedIn(world, { party, citizen, parameters: { acr_values: 'aal2' } })
    await browser.open(party.authorizationUrl({ prompt: 'login', acr_values: 'aal2' }))
    expect(world.view).toBe('login/password')
    world.travel(61)
    await answerPassword(browser, citizen)
    expect(world.view).toBe('login/code')
  })
  test('lets another person sign in, who gets nothing of what the one before had proven', async () => {
    const other = await world.citizen()
    const { browser, tokens } = await signedIn(world, { party, citizen, parameters: { acr_values: 'aal2' } })
    const before = await party.claims(tokens.id_token)
    await browser.open(party.authorizationUrl({ prompt: 'login', scope: 'openid' }))
    await answerPassword(browser, other)
    await browser.submit({ decision: 'allow' }, '/consent')
    // The provider ends the session of the person before through a form that the browser sends by itself.
    await browser.submit({})
    const after = await claimsAt(browser)
    expect(after).toMatchObject({ sub: String(other.oid), acr: 'aal1', amr: ['pwd'] })
    expect(after.sid).not.toBe(before.sid)
    await browser.open(party.authorizationUrl({ acr_values: 'aal2', scope: 'openid' }))
    expect(world.view).toBe('login/code')
    expect((await party.userinfo(tokens.access_token)).status).toBe(401)
  })
})

describe('prompt=none', () => {
  test.each([
    ['login_required without a session', {}, false, 'login_required'],
    ['login_required when the session is too weak', { acr_values: 'aal2' }, true, 'login_required'],
    [
      'consent_required when more is asked for',
      { claims: '{"userinfo":{"birthdate":null}}', scope: 'openid' },
      true,
      'consent_required',
    ],
  ])('answers %s', async (_what, parameters, live, error) => {
    const bare = await world.relyingParty({ scope: 'openid birthdate' })
    const { browser } = live
      ? await signedIn(world, { party: bare, citizen, parameters: { scope: 'openid' } })
      : { browser: world.browser() }
    await browser.open(bare.authorizationUrl({ scope: 'openid', ...parameters, prompt: 'none' }))
    expect(browser.callback.get('error')).toBe(error)
    expect(browser.callback.get('code')).toBeNull()
  })
  test('answers login_required when the session is too old', async () => {
    const { browser } = await signedIn(world, { party, citizen })
    world.travel(120)
    await browser.open(party.authorizationUrl({ prompt: 'none', max_age: '60' }))
    expect(browser.callback.get('error')).toBe('login_required')
  })
  test('gives a code when nothing is missing', async () => {
    const { browser } = await signedIn(world, { party, citizen })
    await browser.open(party.authorizationUrl({ prompt: 'none' }))
    expect(browser.callback.get('code')).toBeTypeOf('string')
  })
  test('goes with no other prompt', async () => {
    const browser = world.browser()
    await browser.open(party.authorizationUrl({ prompt: 'none login' }))
    expect(browser.callback.get('error')).toBe('invalid_request')
  })
})

describe('a request about a certain person', () => {
  test('id_token_hint of whoever is signed in changes nothing', async () => {
    const { browser, tokens } = await signedIn(world, { party, citizen })
    await browser.open(party.authorizationUrl({ id_token_hint: tokens.id_token, prompt: 'none' }))
    expect(browser.callback.get('code')).toBeTypeOf('string')
  })
  test('id_token_hint of another person asks for a sign-in, once; the wrong person ends it with login_required', async () => {
    const other = await world.citizen()
    const { tokens } = await signedIn(world, { party, citizen: other })
    const { browser } = await signedIn(world, { party, citizen })
    const parameters = { id_token_hint: tokens.id_token }
    await browser.open(party.authorizationUrl({ ...parameters, prompt: 'none' }))
    expect(browser.callback.get('error')).toBe('login_required')
    await browser.open(party.authorizationUrl(parameters))
    expect(world.view).toBe('login/password')
    await answerPassword(browser, citizen)
    expect(browser.callback.get('error')).toBe('login_required')
    await browser.open(party.authorizationUrl(parameters))
    await answerPassword(browser, other)
    await browser.submit({})
    expect(await claimsAt(browser)).toMatchObject({ sub: String(other.oid) })
  })
  test('a sub named in the claims parameter is a demand too', async () => {
    const { browser } = await signedIn(world, { party, citizen })
    const claims = JSON.stringify({ id_token: { sub: { value: '1999999999' } } })
    await browser.open(party.authorizationUrl({ claims }))
    expect(world.view).toBe('login/password')
    await answerPassword(browser, citizen)
    expect(browser.callback.get('error')).toBe('login_required')
  })
  test('an id_token_hint that nobody here signed is refused', async () => {
    const browser = world.browser()
    await browser.open(party.authorizationUrl({ id_token_hint: 'e30.e30.c2ln' }))
    expect(browser.callback.get('error')).toBe('invalid_request')
  })
})

describe('ui_locales', () => {
  test.each([
    ['en', 'en'],
    ['en-GB ru', 'en'],
    ['de en', 'en'],
    ['ru', 'ru'],
    ['de', 'ru'],
  ] as const)('%s: the page is in %s, and so are the next ones', async (uiLocales, locale) => {
    const browser = world.browser()
    await browser.open(party.authorizationUrl({ ui_locales: uiLocales }))
    expect(browser.page.title).toMatch(saying('login.title', {}, locale))
    const page = await browser.submit({ identifier: citizen.phone, password: '' }, '/identify')
    expect(page.errors[0]).toMatch(saying('login.password_missing', {}, locale))
  })
  test('is kept for the pages behind the sign-in, such as registration', async () => {
    const browser = world.browser({ locale: 'ru' })
    await browser.open(party.authorizationUrl({ ui_locales: 'en' }))
    await browser.open(`${new URL(browser.page.url).pathname}/registration`)
    expect(browser.page.title).toMatch(saying('registration.phone_title', {}, 'en'))
    await browser.open('/language/ru')
    await browser.open('/registration')
    expect(browser.page.html).toContain('<html lang="ru"')
  })
  test('the person’s own choice goes before what the service asks for', async () => {
    const browser = world.browser()
    await browser.open('/language/ru')
    await browser.open(party.authorizationUrl({ ui_locales: 'en' }))
    expect(browser.page.title).toMatch(saying('login.title'))
  })
})
