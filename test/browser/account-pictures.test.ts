import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { appCode } from '../authenticators.ts'
import { openBrowser, type TestBrowser } from '../browser.ts'
import { type Citizen, startWorld, type World } from '../world.ts'
import { picture } from './picture.ts'
import { VirtualKey } from './virtual-key.ts'
import { Visitor } from './visitor.ts'

let world: World
let browser: TestBrowser
let citizen: Citizen
let visitor: Visitor

beforeAll(async () => {
  ;[world, browser] = await Promise.all([startWorld(), openBrowser()])
  citizen = await world.citizen()
})
afterAll(async () => {
  await browser?.close()
  await world?.stop()
})
afterEach(() => visitor.leave())

async function arrive(width: number) {
  visitor = await Visitor.arrive(browser, { javaScript: true, width, locale: 'ru', baseUrl: world.origin })
  return visitor.page
}

test('an owner adds a passkey, then an app, and sees both and where the account is open', async () => {
  const page = await arrive(960)
  const before = world.sentTo(citizen.phone)
  await page.goto('/security/add/webauthn')
  await visitor.answer({ identifier: citizen.phone, password: citizen.password }, 'login.submit')
  await visitor.answer({ code: await world.code(citizen.phone, before) }, 'login.continue')
  await VirtualKey.plugIn(page, { synced: true })
  await visitor.answer({ name: 'Мой телефон' }, 'webauthn.enrol_submit')
  await visitor.sees('security.title')

  await page.goto('/security/add/totp')
  await visitor.sees('totp.enrol_title')
  expect(await page.locator('img.app-picture').count()).toBe(1)
  await picture(page, 'app-enrolment')
  const secret = ((await page.locator('.app-key').textContent()) ?? '').replace(/\s/g, '')
  await visitor.answer({ code: appCode(secret), name: 'Планшет' }, 'totp.enrol_submit')
  await visitor.sees('security.title')
  for (const name of ['Мой телефон', 'Планшет']) await page.getByText(name).first().waitFor()
  await picture(page, 'security', { whole: false })
  await page.goto('/security/sessions')
  await visitor.sees('cabinet.sessions_title')
  await picture(page, 'sessions')
})

test('who has lost the password chooses what else proves them, on a narrow page', async () => {
  const page = await arrive(320)
  const before = world.sentTo(citizen.phone)
  await page.goto('/recovery')
  await visitor.answer({ identifier: citizen.phone }, 'recovery.send_code')
  await visitor.sees('recovery.code_title')
  await visitor.answer({ code: await world.code(citizen.phone, before) }, 'recovery.continue')
  await visitor.sees('recovery.ways_title')
  await picture(page, 'recovery-320px')
})
