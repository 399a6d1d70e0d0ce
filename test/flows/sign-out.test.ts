import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Browser } from '../browser-http.ts'
import type { ActingParty, Tokens } from '../relying-party.ts'
import { saying } from '../saying.ts'
import { signedIn } from '../signing-in.ts'
import { type Citizen, worldOfFile } from '../world.ts'

const world = worldOfFile()
let party: ActingParty
let citizen: Citizen
let browser: Browser
let tokens: Tokens
beforeAll(async () => {
  party = await world.relyingParty()
})
beforeEach(async () => {
  citizen = await world.citizen()
  ;({ browser, tokens } = await signedIn(world, { party, citizen }))
})

const logout = (parameters: Record<string, string> = {}) =>
  browser.open(`/oauth2/logout?${new URLSearchParams(parameters)}`)
const isSignedIn = async (by = party) => {
  await browser.open(by.authorizationUrl({ prompt: 'none' }))
  return browser.callback.get('code') !== null
}

describe('sign-out', () => {
  test('asks first, then ends the session and its tokens, and goes back where the service registered', async () => {
    await logout({ id_token_hint: tokens.id_token, post_logout_redirect_uri: 'https://rp.example/out', state: 's t' })
    expect(world.view).toBe('oidc/logout')
    expect(await world.journal(citizen.oid)).not.toEqual([])
    await browser.submit({ logout: 'yes' })
    expect(browser.page.url).toBe('https://rp.example/out?state=s+t')
    expect((await party.userinfo(tokens.access_token)).status).toBe(401)
    expect((await party.refresh(tokens.refresh_token!)).status).toBe(400)
    expect(await isSignedIn()).toBe(false)
  })
  test('without a word from a service ends on a page that says so', async () => {
    await logout()
    expect(world.view).toBe('oidc/logout')
    await browser.submit({ logout: 'yes' })
    expect(world.view).toBe('oidc/signed-out')
    expect(browser.page.html).toMatch(saying('oidc.signed_out_title'))
    expect(await isSignedIn()).toBe(false)
  })
  test('from one service leaves the session and the tokens of the others', async () => {
    const other = await world.relyingParty()
    const { tokens: others } = await signedInAgain(other)
    await logout({ id_token_hint: tokens.id_token })
    expect(browser.page.html).toMatch(saying('oidc.logout_service', { service: 'Соцвыплаты онлайн' }))
    await browser.submit({})
    expect(world.view).toBe('oidc/signed-out')
    expect(browser.page.html).toMatch(saying('oidc.signed_out_service', { service: 'Соцвыплаты онлайн' }))
    expect((await party.userinfo(tokens.access_token)).status).toBe(401)
    expect((await other.userinfo(others.access_token)).status).toBe(200)
    expect(await isSignedIn(other)).toBe(true)
  })
  test('leaves what was agreed to: the next sign-in does not ask for consent', async () => {
    await logout()
    await browser.submit({ logout: 'yes' })
    await browser.open(party.authorizationUrl())
    await browser.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
    expect(browser.callback.get('code')).toBeTypeOf('string')
  })
  test('leaves another device and its tokens alone', async () => {
    const { browser: phone, tokens: others } = await signedIn(world, { party, citizen })
    await logout()
    await browser.submit({ logout: 'yes' })
    expect((await party.userinfo(others.access_token)).status).toBe(200)
    await phone.open(party.authorizationUrl({ prompt: 'none' }))
    expect(phone.callback.get('code')).toBeTypeOf('string')
    expect((await party.refresh(others.refresh_token!)).status).toBe(200)
  })
  test('leaves tokens with offline_access (Back-Channel Logout, section 2.7)', async () => {
    const { tokens: offline } = await signedInAgain(party, { scope: 'openid offline_access', prompt: 'consent' })
    await logout()
    await browser.submit({ logout: 'yes' })
    expect((await party.refresh(offline.refresh_token!)).status).toBe(200)
  })
  test('of somebody who is not signed in needs no question', async () => {
    const stranger = world.browser()
    await stranger.open('/oauth2/logout')
    await stranger.submit({})
    expect(world.view).toBe('oidc/signed-out')
  })
})

async function signedInAgain(by: ActingParty, parameters: Record<string, string> = {}): Promise<{ tokens: Tokens }> {
  await browser.open(by.authorizationUrl(parameters))
  if (browser.page.url.startsWith(world.origin)) await browser.submit({ decision: 'allow' }, '/consent')
  const { status, body } = await by.redeem(browser.callback.get('code')!)
  expect(status).toBe(200)
  return { tokens: body }
}

describe('sign-out refuses', () => {
  test.each([
    'https://evil.example/out',
    'https://rp.example/out/more',
    'https://rp.example/out?x=1',
    'https://rp.example.evil.example/out',
    'javascript:alert(document.domain)',
    'data:text/html,x',
    '//evil.example',
  ])('to go back to %s', async (uri) => {
    const page = await logout({ id_token_hint: tokens.id_token, post_logout_redirect_uri: uri })
    expect(page.status).toBe(400)
    expect(world.view).toBe('oidc/error')
    expect(await isSignedIn()).toBe(true)
  })
  test('to go anywhere when no service is named', async () => {
    await logout({ post_logout_redirect_uri: 'https://rp.example/out' })
    await browser.submit({ logout: 'yes' })
    expect(world.view).toBe('oidc/signed-out')
  })
  test.each(['nonsense', 'e30.e30.c2ln'])('a hint that nobody signed: %s', async (hint) => {
    expect((await logout({ id_token_hint: hint })).status).toBe(400)
  })
  test('a hint of another service than the one named', async () => {
    const other = await world.relyingParty()
    const page = await logout({ id_token_hint: tokens.id_token, client_id: other.registration.client_id })
    expect(page.status).toBe(400)
  })
  test.each([
    ['without its secret', {}],
    ['with another', { xsrf: 'x'.repeat(43) }],
  ])('a confirmation %s, so that nobody is signed out by a foreign page', async (_what, fields) => {
    await logout()
    const page = await browser.post(
      '/oauth2/logout/confirm',
      new URLSearchParams({ logout: 'yes', ...fields }).toString(),
    )
    expect(page.status).toBe(400)
    expect(await isSignedIn()).toBe(true)
  })
})

test('the pages speak the language of the person, or what the service asks for', async () => {
  const page = await logout({ ui_locales: 'en', id_token_hint: tokens.id_token })
  expect(page.html).toContain('lang="en"')
  expect(page.html).toContain('Social benefits online')
})
