import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { openBrowser, type TestBrowser } from '../browser.ts'
import { settingsOf } from '../cabinet/cabinet.ts'
import { type Citizen, startWorld, type World } from '../world.ts'
import { Visitor } from './visitor.ts'

/** The warning before a page of the cabinet closes; the clock is that of the browser alone. */

let world: World
let browser: TestBrowser
let citizen: Citizen
let visitor: Visitor
let page: Page

beforeAll(async () => {
  ;[world, browser] = await Promise.all([startWorld(), openBrowser()])
})
afterAll(async () => {
  await browser?.close()
  await world?.stop()
})
beforeEach(async () => {
  citizen = await world.citizen()
  visitor = await Visitor.arrive(browser, { javaScript: true, width: 320, locale: 'ru', baseUrl: world.origin })
  page = visitor.page
  await page.clock.install()
  await page.goto('/settings')
  await visitor.answer({ identifier: citizen.phone, password: citizen.password }, 'login.submit')
  await visitor.sees('cabinet.settings_title')
})
afterEach(() => visitor.leave())

const dialog = () => page.getByRole('dialog')
const said = () => page.locator('main').textContent()
const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim())

test('comes two minutes before, holds the focus, and staying starts the time anew', async () => {
  await page.clock.fastForward('07:55')
  expect(await dialog().isVisible()).toBe(false)
  await page.clock.fastForward('00:10')
  await dialog().waitFor()
  expect(await dialog().getAttribute('aria-labelledby')).toBe('idle-title')
  expect(await focused()).toBe(visitor.t('cabinet.idle_stay'))
  await page.keyboard.press('Enter')
  await dialog().waitFor({ state: 'hidden' })
  await page.clock.fastForward('07:55')
  expect(await dialog().isVisible()).toBe(false)
  await page.clock.fastForward('00:10')
  await dialog().waitFor()
})

test('when the time is over, a page without anything typed makes way for the sign-in, which says why', async () => {
  world.travel(600)
  await page.clock.fastForward('10:05')
  await visitor.sees('login.again_title')
  expect(await said()).toContain(visitor.t('cabinet.idle_sign_in'))
  expect(await said()).not.toContain(visitor.t('cabinet.idle_kept'))
})

test('neither the way back nor loading it again shows the page after that', async () => {
  await page.goto('/account')
  await page.goto('/services')
  world.travel(600)
  await page.clock.fastForward('10:05')
  await visitor.sees('login.again_title')
  await page.reload()
  await visitor.sees('login.again_title')
  await page.goBack()
  await visitor.sees('login.again_title')
})

test('when the time is over, what was typed stays, out of sight, and survives the sign-in', async () => {
  await page.getByLabel(visitor.t('cabinet.settings_every_sign_in')).check()
  world.travel(605)
  await page.clock.fastForward('10:05')
  await dialog().waitFor()
  expect(await dialog().textContent()).toContain(visitor.t('cabinet.idle_over'))
  expect(await dialog().textContent()).toContain(visitor.t('cabinet.idle_kept'))
  for (const part of ['main', '.app-account']) expect(await page.locator(part).isVisible()).toBe(false)
  await page.keyboard.press('Escape')
  await dialog().waitFor()
  expect(await page.locator('main').isVisible()).toBe(false)
  await visitor.press('cabinet.idle_again')
  await visitor.sees('login.again_title')
  expect(await said()).toContain(`${visitor.t('cabinet.idle_sign_in')} ${visitor.t('cabinet.idle_kept')}`)
  await visitor.answer({ identifier: citizen.phone, password: citizen.password }, 'login.submit')
  await visitor.sees('cabinet.settings_title')
  expect(await page.getByLabel(visitor.t('cabinet.settings_every_sign_in')).isChecked()).toBe(true)
  await visitor.press('cabinet.settings_save')
  await page.getByText(visitor.t('cabinet.settings_done')).waitFor()
})

test('staying when the session is over says so', async () => {
  await page.clock.fastForward('08:05')
  await dialog().waitFor()
  await page.context().clearCookies()
  await visitor.press('cabinet.idle_stay')
  await visitor.sees('login.title')
})

test('where another window went on meanwhile, the page comes back and nothing is sent', async () => {
  await page.getByLabel(visitor.t('cabinet.settings_every_sign_in')).check()
  await page.clock.fastForward('10:05')
  await visitor.press('cabinet.idle_again')
  await dialog().waitFor({ state: 'hidden' })
  expect(await page.getByLabel(visitor.t('cabinet.settings_every_sign_in')).isChecked()).toBe(true)
  expect(await settingsOf(world, citizen)).toMatchObject({ everySignIn: false })
})
