import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openBrowser, type TestBrowser } from '../browser.ts'
import type { ActingParty } from '../relying-party.ts'
import { type Citizen, startWorld, type World } from '../world.ts'
import { type Callback, startCallback } from './callback.ts'
import { picture } from './picture.ts'
import { Visitor } from './visitor.ts'

let world: World
let callback: Callback
let party: ActingParty
let browser: TestBrowser
let citizen: Citizen
let visitor: Visitor

beforeAll(async () => {
  ;[world, callback, browser] = await Promise.all([startWorld(), startCallback(), openBrowser()])
  party = await world.relyingParty({ redirect_uris: [callback.uri] })
})

afterAll(async () => {
  await browser?.close()
  await callback?.close()
  await world?.stop()
})

beforeEach(async () => {
  citizen = await world.citizen()
})

afterEach(() => visitor.leave())

const arrive = async (options: { javaScript?: boolean; width?: number } = {}) => {
  visitor = await Visitor.arrive(browser, {
    javaScript: true,
    width: 1100,
    locale: 'ru',
    baseUrl: world.origin,
    ...options,
  })
  return visitor.page
}

const credentials = ({ phone, password }: Citizen) => ({ identifier: phone, password })

/** The focused element's `name`, or its text where it has none. */
const focused = () =>
  visitor.page.evaluate(() => {
    const element = document.activeElement
    return element?.getAttribute('name') ?? element?.textContent?.trim() ?? ''
  })

const arrivedBack = () => visitor.page.getByText('Back at the service').waitFor()

describe('by keyboard alone', () => {
  test('one gets from the skip link to the end, and sees where one is', async () => {
    const page = await arrive()
    await page.goto(party.authorizationUrl())
    await page.keyboard.press('Tab')
    expect(await focused()).toBe(visitor.t('layout.skip'))
    expect(await page.locator('.govuk-skip-link').boundingBox()).toMatchObject({ x: expect.any(Number) })
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    expect(await focused()).toBe('identifier')
    expect(await ring()).not.toBe('none')
    await page.keyboard.type(citizen.phone)
    await page.keyboard.press('Tab')
    await page.keyboard.type('not this one')
    await page.keyboard.press('Enter')
    await page.locator('.govuk-error-summary').waitFor()
    expect(await page.evaluate(() => document.activeElement?.className)).toContain('govuk-error-summary')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    expect(await focused()).toBe('identifier')
    await page.keyboard.press('Tab')
    await page.keyboard.type(citizen.password)
    await page.keyboard.press('Tab')
    expect(await focused()).toBe(visitor.t('layout.show_password'))
    await page.keyboard.press('Tab')
    expect(await focused()).toBe(visitor.t('login.submit'))
    expect(await ring()).not.toBe('none')
    await page.keyboard.press('Enter')
    await visitor.sees('consent.title')
    await page.getByRole('button', { name: visitor.t('consent.allow'), exact: true }).focus()
    await page.keyboard.press('Enter')
    await arrivedBack()
  })

  /** What the focused element is surrounded with. */
  function ring(): Promise<string> {
    return visitor.page.evaluate(() => {
      const { outlineStyle, boxShadow } = getComputedStyle(document.activeElement!)
      return outlineStyle === 'none' ? boxShadow : outlineStyle
    })
  }
})

test('the password can be shown and hidden', async () => {
  const page = await arrive({ width: 320 })
  await page.goto(party.authorizationUrl())
  await picture(page, 'sign-in-320px')
  await page.fill('[name=password]', citizen.password)
  const toggle = page.getByRole('button', { name: visitor.t('layout.show_password_label') })
  await toggle.click()
  expect(await page.getAttribute('[name=password]', 'type')).toBe('text')
  await page.getByRole('button', { name: visitor.t('layout.hide_password_label') }).click()
  expect(await page.getAttribute('[name=password]', 'type')).toBe('password')
  await toggle.click()
  await visitor.answer({ identifier: citizen.phone }, 'login.submit')
  await visitor.sees('consent.title')
})

test('reloading and going back in the middle lose nothing', async () => {
  const page = await arrive()
  await page.goto(party.authorizationUrl({ acr_values: 'aal2' }))
  const before = world.sentTo(citizen.phone)
  await page.setViewportSize({ width: 1100, height: 660 })
  await picture(page, 'sign-in-wide')
  await visitor.answer(credentials(citizen), 'login.submit')
  await visitor.sees('code.title.sms')
  await page.reload()
  await visitor.sees('code.title.sms')
  await page.goBack()
  await page.goForward()
  await visitor.sees('code.title.sms')
  expect(world.sentTo(citizen.phone) - before).toBeLessThanOrEqual(1)
  await visitor.answer({ code: await world.code(citizen.phone, before) }, 'login.continue')
  await visitor.sees('consent.title')
  await page.reload()
  await visitor.sees('consent.title')
  await picture(page, 'consent')
  await visitor.press('consent.allow')
  await arrivedBack()
})

test('the language changes in the middle of a sign-in and stays changed', async () => {
  const page = await arrive()
  await page.goto(party.authorizationUrl({ ui_locales: 'ru' }))
  await visitor.sees('login.title')
  await page.getByRole('link', { name: 'Eng' }).click()
  await page.getByRole('heading', { name: 'Sign in', level: 1 }).waitFor()
  await page.fill('[name=identifier]', citizen.phone)
  await page.fill('[name=password]', citizen.password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('button', { name: 'Allow', exact: true }).click()
  await arrivedBack()
})

describe.each([{ javaScript: true }, { javaScript: false }])('scripts: $javaScript', ({ javaScript }) => {
  test('signing in as another person ends the session of the first', async () => {
    const other = await world.citizen()
    const page = await arrive({ javaScript, width: 320 })
    await page.goto(party.authorizationUrl())
    await visitor.answer(credentials(citizen), 'login.submit')
    await visitor.press('consent.allow')
    await arrivedBack()
    await page.goto(party.authorizationUrl({ prompt: 'login' }))
    await visitor.sees('login.again_title')
    await visitor.answer(credentials(other), 'login.submit')
    await visitor.press('consent.allow')
    if (!javaScript) {
      await visitor.sees('oidc.continue_title')
      await visitor.press('oidc.continue')
    }
    await arrivedBack()
    const { body } = await party.redeem(callback.received.at(-1)!.parameters.get('code')!)
    expect((await party.claims(body.id_token)).sub).toBe(String(other.oid))
  })

  test('response_mode=form_post reaches a relying party on another site, marks and spaces unharmed', async () => {
    const state = `"><&amp;'\u00a0+ ж`
    const page = await arrive({ javaScript })
    await page.goto(party.authorizationUrl({ response_mode: 'form_post', state }))
    await visitor.answer(credentials(citizen), 'login.submit')
    await visitor.press('consent.allow')
    if (!javaScript) {
      await visitor.sees('oidc.continue_title')
      await visitor.press('oidc.continue')
    }
    await arrivedBack()
    const { method, parameters } = callback.received.at(-1)!
    expect(method).toBe('POST')
    expect([...parameters.keys()].sort()).toEqual(['code', 'iss', 'state'])
    expect(parameters.get('state')).toBe(state)
    const { status } = await party.redeem(parameters.get('code')!)
    expect(status).toBe(200)
  })

  test('an error goes to the relying party by form_post too', async () => {
    const page = await arrive({ javaScript })
    await page.goto(party.authorizationUrl({ response_mode: 'form_post', prompt: 'none' }))
    if (!javaScript) await visitor.press('oidc.continue')
    await arrivedBack()
    expect(callback.received.at(-1)!.parameters.get('error')).toBe('login_required')
  })
})
