import type { Browser } from '../browser-http.ts'
import { type Ceremony, SoftKey } from '../factors/webauthn/soft-key.ts'
import type { Citizen, World } from '../world.ts'

/** What the page hands to the browser for a key. */
export function keyOptions(browser: Browser): Ceremony & { user: { id: string } } {
  const [, options] = /data-options="([^"]*)"/.exec(browser.page.html) ?? []
  if (options === undefined) throw new Error(`no key is asked for on "${browser.page.title}"`)
  return JSON.parse(options.replaceAll('&quot;', '"'))
}

/** Answers the page that adds a key. */
export async function addKey(
  world: World,
  browser: Browser,
  key = new SoftKey(world.origin),
): Promise<{ key: SoftKey; credential: string }> {
  const credential = key.create(keyOptions(browser))
  await browser.submit({ credential, name: 'Ключ' }, '/enrol/webauthn')
  return { key, credential }
}

/** Answers the page of a code that was sent. @param after how many messages to the phone came before */
export async function confirmByCode(world: World, browser: Browser, citizen: Citizen, after: number): Promise<void> {
  await browser.submit({ code: await world.code(citizen.phone, after) }, '/factor/code')
}

/** Sends a body as the form of the page that is shown would, its CSRF token included. */
export function forge(browser: Browser, path: string, fields: Readonly<Record<string, string>> = {}) {
  const { csrf = '' } = browser.form().hidden
  return browser.post(path, new URLSearchParams({ csrf, ...fields }).toString())
}

/** The path of the sign-in that the browser is in. */
export function signInOf(browser: Browser): string {
  const [path] = /^\/login\/[^/?]+/.exec(new URL(browser.page.url).pathname) ?? []
  if (path === undefined) throw new Error(`"${browser.page.title}" is no page of a sign-in`)
  return path
}

/** How many keys the account has. */
export async function keysOf(world: World, { oid }: Citizen): Promise<number> {
  const all = await world.house.authenticators.list(oid)
  return all.filter(({ kind }) => kind === 'webauthn').length
}
