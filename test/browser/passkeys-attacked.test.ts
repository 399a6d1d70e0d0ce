import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { addressIn, enterCabinet } from '../authenticators.ts'
import { openBrowser, type TestBrowser } from '../browser.ts'
import type { Browser } from '../browser-http.ts'
import { keyOptions, keysOf, signInOf } from '../login/enrolling.ts'
import type { ActingParty } from '../relying-party.ts'
import { saying } from '../saying.ts'
import { enter } from '../signing-in.ts'
import { type Citizen, startWorld, type World } from '../world.ts'
import { made, type Options, proven, startStrangersSite } from './ceremony.ts'
import { type Habits, VirtualKey } from './virtual-key.ts'
import { Visitor } from './visitor.ts'

const ADD = '/security/add/webauthn'

let world: World
let party: ActingParty
let chromium: TestBrowser
let stranger: Awaited<ReturnType<typeof startStrangersSite>>
let citizen: Citizen
/** Where the owner's key is plugged in. */
let page: Page

beforeAll(async () => {
  ;[world, chromium, stranger] = await Promise.all([startWorld(), openBrowser(), startStrangersSite()])
  party = await world.relyingParty()
})
afterAll(async () => {
  await chromium?.close()
  await stranger?.close()
  await world?.stop()
})
beforeEach(async () => {
  citizen = await world.citizen()
  page = await newPage()
})
afterEach(() => page.context().close())

async function newPage(): Promise<Page> {
  const opened = await chromium.newPage({ javaScript: true, width: 800, locale: 'ru', baseUrl: world.origin })
  await opened.goto('/registration')
  return opened
}

/** Adds a key of the real browser to an account. @returns the form that was sent */
async function enrol(habits: Habits = {}, at = page, owner = citizen) {
  const key = await VirtualKey.plugIn(at, habits)
  const cabinet = await enterCabinet(world, owner, ADD)
  const credential = await made(at, keyOptions(cabinet) as unknown as Options)
  const { hidden } = cabinet.form(ADD)
  await cabinet.submit({ credential, name: 'Ключ' }, ADD)
  expect(cabinet.page.url).toMatch(/done=added/)
  return { key, cabinet, sent: { ...hidden, credential, name: 'Ключ' } }
}

/** Somebody who knows the password is asked for the key. */
async function asked(acr = 'aal2'): Promise<{ browser: Browser; options: Options }> {
  const browser = world.browser()
  await enter(browser, party, citizen, { acr_values: acr })
  expect(world.view).toBe('factors/webauthn/prove')
  return { browser, options: keyOptions(browser) as unknown as Options }
}

const answer = (browser: Browser, credential: string) => browser.submit({ credential }, '/factor/webauthn')

/** That nothing but what a test names was in the way. */
async function passes(at = page): Promise<void> {
  const { browser, options } = await asked()
  await answer(browser, await proven(at, options))
  expect(world.view).not.toBe('factors/webauthn/prove')
}

function refused(browser: Browser, code: string): void {
  expect([browser.page.status, world.view]).toEqual([422, 'factors/webauthn/prove'])
  expect(browser.page.html).toMatch(saying(code))
}

describe('a page of somebody else that relays what we ask', () => {
  test('gets an answer on another port of our host, which is worth nothing', async () => {
    await enrol()
    const { browser, options } = await asked()
    await page.goto(stranger.at('localhost'))
    await answer(browser, await proven(page, options))
    refused(browser, 'webauthn.wrong')
    await page.goto('/registration')
    await passes()
  })

  test('gets none at the number of our host: the browser itself refuses', async () => {
    await enrol()
    const { options } = await asked()
    await page.goto(stranger.at('127.0.0.1'))
    await expect(proven(page, options)).rejects.toThrow(/SecurityError/)
    const { rpId: _none, ...own } = options
    await expect(proven(page, own)).rejects.toThrow(/SecurityError|NotAllowedError/)
  })

  test('makes no key for the account', async () => {
    await VirtualKey.plugIn(page)
    const cabinet = await enterCabinet(world, citizen, ADD)
    await page.goto(stranger.at('localhost'))
    await cabinet.submit({ credential: await made(page, keyOptions(cabinet) as unknown as Options), name: '' }, ADD)
    expect([cabinet.page.status, await keysOf(world, citizen)]).toEqual([422, 0])
    expect(cabinet.page.html).toMatch(saying('webauthn.wrong'))
  })
})

