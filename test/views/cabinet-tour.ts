import type { Locale } from '#src/kernel/locale.ts'
import type { Browser } from '../browser-http.ts'
import { signedIn } from '../signing-in.ts'
import type { World } from '../world.ts'

/** One's own data, settings, services and the ways out. */
export async function cabinetTour(
  { world, locale }: { readonly world: World; readonly locale: Locale },
  keep: (state: string, browser: Browser) => void,
): Promise<void> {
  const citizen = await world.citizen()
  const party = await world.relyingParty()
  const parameters = { scope: 'openid profile email phone offline_access', prompt: 'consent' }
  const { browser } = await signedIn(world, { browser: world.browser({ locale }), party, citizen, parameters })
  await browser.open(`${world.origin}/account`)
  keep('own data', browser)
  await browser.open('/settings')
  keep('untouched', browser)
  await browser.submit({ locale: 'xx' }, '/settings')
  keep('refused', browser)
  await browser.submit({ locale, idleMinutes: '5' }, '/settings')
  keep('saved', browser)
  await browser.open('/services')
  keep('one', browser)
  const [, href] = /href="(\/services\/[\w-]{43})"/.exec(browser.page.html) ?? []
  await browser.open(href!)
  keep('asked', browser)
  await browser.submit({}, href)
  keep('withdrawn', browser)
  await browser.open(href!)
  keep('not found', browser)
  await browser.open('/services')
  keep('none', browser)
  await leave({ browser, keep })
}

async function leave({ browser, keep }: { browser: Browser; keep: (state: string, browser: Browser) => void }) {
  await browser.open('/sign-out')
  keep('asked', browser)
  await browser.submit({}, '/sign-out')
  keep('undecided', browser)
  await browser.submit({ where: 'everywhere' }, '/sign-out')
  keep('everywhere', browser)
}
