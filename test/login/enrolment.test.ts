import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Browser } from '../browser-http.ts'
import { SoftKey } from '../factors/webauthn/soft-key.ts'
import type { ActingParty } from '../relying-party.ts'
import { enter, signedIn } from '../signing-in.ts'
import { type Citizen, worldOfFile } from '../world.ts'
import { addKey, confirmByCode, forge, keyOptions, keysOf, signInOf } from './enrolling.ts'

const world = worldOfFile()
let party: ActingParty
let citizen: Citizen
beforeAll(async () => {
  party = await world.relyingParty()
})
beforeEach(async () => {
  citizen = await world.citizen()
})

/** A browser in a sign-in that the account has nothing strong enough for, after the password. */
async function lacking(parameters: Record<string, string> = { acr_values: 'aal3' }): Promise<Browser> {
  const browser = world.browser()
  await enter(browser, party, citizen, parameters)
  expect(world.view).toBe('login/unmet')
  return browser
}

/** The same, with everything proven that there is. */
async function proven(parameters?: Record<string, string>): Promise<Browser> {
  const browser = await lacking(parameters)
  await browser.open(`${signInOf(browser)}/enrol/webauthn`)
  expect(world.view).toBe('login/code')
  await confirmByCode(world, browser, citizen, 0)
  expect(world.view).toBe('factors/webauthn/enrol')
  return browser
}

describe('a key is not added in a sign-in', () => {
  test('by the password alone, where the account has a second factor', async () => {
    const browser = await lacking()
    const path = `${signInOf(browser)}/enrol/webauthn`
    const credential = new SoftKey(world.origin).create({ challenge: 'AAAA' })
    await forge(browser, path, { credential, name: '' })
    expect(world.view).toBe('login/code')
    expect(await keysOf(world, citizen)).toBe(0)
  })

  test('by an empty form', async () => {
    const browser = await proven()
    await forge(browser, `${signInOf(browser)}/enrol/webauthn`)
    expect(browser.page.status).toBe(422)
    expect(await keysOf(world, citizen)).toBe(0)
  })

  test('with a challenge that another page got', async () => {
    const other = await proven()
    const options = keyOptions(other)
    citizen = await world.citizen()
    const browser = await proven()
    const credential = new SoftKey(world.origin).create(options)
    await browser.submit({ credential, name: '' }, '/enrol/webauthn')
    expect(browser.page.status).toBe(422)
    expect(await keysOf(world, citizen)).toBe(0)
  })

  test('as somebody else than who began to add it', async () => {
    const first = citizen
    const browser = await proven()
    const path = `${signInOf(browser)}/enrol/webauthn`
    const credential = new SoftKey(world.origin).create(keyOptions(browser))
    await forge(browser, `${signInOf(browser)}/restart`)
    citizen = await world.citizen()
    await browser.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
    await forge(browser, path, { credential, name: '' })
    expect(world.view).toBe('login/code')
    await confirmByCode(world, browser, citizen, 0)
    await forge(browser, path, { credential, name: '' })
    expect(browser.page.status).toBe(422)
    expect(await keysOf(world, first)).toBe(0)
    expect(await keysOf(world, citizen)).toBe(0)
  })

  test('by the form of one that was added, sent again', async () => {
    const browser = await proven()
    const path = `${signInOf(browser)}/enrol/webauthn`
    const { csrf = '' } = browser.form().hidden
    const { credential } = await addKey(world, browser)
    expect(world.view).toBe('login/consent')
    await browser.post(path, new URLSearchParams({ csrf, credential, name: 'Ещё' }).toString())
    expect(world.view).toBe('login/consent')
    expect(await keysOf(world, citizen)).toBe(1)
  })

  test('that would not help', async () => {
    const browser = await lacking()
    expect(browser.page.html).not.toContain('/enrol/totp')
    await browser.open(`${signInOf(browser)}/enrol/totp`)
    expect(world.view).toBe('login/unmet')
    await browser.open(`${signInOf(browser)}/enrol/nothing`)
    expect(world.view).toBe('login/unmet')
  })

  test('while nothing is lacking', async () => {
    const browser = world.browser()
    await enter(browser, party, citizen)
    expect(world.view).toBe('login/consent')
    await browser.open(`${signInOf(browser)}/enrol/webauthn`)
    expect(world.view).toBe('login/consent')
    await forge(browser, `${signInOf(browser)}/enrol/webauthn`, { credential: '{}', name: '' })
    expect(world.view).toBe('login/consent')
  })

  test('before anybody has signed in', async () => {
    const browser = world.browser()
    await browser.open(party.authorizationUrl({ acr_values: 'aal3' }))
    await forge(browser, `${signInOf(browser)}/enrol/webauthn`, { credential: '{}', name: '' })
    expect(world.view).toBe('login/password')
  })

  test('without the token of the form', async () => {
    const browser = await proven()
    const credential = new SoftKey(world.origin).create(keyOptions(browser))
    await browser.post(`${signInOf(browser)}/enrol/webauthn`, new URLSearchParams({ credential, name: '' }).toString())
    expect(browser.page.status).toBe(403)
    expect(await keysOf(world, citizen)).toBe(0)
  })
})