describe('a key that does not verify its user', () => {
  test('opens no account by itself, however the page was changed to ask', async () => {
    await enrol()
    const browser = world.browser()
    await browser.open(party.authorizationUrl())
    const form = browser.form('/open/webauthn')
    await browser.open(form.action, { Accept: 'application/json' })
    const options = JSON.parse(browser.page.html) as Options
    expect(options.userVerification).toBe('required')
    const credential = await proven(page, { ...options, userVerification: 'discouraged' })
    await browser.post(form.action, new URLSearchParams({ ...form.hidden, credential }).toString())
    expect([browser.page.status, world.view]).toEqual([422, 'login/password'])
    expect(browser.page.html).toMatch(saying('webauthn.unverified'))
  })

  test('reaches no aal3 beside the password', async () => {
    await enrol({ verifiesUser: false })
    const browser = world.browser()
    await enter(browser, party, citizen, { acr_values: 'aal3' })
    expect(world.view).toBe('login/unmet')
    await browser.open(`${signInOf(browser)}?with=webauthn`)
    expect(world.view).toBe('login/unmet')
    await passes()
  })
})

describe('an answer', () => {
  test('counts once: not again in the next sign-in, nor for what another one asked', async () => {
    await enrol()
    const first = await asked()
    const credential = await proven(page, first.options)
    const second = await asked()
    await answer(second.browser, credential)
    refused(second.browser, 'webauthn.expired')
    await answer(first.browser, credential)
    expect(world.view).not.toBe('factors/webauthn/prove')
    const third = await asked()
    await answer(third.browser, credential)
    refused(third.browser, 'webauthn.expired')
  })

  test('is too late after five minutes', async () => {
    await enrol()
    const { browser, options } = await asked()
    const credential = await proven(page, options)
    world.travel(301)
    await answer(browser, credential)
    refused(browser, 'webauthn.expired')
  })

  test('of a key that another account has is none', async () => {
    await enrol()
    const elsewhere = await newPage()
    await enrol({}, elsewhere, await world.citizen())
    const { browser, options } = await asked()
    const { allowCredentials: _named, ...any } = options
    await answer(browser, await proven(elsewhere, any))
    refused(browser, 'webauthn.wrong')
    await elsewhere.context().close()
    await passes()
  })

  test('of a copy whose counter lags behind is refused, and then the key too', async () => {
    const { key } = await enrol({ verifiesUser: false })
    await passes()
    // Asked after the last answer, not at the same moment: two answers that cross are no copy.
    world.travel(1)
    const { browser, options } = await asked()
    await key.becomeCopy(0)
    await answer(browser, await proven(page, options))
    refused(browser, 'webauthn.copied')
    await enter(world.browser(), party, citizen, { acr_values: 'aal2' })
    expect(world.view).toBe('login/code')
  })
})

describe('the form that added a key, sent again', () => {
  test('adds nothing, neither beside the key nor after its removal', async () => {
    const { cabinet, sent } = await enrol()
    const again = async () => {
      await cabinet.post(ADD, new URLSearchParams(sent).toString())
      expect([cabinet.page.status, world.view]).toEqual([422, 'factors/webauthn/enrol'])
      expect(cabinet.page.html).toMatch(saying('webauthn.expired'))
    }
    // The key is the strongest that there is now: the cabinet asks for it.
    await cabinet.open('/security/add/totp')
    await answer(cabinet, await proven(page, keyOptions(cabinet) as unknown as Options))
    await again()
    expect(await keysOf(world, citizen)).toBe(1)
    await cabinet.open('/security')
    await cabinet.open(addressIn(cabinet, 'webauthn', 'remove'))
    await cabinet.submit({}, '/remove')
    await again()
    expect(await keysOf(world, citizen)).toBe(0)
  })
})

test('a key that was removed on its page in the cabinet opens nothing any more, though the browser still has it', async () => {
  const visitor = await Visitor.arrive(chromium, { javaScript: true, width: 1100, locale: 'ru', baseUrl: world.origin })
  const { page: own } = visitor
  // As in a browser that has no passkeys in its autofill: nothing happens before the button is pressed.
  await own.addInitScript(() => {
    PublicKeyCredential.isConditionalMediationAvailable = async () => false
  })
  await own.goto('/registration')
  const { key } = await enrol({}, own)
  await own.goto('/security')
  await visitor.press('webauthn.open')
  await visitor.sees('security.title')
  await own.locator('a[href*="/webauthn/"][href$="/remove"]').click()
  await visitor.sees('security.remove_title')
  await visitor.press('security.remove_submit')
  await visitor.sees('security.title')
  expect([await keysOf(world, citizen), (await key.credentials()).length]).toEqual([0, 1])
  await own.context().clearCookies()
  await own.goto('/security')
  await visitor.press('webauthn.open')
  await own.getByText(visitor.t('webauthn.wrong')).first().waitFor()
  await visitor.leave()
})
