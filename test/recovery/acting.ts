import { vi } from 'vitest'
import { addApp, appCode } from '../authenticators.ts'
import type { Browser, Shown } from '../browser-http.ts'
import type { Citizen, World } from '../world.ts'

export const NEW_PASSWORD = 'ржавый якорь поёт громко'

/** Begins a recovery in a browser, as far as the page of the code. */
export async function begin(browser: Browser, identifier: string, from = '/recovery'): Promise<Shown> {
  await browser.open(from)
  return browser.submit({ identifier }, '/recovery')
}

/** Begins a recovery and types the code that came. */
export async function proven(world: World, browser: Browser, identifier: string): Promise<Shown> {
  const before = world.sentTo(identifier)
  await begin(browser, identifier)
  return browser.submit({ code: await world.code(identifier, before) }, '/recovery/code')
}

/** The link of the newest mail that has one. */
export function mailedLink(world: World, email: string, path = 'recovery/link'): Promise<string> {
  return vi.waitFor(
    () => {
      const texts = world.sent.filter(({ recipient }) => recipient === email).map(({ text }) => text)
      const link = texts.map((text) => new RegExp(`https?:\\S+/${path}/[\\w-]+`).exec(text)?.[0]).find(Boolean)
      if (link === undefined) throw new Error(`no link among ${texts.length} messages to ${email}`)
      return link
    },
    { timeout: 5_000, interval: 10 },
  )
}

/** Asks for the code to the other contact, and types it. */
export async function proveOther(world: World, browser: Browser, contact: string): Promise<Shown> {
  const before = world.sentTo(contact)
  await browser.open('/recovery/further?with=code')
  await browser.submit({}, '/send')
  return browser.submit({ code: await world.code(contact, before) }, '/factor/code')
}

/** From nothing to the page of the new password, with a code to either contact. */
export async function provenTwice(world: World, browser: Browser, citizen: Citizen): Promise<Shown> {
  await proven(world, browser, citizen.email)
  return proveOther(world, browser, citizen.phone)
}

export const matches = (world: World, { oid }: Citizen, password: string) =>
  world.house.passwords.matches(oid, password)

/** An authenticator app of the account. @returns the code that it shows now */
export async function withApp(world: World, citizen: Citizen): Promise<() => string> {
  const secret = await addApp(world, citizen, world.browser())
  return () => appCode(secret)
}

/** Sends a form of a page to another address, as a forged page or a curious person would. */
export function postTo(browser: Browser, path: string, fields: Record<string, string> = {}): Promise<Shown> {
  return browser.post(path, new URLSearchParams({ ...browser.form().hidden, ...fields }).toString())
}