describe('a key that is added in a sign-in', () => {
  test('carries it on: the service gets the level that it asked for', async () => {
    const browser = await proven()
    const sign = signInOf(browser)
    await addKey(world, browser)
    await browser.submit({ decision: 'allow' }, '/consent')
    const { body } = await party.redeem(browser.callback.get('code')!)
    const claims = await party.claims(body.id_token)
    expect(claims).toMatchObject({ acr: 'aal3', amr: expect.arrayContaining(['pwd', 'otp', 'hwk', 'mfa']) })
    expect(sign).not.toBe('')
    const events = await world.journal(citizen.oid)
    expect(events.map(({ type }) => type)).toContain('authenticator.added')
  })

  test('is told to its owner', async () => {
    const browser = await proven()
    const before = world.sentTo(citizen.email)
    await addKey(world, browser)
    expect((await world.message(citizen.email, before)).recipient).toBe(citizen.email)
  })

  test.each([
    ['phr', { acr_values: 'phr' }, 'phr'],
    ['phrh', { acr_values: 'phrh phr' }, 'phrh'],
    ['the first of several', { acr_values: 'aal3 phr' }, 'aal3'],
  ])('reaches %s in a live session too', async (_what, parameters, acr) => {
    const { browser } = await signedIn(world, { party, citizen, parameters: { acr_values: 'aal2' } })
    await browser.open(party.authorizationUrl(parameters))
    expect(world.view).toBe('login/unmet')
    await browser.open(`${signInOf(browser)}/enrol/webauthn`)
    await addKey(world, browser)
    const { body } = await party.redeem(browser.callback.get('code')!)
    expect(await party.claims(body.id_token)).toMatchObject({ acr, sub: String(citizen.oid) })
  })

  test('that does not verify its user reaches less, which is said', async () => {
    const browser = await proven()
    await addKey(world, browser, new SoftKey(world.origin, { userVerified: false }))
    expect(world.view).toBe('login/unmet')
    expect(await keysOf(world, citizen)).toBe(1)
    await browser.submit({}, '/unmet')
    expect(browser.callback.get('error')).toBe('unmet_authentication_requirements')
  })

  test('is no way for somebody who goes back to the service', async () => {
    const browser = await lacking()
    await browser.submit({}, '/unmet')
    expect(browser.callback.get('error')).toBe('unmet_authentication_requirements')
  })
})

describe('what was proven has to be of the last five minutes', () => {
  test('before the page of the key is shown, and again when its form comes', async () => {
    world.travel(0)
    const browser = await proven()
    const credential = new SoftKey(world.origin).create(keyOptions(browser))
    world.travel(301)
    await browser.submit({ credential, name: '' }, '/enrol/webauthn')
    expect(await keysOf(world, citizen)).toBe(0)
    // From the beginning: password, code, key.
    expect(world.view).toBe('login/password')
    await browser.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
    expect(world.view).toBe('login/code')
    await confirmByCode(world, browser, citizen, 1)
    expect(world.view).toBe('factors/webauthn/enrol')
    await addKey(world, browser)
    expect(world.view).toBe('login/consent')
  })

  test('in a live session as well', async () => {
    const { browser } = await signedIn(world, { party, citizen, parameters: { acr_values: 'aal2' } })
    world.travel(600)
    await browser.open(party.authorizationUrl({ acr_values: 'phr' }))
    await browser.open(`${signInOf(browser)}/enrol/webauthn`)
    expect(world.view).toBe('login/password')
    expect(await keysOf(world, citizen)).toBe(0)
  })
})
