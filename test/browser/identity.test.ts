import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openBrowser, type TestBrowser } from '../browser.ts'
import { documentFields } from '../cabinet/identity/rig.ts'
import { citizen as madeUp, registeredAs } from '../proofing/rig.ts'
import { type Citizen, startWorld, type World } from '../world.ts'
import { picture } from './picture.ts'
import { Visitor } from './visitor.ts'

let world: World
let browser: TestBrowser
let visitor: Visitor

beforeAll(async () => {
  ;[world, browser] = await Promise.all([startWorld(), openBrowser()])
})
afterAll(async () => {
  await browser?.close()
  await world?.stop()
})
afterEach(() => visitor.leave())

async function arrive(citizen: Citizen, options: { javaScript: boolean; width: number; locale: 'ru' | 'en' }) {
  visitor = await Visitor.arrive(browser, { ...options, baseUrl: world.origin })
  await visitor.page.goto('/account/identity')
  await visitor.answer({ identifier: citizen.phone, password: citizen.password }, 'login.submit')
  await visitor.sees('identity.title')
  return visitor.page
}

async function secondFactor({ phone }: Citizen, before: number): Promise<void> {
  await visitor.answer({ code: await world.code(phone, before) }, 'login.continue')
}

test('in Russian on a telephone without scripts: as far as a refusal that says what to do', async () => {
  const citizen = await world.citizen({ person: registeredAs('snils-suspended') })
  const page = await arrive(citizen, { javaScript: false, width: 360, locale: 'ru' })
  const before = world.sentTo(citizen.phone)
  await page.locator('a.govuk-button').click()
  await visitor.sees('identity.document_title')
  await page.getByLabel(visitor.t('documents.kind.passport_rf')).check()
  await visitor.press('identity.save')
  await visitor.answer(documentFields('snils-suspended'), 'identity.save')
  await page.goto('/account/identity')
  await visitor.sees('identity.title')
  await picture(page, 'identity-tasks-360px')
  await page.locator('a.govuk-button').click()
  await visitor.answer({ snils: madeUp('snils-suspended').snils! }, 'identity.save')
  await secondFactor(citizen, before)
  await visitor.sees('identity.check_title')
  await visitor.press('identity.send')
  await page.getByText(visitor.t('requests.reason.snils.suspended')).first().waitFor()
  await picture(page, 'request-refused-360px')
})

test('in English with scripts: standard, then an address out of the suggestions', async () => {
  const citizen = await world.citizen({ person: registeredAs('maria') })
  const page = await arrive(citizen, { javaScript: true, width: 960, locale: 'en' })
  const before = world.sentTo(citizen.phone)
  await page.goto('/account/identity/document/passport_rf')
  await visitor.answer(documentFields('maria'), 'identity.save')
  await visitor.answer({ snils: madeUp('maria').snils! }, 'identity.save')
  await secondFactor(citizen, before)
  await visitor.press('identity.send')
  await page.getByText(visitor.t('requests.confirmed_text')).waitFor()

  await page.goto('/account/identity/address')
  await page.locator('[name=text]').pressSequentially('Садовая 5')
  const line = 'Заречная область, г. Приозёрск-на-Каме, ул. Садовая, д. 5'
  await page.locator(`datalist option[value="${line}"]`).waitFor({ state: 'attached' })
  await page.fill('[name=text]', line)
  expect(await page.inputValue('[name=postcode]')).toBe('000100')
  await visitor.answer({ text: `${line}, кв. 12` }, 'identity.save')
  await visitor.press('identity.send')
  await page.getByText(visitor.t('requests.confirmed_text')).waitFor()
  await page.goto('/account/identity')
  await visitor.sees('identity.title')
  await page.getByText(visitor.t('identity.next.prove')).waitFor()
})
