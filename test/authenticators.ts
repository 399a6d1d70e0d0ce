import { generateSync } from 'otplib'
import type { Browser } from './browser-http.ts'
import { enterCode } from './signing-in.ts'
import type { Citizen, World } from './world.ts'

/** Opens a page of the cabinet and signs in as strongly as it asks: the password, then a code by SMS. */
export async function enterCabinet(
  world: World,
  citizen: Citizen,
  path: string,
  browser = world.browser(),
): Promise<Browser> {
  const before = world.sentTo(citizen.phone)
  await browser.open(path)
  if (has(browser, '/identify'))
    await browser.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
  if (browser.page.html.includes('?with=code')) await browser.open(`${browser.page.url.split('?')[0]}?with=code`)
  if (has(browser, '/factor/code')) await enterCode(world, browser, citizen, before)
  return browser
}

/** The key that a page of enrolment shows, in Base32. */
export function shownKey({ page }: Browser): string {
  const key = /<code class="app-key"[^>]*>([\s\S]*?)<\/code>/.exec(page.html)?.[1]
  if (key === undefined) throw new Error(`no key on "${page.title}"`)
  return key.replace(/<[^>]*>|\s/g, '')
}

/** What an authenticator app shows. @param steps of half a minute from now */
export function appCode(secret: string, steps = 0): string {
  return generateSync({ secret, epoch: Math.floor(Date.now() / 1000) + steps * 30 })
}

/** Six digits that no step near now has. */
export function wrongCode(secret: string): string {
  const near = [-2, -1, 0, 1, 2].map((steps) => appCode(secret, steps))
  return ['000000', '111111', '222222', '333333', '444444', '555555'].find((code) => !near.includes(code))!
}

/** Adds an app through the pages; its current code is spent by that. @returns the key */
export async function addApp(world: World, citizen: Citizen, browser: Browser, name = ''): Promise<string> {
  await enterCabinet(world, citizen, '/security/add/totp', browser)
  const secret = shownKey(browser)
  await browser.submit({ code: appCode(secret), name }, '/security/add/totp')
  if (!browser.page.url.endsWith('/security?done=added'))
    throw new Error(`not added: "${browser.page.title}" ${browser.page.errors.join()}`)
  return secret
}

/** Makes recovery codes through the pages. */
export async function addRecoveryCodes(world: World, citizen: Citizen, browser: Browser): Promise<string[]> {
  await enterCabinet(world, citizen, '/security/add/recovery_code', browser)
  await browser.submit({}, '/security/add/recovery_code')
  return shownCodes(browser)
}

export function shownCodes({ page }: Browser): string[] {
  return [...page.html.matchAll(/<li><span class="app-nobreak">([\w-]+)<\/span><\/li>/g)].map(([, code]) => code!)
}

/** The address of a page of one authenticator, as the list shows it. @param what name, remove or lost */
export function addressIn({ page }: Browser, kind: string, what: string): string {
  const found = new RegExp(`href="(/security/${kind}/[^"/]+/${what})"`).exec(page.html)?.[1]
  if (found === undefined) throw new Error(`no ${what} of ${kind} on "${page.title}"`)
  return found
}

/** Sends a body to any address as a form of this browser would, with its CSRF token. */
export function forge(browser: Browser, path: string, fields: Readonly<Record<string, string>> = {}) {
  const { csrf = '' } = browser.form().hidden
  return browser.post(path, new URLSearchParams({ csrf, ...fields }).toString())
}

function has({ page }: Browser, action: string): boolean {
  return new RegExp(`action="[^"]*${action}"`).test(page.html)
}
