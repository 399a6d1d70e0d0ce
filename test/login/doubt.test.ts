import { beforeAll, beforeEach, expect, test } from 'vitest'
import type { Browser } from '../browser-http.ts'
import type { ActingParty } from '../relying-party.ts'
import { saying } from '../saying.ts'
import { enter, signedIn } from '../signing-in.ts'
import { type Citizen, worldOfFile } from '../world.ts'
import { forge, signInOf } from './enrolling.ts'

const [HOME, ABROAD] = ['77.88.55.88', '8.8.8.8']

const world = worldOfFile({ env: { TRUSTED_PROXIES: '127.0.0.1,::1', SIGNAL_NEW_NETWORK: 'step_up' } })
let party: ActingParty
let citizen: Citizen
beforeAll(async () => {
  party = await world.relyingParty()
})
beforeEach(async () => {
  citizen = await world.citizen()
  await signedIn(world, { browser: world.browser({ address: HOME }), party, citizen })
})

/** Somebody abroad who knows the password of an account that has lost contacts meanwhile. */
async function thief(lost: readonly ('phone' | 'email')[], parameters: Record<string, string> = {}): Promise<Browser> {
  const browser = world.browser({ address: ABROAD })
  await browser.open(party.authorizationUrl(parameters))
  const { accounts, store } = world.house
  // The identifier has to lead to the account for as long as the password is checked.
  for (const kind of lost.filter((one) => one !== 'email'))
    await store.tx((tx) => accounts.release(tx, citizen.oid, kind, citizen[kind]))
  await browser.submit({ identifier: citizen.email, password: citizen.password }, '/identify')
  if (lost.includes('email')) await store.tx((tx) => accounts.release(tx, citizen.oid, 'email', citizen.email))
  return browser
}

test('where nothing can settle the doubt nothing is added by what is doubted: the sign-in ends, with its OAuth error', async () => {
  const browser = await thief(['phone', 'email'], { acr_values: 'aal2' })
  const path = signInOf(browser)
  await browser.open(path)
  expect(world.view).toBe('login/unmet')
  expect(browser.page.html).toMatch(saying('login.unmet_text.trust'))
  expect(browser.page.html).not.toContain('/enrol/')
  for (const kind of ['totp', 'webauthn']) {
    await browser.open(`${path}/enrol/${kind}`)
    expect(world.view).toBe('login/unmet')
    await forge(browser, `${path}/enrol/${kind}`, { code: '000000', credential: '{}', name: '' })
    expect(world.view).toBe('login/unmet')
  }
  await browser.submit({}, '/unmet')
  expect(browser.callback.get('error')).toBe('unmet_authentication_requirements')
})

test('a code to the contact that there is settles it first, and only then something can be added', async () => {
  const before = world.sentTo(citizen.email)
  const browser = await thief(['phone'], { acr_values: 'aal2' })
  expect(world.view).toBe('login/code')
  expect(browser.page.html).toMatch(saying('login.why_signal'))
  await browser.open(`${signInOf(browser)}/enrol/totp`)
  expect(world.view).toBe('login/code')
  await browser.submit({ code: await world.code(citizen.email, before) }, '/factor/code')
  expect(world.view).toBe('login/unmet')
  expect(browser.page.html).toContain('/enrol/totp')
})

test('the owner is told, though such a sign-in never ends in a new device', async () => {
  const before = world.sentTo(citizen.email)
  await enter(world.browser({ address: '93.158.134.3' }), party, citizen)
  expect((await world.message(citizen.email, before)).text).toContain('/not-me/')
})
