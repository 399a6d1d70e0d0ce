import { beforeAll, expect, test } from 'vitest'
import type { Browser } from '../browser-http.ts'
import type { ActingParty } from '../relying-party.ts'
import { enter } from '../signing-in.ts'
import { worldOfFile } from '../world.ts'

const world = worldOfFile()
let party: ActingParty
let phones = 0
beforeAll(async () => {
  party = await world.relyingParty({ minimum_acr: 'aal2' })
})

/** Answers the pages of a registration that has just begun, but for the last one. */
async function fillIn(browser: Browser): Promise<string> {
  const phone = `+7903${String(1_000_000 + ++phones)}`
  await browser.submit({ phone }, '/registration/phone')
  await browser.submit({ code: await world.code(phone) }, '/registration/phone-code')
  await browser.submit({ email: '', skip: '1' }, '/registration/email')
  await browser.submit({ familyName: 'Новикова', givenName: 'Нина', patronymic: '' }, '/registration/name')
  await browser.submit({ birthDate: '27.03.1985' }, '/registration/birth-date')
  await browser.submit({ gender: 'female' }, '/registration/gender')
  await browser.submit({ password: 'тихий сапог едет в ложке' }, '/registration/password')
  return phone
}

function confirm(browser: Browser) {
  const consent = /name="consent"[^>]*value="([^"]+)"/.exec(browser.page.html)?.[1] ?? ''
  return browser.submit({ consent }, '/registration/check')
}

async function beginRegistration(browser: Browser): Promise<string> {
  await browser.open(party.authorizationUrl())
  const { pathname } = new URL(browser.page.url)
  await browser.open(`${pathname}/registration`)
  return pathname
}

test('a registration within a sign-in ends signed in, with what it has just proven', async () => {
  const browser = world.browser()
  await beginRegistration(browser)
  await fillIn(browser)
  await confirm(browser)
  expect(world.view).toBe('login/consent')
  expect(browser.page.html).toContain('Новикова')
  await browser.submit({ decision: 'allow' }, '/consent')
  const { body } = await party.redeem(browser.callback.get('code')!)
  const claims = await party.claims(body.id_token)
  expect(claims).toMatchObject({ acr: 'aal2', amr: expect.arrayContaining(['pwd', 'otp', 'mfa']) })
  const types = (await world.journal(Number(claims.sub))).map((event) => event.type)
  expect(types).toEqual(expect.arrayContaining(['factor.passed', 'login.succeeded', 'consent.granted']))
})

test('what was registered signs nobody in elsewhere: not in another browser, not in another sign-in', async () => {
  const browser = world.browser()
  const login = await beginRegistration(browser)
  await fillIn(browser)
  const thief = world.browser()
  await thief.open(party.authorizationUrl())
  const other = new URL(thief.page.url).pathname
  expect((await thief.open(`${login}/registered`)).status).toBe(400)
  await confirm(browser)
  await thief.open(`${other}/registered`)
  expect(world.view).toBe('login/password')
})

test('it signs in once only', async () => {
  const browser = world.browser()
  const login = await beginRegistration(browser)
  await fillIn(browser)
  await confirm(browser)
  await browser.submit({}, '/consent').catch(() => undefined)
  const restarted = new URLSearchParams(browser.form().hidden).toString()
  await browser.post(`${login}/restart`, restarted)
  await browser.open(`${login}/registered`)
  expect(world.view).toBe('login/password')
})

test('a registration in the midst of somebody else’s sign-in counts for the new account alone, as a whole', async () => {
  const citizen = await world.citizen()
  const browser = world.browser()
  await enter(browser, party, citizen)
  expect(world.view).toBe('login/code')
  const { pathname } = new URL(browser.page.url)
  await browser.open(`${pathname.split('/').slice(0, 3).join('/')}/registration`)
  await fillIn(browser)
  await confirm(browser)
  expect(world.view).toBe('login/consent')
  await browser.submit({ decision: 'allow' }, '/consent')
  const { body } = await party.redeem(browser.callback.get('code')!)
  const claims = await party.claims(body.id_token)
  expect(claims.sub).not.toBe(String(citizen.oid))
  expect(claims.acr).toBe('aal2')
})

test('opened without having finished, the way back leads to the password', async () => {
  const browser = world.browser()
  const login = await beginRegistration(browser)
  await fillIn(browser)
  await browser.open(`${login}/registered`)
  expect(world.view).toBe('login/password')
})
