import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testCitizens } from '#src/sandbox/citizens.ts'
import { openBrowser, type TestBrowser } from '../browser.ts'
import { picture } from './picture.ts'
import { type Sandbox, startSandbox } from './sandbox.ts'
import { Visitor } from './visitor.ts'

let sandbox: Sandbox
let browser: TestBrowser

beforeAll(async () => {
  ;[sandbox, browser] = await Promise.all([startSandbox(), openBrowser()])
})

afterAll(async () => {
  await browser?.close()
  await sandbox?.stop()
})

const PASSWORD = 'семь мокрых велосипедов'
const provider = { ru: 'Пропуск', en: 'Propusk' }
const names = {
  ru: { familyName: 'Ветрова', givenName: 'Ольга', patronymic: 'Игоревна' },
  en: { familyName: 'Whitmore', givenName: 'Jane', patronymic: '' },
}

/** Each person goes to the demo on one of its two hosts: the site of the provider, or another. */
const people = [
  { locale: 'ru', javaScript: true, phone: '+79161110001', email: 'olga@example.org', site: 'crossSiteParty' },
  { locale: 'en', javaScript: false, phone: '+79161110002', email: 'jane@example.org', site: 'party' },
] as const

describe.each(people)(
  'on a telephone, in $locale, scripts: $javaScript',
  ({ locale, javaScript, phone, email, site }) => {
    test('one registers, signs out, signs in, steps up, refreshes and signs out', async () => {
      const start = sandbox[site]
      const visitor = await Visitor.arrive(browser, { javaScript, width: 320, phone: true, locale, baseUrl: start })
      const { page } = visitor

      await page.goto('/')
      await visitor.press('sandbox.sign_in', { provider: provider[locale] })
      await visitor.sees('login.title')
      await visitor.follow('login.register')
      await register(visitor, { locale, phone, email })

      await visitor.sees('consent.title')
      expect(await page.textContent('main')).toContain(names[locale].familyName)
      await visitor.press('consent.allow')
      await visitor.sees('sandbox.greeting', { name: `${names[locale].givenName} ${names[locale].patronymic}`.trim() })
      expect(new URL(page.url()).origin).toBe(start)
      expect(await page.inputValue('[name=phone]')).toBe(phone)
      expect(await page.textContent('main')).toContain('aal2')
      await signOut(visitor)

      await visitor.press('sandbox.sign_in', { provider: provider[locale] })
      await visitor.sees('login.title')
      await visitor.answer({ identifier: phone, password: 'not this one' }, 'login.submit')
      await visitor.sees('login.title')
      expect(await page.inputValue('[name=identifier]')).toBe(phone)
      expect(await page.inputValue('[name=password]')).toBe('')
      await visitor.answer({ password: PASSWORD }, 'login.submit')
      await page.getByText('aal1').first().waitFor()

      const before = await sandbox.sentTo(phone)
      await visitor.press('sandbox.step_up')
      await visitor.sees('code.title.sms')
      await visitor.answer({ code: await sandbox.code(phone, before) }, 'login.continue')
      await page.getByText(visitor.t('sandbox.notice_stepped_up')).waitFor()
      await visitor.press('sandbox.refresh')
      await page.getByText(visitor.t('sandbox.notice_refreshed')).waitFor()
      await signOut(visitor)
      await visitor.leave()
    }, 60_000)
  },
)

async function register(
  visitor: Visitor,
  { locale, phone, email }: { locale: 'ru' | 'en'; phone: string; email: string },
): Promise<void> {
  const { page } = visitor
  const go = 'registration.continue'
  await visitor.sees('registration.phone_title')
  await visitor.answer({ phone }, 'registration.send_code')
  await visitor.sees('registration.phone_code_title')
  await visitor.answer({ code: await codeOnOutboxPage(visitor, phone) }, go)
  await visitor.sees('registration.email_title')
  await visitor.answer({ email }, 'registration.send_code')
  await visitor.sees('registration.email_code_title')
  await visitor.answer({ code: await sandbox.code(email) }, go)
  await visitor.sees('registration.name_title')
  await visitor.answer(names[locale], go)
  await visitor.sees('registration.birth_date_title')
  await visitor.answer({ birthDate: '12.04.1990' }, go)
  await page.getByLabel(visitor.t('registration.gender_female'), { exact: true }).check()
  await visitor.press(go)
  await visitor.sees('registration.password_title')
  await visitor.answer({ password: PASSWORD }, go)
  await visitor.sees('registration.check_title')
  if (locale === 'ru') await picture(page, 'registration-check-320px')
  await page.getByLabel(visitor.t('registration.consent_label')).check()
  await visitor.press('registration.finish')
}

/** Reads the code as a person would: on the outbox's page, in another tab. */
async function codeOnOutboxPage({ page }: Visitor, to: string): Promise<string> {
  await sandbox.code(to)
  const tab = await page.context().newPage()
  await tab.goto(sandbox.outbox)
  await tab.fill('[name=to]', to)
  await tab.keyboard.press('Enter')
  await tab.waitForURL(/to=/)
  const text = (await tab.locator('article').first().textContent()) ?? ''
  await tab.close()
  return /\b\d{6}\b/.exec(text)?.[0] ?? ''
}

async function signOut(visitor: Visitor): Promise<void> {
  await visitor.press('sandbox.sign_out')
  await visitor.sees('oidc.logout_title')
  await visitor.press('oidc.logout_all')
  await visitor.page.getByText(visitor.t('sandbox.signed_out')).waitFor()
}

test('a test citizen refuses to hand data over, and is told so by the demo', async () => {
  const { phone, password } = testCitizens[0]!
  const visitor = await Visitor.arrive(browser, { javaScript: true, width: 1100, locale: 'ru', baseUrl: sandbox.party })
  await visitor.page.goto('/')
  await visitor.press('sandbox.sign_in', { provider: 'Пропуск' })
  await visitor.answer({ identifier: phone, password }, 'login.submit')
  await visitor.sees('consent.title')
  await visitor.press('consent.deny')
  await visitor.sees('sandbox.failure')
  await visitor.page.getByText(visitor.t('sandbox.failure_access_denied')).waitFor()
  await visitor.leave()
})
