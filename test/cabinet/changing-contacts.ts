import { expect, vi } from 'vitest'
import type { Outgoing } from '#src/notifications/channels.ts'
import type { Browser } from '../browser-http.ts'
import { type Citizen, type Sent, startWorld, type World } from '../world.ts'

export const PHONE = '/account/contacts/phone'
export const EMAIL = '/account/contacts/email'
export const LOST = '/account/contacts/lost-phone'

let numbers = 0
export const freshPhone = () => `+7927${3_000_000 + ++numbers}`

/** A second process on the database of a world; what it sends arrives in `world.sent`. */
export function startBeside(world: World): Promise<World> {
  const received = (channel: Sent['channel']) => ({
    send: async (message: Outgoing) => world.received({ channel, ...message }),
  })
  const channels = { sms: received('sms'), mail: received('mail') }
  return startWorld({ beside: world, replacements: { channels } })
}

/** Signs in as far as the page asks for it. */
export async function at(world: World, path: string, person: Citizen, browser = world.browser()): Promise<Browser> {
  const contact = person.phone || person.email
  const before = world.sentTo(contact)
  await browser.open(path)
  if (world.view === 'login/password')
    await browser.submit({ identifier: contact, password: person.password }, '/identify')
  if (world.view === 'login/code') await browser.submit({ code: await world.code(contact, before) }, '/factor/code')
  return browser
}

/** Up to the page that asks for the code, which has been sent. */
export async function proposed(
  world: World,
  person: Citizen,
  kind: 'phone' | 'email',
  value: string,
  browser = world.browser(),
): Promise<Browser> {
  await at(world, kind === 'phone' ? PHONE : EMAIL, person, browser)
  await browser.submit({ [kind]: value }, `/${kind}`)
  expect(world.view).toBe('cabinet/contact-code')
  return browser
}

/** Enters the code that was sent to a new contact. @param after how many messages to it came before */
export const enter = async (world: World, browser: Browser, value: string, after = 0) =>
  browser.submit({ code: await world.code(value, after) }, '/code')

export async function contactsOf(world: World, { oid }: Citizen) {
  const { phone, email } = await world.house.accounts.read(oid)
  return { phone, email }
}

/** The link of the newest notice that has one to this path; waits for it. */
export function linkTo(world: World, to: string, path: string): Promise<string> {
  return vi.waitFor(() => {
    const texts = world.sent.filter(({ recipient }) => recipient === to).map(({ text }) => text)
    const found = texts.map((text) => new RegExp(`\\S+/${path}/\\S+`).exec(text)?.[0]).find(Boolean)
    if (found === undefined) throw new Error(`no link to ${path} for ${to}`)
    return found
  }, 10_000)
}
