import type { Locale } from '#src/kernel/locale.ts'
import type { Browser } from '../browser-http.ts'
import { answering, arriving, documentFields, strongly } from '../cabinet/identity/rig.ts'
import { citizen as madeUp } from '../proofing/rig.ts'
import type { World } from '../world.ts'

interface Tour {
  readonly world: World
  readonly locale: Locale
}
type Keep = (state: string, browser: Browser) => void

/** The way to standard and to verified, what is refused on it, and what was before. */
export async function identityTour(tour: Tour, keep: Keep): Promise<void> {
  await questions(tour, keep)
  await refused(tour, keep)
  await confirmed(tour, keep)
}

/** Each citizen of the sandbox has one account at most, and the tour is walked in two languages. */
const cast = {
  ru: { refused: 'snils-suspended', confirmed: 'maria' },
  en: { refused: 'snils-annulled', confirmed: 'timur' },
} as const

async function questions({ world, locale }: Tour, keep: Keep): Promise<void> {
  const { browser } = await arriving(world, 'hyphen', '/account/identity', locale)
  keep('untouched', browser)
  const ask = asking(browser, keep)
  await ask('name', { familyName: '1', givenName: '', patronymic: '' })
  await ask('birth-date', { birthDate: '31.02.1990' })
  await ask('gender', { gender: 'none' })
  await ask('document', {})
  for (const kind of ['passport_rf', 'temporary_certificate', 'foreign_passport', 'residence_permit'])
    await ask(`document/${kind}`, {})
  await ask('snils', { snils: '1' })
  await ask('actual-address', { text: '', postcode: '1' })
  await browser.open('/account/identity/letter')
  keep('too early', browser)
  await browser.open('/account/requests')
  keep('none', browser)
  await browser.open('/account/history')
  keep('none', browser)
}

/** Shows a question and refuses a wrong answer to it. */
const asking = (browser: Browser, keep: Keep) => async (path: string, wrong: Record<string, string>) => {
  await browser.open(`/account/identity/${path}`)
  keep('empty', browser)
  await browser.submit(wrong)
  keep('refused', browser)
}

async function refused({ world, locale }: Tour, keep: Keep): Promise<void> {
  const code = cast[locale].refused
  const { citizen, browser } = await arriving(world, code, '/account/identity', locale)
  await browser.open('/account/identity/document/passport_rf')
  await browser.submit(documentFields(code))
  await browser.open('/account/identity')
  keep('begun', browser)
  await answering(world, browser, citizen, code)
  keep('filled in', browser)
  await browser.submit({}, '/check')
  keep('refused', browser)
  await browser.open('/account/identity')
  keep('refused', browser)
  await browser.open('/account/requests')
  keep('refused', browser)
}

async function confirmed({ world, locale }: Tour, keep: Keep): Promise<void> {
  const code = cast[locale].confirmed
  const { citizen, browser } = await arriving(world, code, '/account/identity', locale)
  await answering(world, browser, citizen, code)
  await browser.submit({}, '/check')
  keep('confirmed', browser)
  const ask = asking(browser, keep)
  await ask('inn', { inn: '1' })
  await ask('address', { text: '', postcode: '1' })
  await browser.open('/account/identity/letter')
  keep('without an address', browser)
  await browser.open('/account/identity/address')
  const { text, postcode = '' } = madeUp(code).address!
  await browser.submit({ text, postcode }, '/address')
  await strongly(world, browser, citizen)
  await browser.submit({}, '/check')
  await browser.open('/account/identity/letter')
  keep('to be ordered', browser)
  await browser.submit({}, '/order')
  keep('letter ordered', browser)
  const { url } = browser.page
  await browser.open(`${url}/code`)
  keep('asked', browser)
  await browser.submit({ code: '1' }, '/code')
  keep('refused', browser)
  await browser.open('/account/identity/letter')
  keep('on its way', browser)
  await browser.open('/account/identity')
  keep('standard', browser)
  await browser.open('/account?open=snils')
  keep('opened', browser)
  await browser.open('/account/history')
  keep('some', browser)
  await undoTour({ browser, keep })
}

/** Only what was another value before can be gone back to. */
async function undoTour({ browser, keep }: { browser: Browser; keep: Keep }): Promise<void> {
  await browser.open('/account/identity/actual-address')
  for (const text of ['г. Казань, ул. Баумана, д. 1', 'г. Казань, ул. Баумана, д. 2']) {
    await browser.open('/account/identity/actual-address')
    await browser.submit({ text, postcode: '' }, '/actual-address')
    await browser.submit({}, '/check')
  }
  await browser.open('/account/history')
  keep('undoable', browser)
  const [href] = /\/account\/history\/\d+/.exec(browser.page.html)!
  await browser.open(href)
  keep('asked', browser)
}
