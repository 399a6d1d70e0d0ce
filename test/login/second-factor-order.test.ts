import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { addApp, appCode } from '../authenticators.ts'
import type { Browser } from '../browser-http.ts'
import { enrol, factorOf } from '../factors/webauthn/enrolled.ts'
import { SoftKey } from '../factors/webauthn/soft-key.ts'
import type { ActingParty } from '../relying-party.ts'
import { SOME, saying } from '../saying.ts'
import { enter, enterCode } from '../signing-in.ts'
import { type Citizen, worldOfFile } from '../world.ts'
import { addKey, signInOf } from './enrolling.ts'

const ADDED = saying('factor.webauthn').source.replaceAll('\\s+', ' ')
const AAL2 = { acr_values: 'aal2' }

const world = worldOfFile()
let party: ActingParty
let citizen: Citizen
beforeAll(async () => {
  party = await world.relyingParty()
})
beforeEach(async () => {
  citizen = await world.citizen()
})

describe('the second factor that is asked for first', () => {
  async function first(browser: Browser = world.browser()): Promise<string> {
    await enter(browser, party, citizen, { ...AAL2, prompt: 'login' })
    return world.view
  }

  test('is the app of whoever has one, and no message is sent', async () => {
    await addApp(world, citizen, world.browser())
    const before = world.sentTo(citizen.phone)
    expect(await first()).toBe('factors/totp/code')
    expect(world.sentTo(citizen.phone)).toBe(before)
  })

  test('is a passkey before that', async () => {
    await addApp(world, citizen, world.browser())
    await enrol(await factorOf(world), citizen, new SoftKey(world.origin))
    expect(await first()).toBe('factors/webauthn/prove')
  })

  test('is the one that was used last in this browser, and in no other', async () => {
    await addApp(world, citizen, world.browser())
    const browser = world.browser()
    await first(browser)
    const before = world.sentTo(citizen.phone)
    await browser.open(`${signInOf(browser)}?with=code`)
    await enterCode(world, browser, citizen, before)
    await browser.submit({ decision: 'allow' }, '/consent')
    expect(await first(browser)).toBe('login/code')
    expect(await first()).toBe('factors/totp/code')
  })

  test('is the one that the owner prefers before all', async () => {
    const secret = await addApp(world, citizen, world.browser())
    const row = { oid: citizen.oid, chosen: JSON.stringify({ preferredFactor: 'code' }), changed_at: new Date() }
    await world.house.store.db.insertInto('account_settings').values(row).execute()
    const browser = world.browser()
    expect(await first(browser)).toBe('login/code')
    world.travel(60)
    await browser.open(`${signInOf(browser)}?with=totp`)
    await browser.submit({ code: appCode(secret) }, '/factor/totp')
    await browser.submit({ decision: 'allow' }, '/consent')
    expect(await first(browser)).toBe('login/code')
  })
})

describe('a code that was sent', () => {
  test('goes on to count for whoever begins again in the same browser, who is told since when', async () => {
    const browser = world.browser()
    await enter(browser, party, citizen, AAL2)
    const code = await world.code(citizen.phone, 0)
    world.travel(20)
    await enter(browser, party, citizen, AAL2)
    expect([browser.page.errors, world.sentTo(citizen.phone)]).toEqual([[], 1])
    expect(browser.page.html).toMatch(saying('login.code_ago', { count: 20 }))
    await browser.submit({ code }, '/factor/code')
    expect(world.view).toBe('login/consent')
  })

  test('has its five tries in all of them together', async () => {
    const browser = world.browser()
    await enter(browser, party, citizen, AAL2)
    const code = await world.code(citizen.phone, 0)
    const wrong = code === '000000' ? '000001' : '000000'
    for (let guess = 0; guess < 5; guess++) {
      await browser.submit({ code: wrong }, '/factor/code')
      expect(browser.page.status).toBe(422)
      if (guess % 2 === 0) await enter(browser, party, citizen, AAL2)
    }
    await browser.submit({ code }, '/factor/code')
    expect(world.view).not.toBe('login/consent')
  })

  test('is worth nothing in another browser', async () => {
    await enter(world.browser(), party, citizen, AAL2)
    const code = await world.code(citizen.phone, 0)
    const other = world.browser()
    await enter(other, party, citizen, AAL2)
    expect(other.page.errors).toEqual([expect.stringMatching(saying('code.sent_elsewhere', { seconds: SOME }))])
    await other.submit({ code }, '/factor/code')
    expect(world.view).toBe('login/code')
  })
})

test('a synced passkey that is added where aal3 is asked for is said to be not enough, before and after', async () => {
  const browser = world.browser()
  await enter(browser, party, citizen, { acr_values: 'aal3' })
  const service = 'Соцвыплаты онлайн'
  expect(browser.page.html).toMatch(saying('login.unmet_text.hardware', { service }))
  await browser.open(`${signInOf(browser)}/enrol/webauthn`)
  await enterCode(world, browser, citizen, 0)
  await addKey(world, browser, new SoftKey(world.origin, { synced: true }))
  expect(world.view).toBe('login/unmet')
  expect(browser.page.html).toMatch(saying('login.unmet_added', { what: ADDED }))
  await browser.submit({}, '/unmet')
  expect(browser.callback.get('error')).toBe('unmet_authentication_requirements')
})
