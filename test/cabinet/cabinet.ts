import { makeSettings } from '#src/accounts/settings.ts'
import { systemClock } from '#src/kernel/clock.ts'
import type { Browser } from '../browser-http.ts'
import type { Citizen, World } from '../world.ts'

/** A browser in which that person has opened a page of the cabinet and signed in with a password. */
export async function inCabinet(
  world: World,
  citizen: Citizen,
  path = '/account',
  browser = world.browser(),
): Promise<Browser> {
  await browser.open(path)
  if (browser.page.html.includes('/identify')) await signInAgain(browser, citizen)
  return browser
}

/** Answers the page that asks for the password. */
export const signInAgain = (browser: Browser, { phone, password }: Citizen) =>
  browser.submit({ identifier: phone, password }, '/identify')

export const pathOf = (browser: Browser) => new URL(browser.page.url).pathname

/** Values of the fields as the page shows them, those of radios and boxes only where ticked. */
export function fieldsOf({ page }: Browser): Record<string, string> {
  const inputs = [...page.html.matchAll(/<input\b[^>]*>/g)].map(([tag]) => tag)
  const shown = inputs.filter((tag) => !/type="(hidden|radio|checkbox)"/.test(tag) || / checked\b/.test(tag))
  const of = (tag: string, name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? ''
  return Object.fromEntries(shown.map((tag) => [of(tag, 'name'), of(tag, 'value')]))
}

/** What the owner of an account has chosen. */
export const settingsOf = ({ house }: World, { oid }: Citizen) =>
  makeSettings({ store: house.store, clock: systemClock }).of(oid)
