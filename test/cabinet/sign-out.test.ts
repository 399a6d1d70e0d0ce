import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Browser } from '../browser-http.ts'
import { Listener } from '../oidc/backchannel-logout/listener.ts'
import type { ActingParty, Tokens } from '../relying-party.ts'
import { saying } from '../saying.ts'
import { signedIn } from '../signing-in.ts'
import { type Citizen, startWorld, type World } from '../world.ts'
import { pathOf } from './cabinet.ts'

let listener: Listener
let world: World
let party: ActingParty
let citizen: Citizen
let browser: Browser
let tokens: Tokens
beforeAll(async () => {
  listener = await Listener.start()
  world = await startWorld({ env: { OUTBOUND_ORIGINS: listener.origin } })
  party = await world.relyingParty({ backchannel_logout_uri: `${listener.origin}/logout` })
})
beforeEach(async () => {
  listener.heard.length = 0
  citizen = await world.citizen()
  ;({ browser, tokens } = await signedIn(world, { party, citizen }))
  await browser.open(`${world.origin}/sign-out`)
})
afterAll(async () => {
  await world?.stop()
  await listener?.stop()
})

async function isSignedIn(by: Browser): Promise<boolean> {
  await by.open(party.authorizationUrl({ prompt: 'none' }))
  return by.callback.get('code') !== null
}
const sessionCookie = () => browser.cookies().find((cookie) => /^session(_\d+)?=./.test(cookie))

describe('nothing ends', () => {
  test('by looking at the page', async () => {
    expect(world.view).toBe('cabinet/sign-out')
    await browser.open('/sign-out/done')
    expect(pathOf(browser)).toBe('/sign-out')
    expect(await isSignedIn(browser)).toBe(true)
  })
  test('without one of its buttons', async () => {
    await browser.submit({ where: 'somewhere' }, '/sign-out')
    expect(browser.page.status).toBe(422)
    expect(browser.page.html).toMatch(saying('cabinet.sign_out_missing'))
    expect(await isSignedIn(browser)).toBe(true)
  })
  test('by a form of somebody else', async () => {
    await browser.post('/sign-out', 'where=everywhere')
    expect(browser.page.status).toBe(403)
    expect(await isSignedIn(browser)).toBe(true)
  })
})

test('here: the session, its tokens and its cookie end, services are told, other devices stay', async () => {
  const phone = await signedIn(world, { party, citizen })
  const cookie = sessionCookie()
  expect(cookie).toBeDefined()
  await browser.submit({ where: 'here' }, '/sign-out')
  expect([world.view, pathOf(browser)]).toEqual(['cabinet/signed-out', '/sign-out/done'])
  expect(browser.page.html).toMatch(saying('cabinet.signed_out_here'))
  expect(browser.page.html).not.toContain('Ветрова')
  expect(browser.cookies().filter((left) => /^(session|seen|form)/.test(left))).toEqual([])
  expect((await party.userinfo(tokens.access_token)).status).toBe(401)
  await listener.next('/logout')
  expect(listener.heard).toHaveLength(1)
  expect(await isSignedIn(phone.browser)).toBe(true)
  expect(await isSignedIn(browser)).toBe(false)
  const ended = (await world.journal(citizen.oid)).find(({ type }) => type === 'session.ended')
  expect(ended!.fields).toMatchObject({ reason: 'signed_out' })
})

test('everywhere: every session ends', async () => {
  const phone = await signedIn(world, { party, citizen })
  await browser.submit({ where: 'everywhere' }, '/sign-out')
  expect(browser.page.html).toMatch(saying('cabinet.signed_out_everywhere'))
  await listener.next('/logout', 2)
  expect(await isSignedIn(phone.browser)).toBe(false)
  expect(await isSignedIn(browser)).toBe(false)
  expect(await world.house.sessions.list(citizen.oid)).toEqual([])
})

test('access without the person, which was agreed to, lives on', async () => {
  const parameters = { scope: 'openid offline_access', prompt: 'consent' }
  const held = await signedIn(world, { party, citizen, parameters })
  await held.browser.open(`${world.origin}/sign-out`)
  await held.browser.submit({ where: 'here' }, '/sign-out')
  expect((await party.refresh(held.tokens.refresh_token!)).status).toBe(200)
})

test('whoever was idle need not sign in for that, and sees nothing of the person', async () => {
  world.travel(1000)
  await browser.open('/sign-out')
  expect(world.view).toBe('cabinet/sign-out')
  expect(browser.page.html).not.toMatch(new RegExp(`Ветрова|${citizen.oid}`))
  await browser.submit({ where: 'here' }, '/sign-out')
  expect(await isSignedIn(browser)).toBe(false)
})

test('twice, and for whoever never was signed in, it is done as well', async () => {
  const { hidden } = browser.form('/sign-out')
  await browser.submit({ where: 'here' }, '/sign-out')
  await browser.post('/sign-out', new URLSearchParams({ ...hidden, where: 'everywhere' }).toString())
  expect(world.view).toBe('cabinet/signed-out')
  await world.browser().open('/sign-out')
  expect(world.view).toBe('cabinet/signed-out')
})

test('the button back of the browser shows nothing', async () => {
  await browser.open('/account')
  expect(browser.page.headers['cache-control']).toBe('no-store')
  await browser.open('/sign-out')
  await browser.submit({ where: 'here' }, '/sign-out')
  await browser.open('/account')
  expect(world.view).toBe('login/password')
})
