import { vi } from 'vitest'
import { CONSENT_VERSION } from '#src/registration/consent.ts'
import type { Browser, Shown } from '../browser-http.ts'
import type { World } from '../world.ts'

/** A person about to register. */
export interface Newcomer {
  readonly phone: string
  /** Skipped where it is missing. */
  readonly email?: string
  readonly familyName: string
  readonly givenName: string
  readonly patronymic: string
  readonly birthDate: string
  readonly gender: 'female' | 'male'
  readonly password: string
}

export const newcomer: Newcomer = {
  phone: '+79261112233',
  email: 'newcomer@example.org',
  familyName: 'Соловьёва',
  givenName: 'Анна',
  patronymic: 'Павловна',
  birthDate: '03.02.1988',
  gender: 'female',
  password: 'янтарный чайник Енисея',
}

/** The pages of the wizard in their order, and what this person answers there. */
const answers: readonly {
  readonly page: string
  readonly fields: (world: World, person: Newcomer, before: Before) => Promise<Record<string, string>>
}[] = [
  { page: '/registration', fields: async () => ({}) },
  { page: '/registration/phone', fields: async (_world, { phone }) => ({ phone }) },
  {
    page: '/registration/phone-code',
    fields: async (world, { phone }, before) => ({ code: await world.code(phone, before.phone) }),
  },
  {
    page: '/registration/email',
    fields: async (_world, { email }) => ({ email: email ?? '', ...(email === undefined && { skip: 'yes' }) }),
  },
  {
    page: '/registration/email-code',
    fields: async (world, { email }, before) => ({ code: await world.code(email ?? '', before.email) }),
  },
  {
    page: '/registration/name',
    fields: async (_world, { familyName, givenName, patronymic }) => ({ familyName, givenName, patronymic }),
  },
  { page: '/registration/birth-date', fields: async (_world, { birthDate }) => ({ birthDate }) },
  { page: '/registration/gender', fields: async (_world, { gender }) => ({ gender }) },
  { page: '/registration/password', fields: async (_world, { password }) => ({ password }) },
  { page: '/registration/check', fields: async () => ({ consent: CONSENT_VERSION }) },
]

/** How many messages had gone out before this registration began. */
interface Before {
  readonly phone: number
  readonly email: number
}

/** Registers somebody by the pages, and stops in front of the page `upTo` where one is given. */
export async function register(
  world: World,
  browser: Browser,
  person: Newcomer = newcomer,
  upTo?: string,
): Promise<Shown> {
  const before = { phone: world.sentTo(person.phone), email: world.sentTo(person.email ?? '') }
  let shown = await browser.open('/registration')
  for (const { page, fields } of answers) {
    if (page === upTo) break
    if (page === '/registration/email-code' && person.email === undefined) continue
    if (!new URL(shown.url).pathname.endsWith(page))
      throw new Error(`at ${shown.url} instead of ${page}: ${shown.errors.join('; ')}`)
    shown = await browser.submit(await fields(world, person, before), page)
  }
  return shown
}

/** Registers somebody with a phone that an account has, as far as the page that says so. */
export async function clash(world: World, browser: Browser, phone: string): Promise<Shown> {
  const shown = await register(world, browser, { ...newcomer, phone }, '/registration/email')
  if (!shown.url.endsWith('/registration/clash')) throw new Error(`at ${shown.url} instead of the clash`)
  return shown
}

/** Asks for the phone of a clash. @returns the link of the notice that its account gets */
export async function detach(world: World, browser: Browser, email: string): Promise<string> {
  await browser.submit({}, '/registration/clash/detach')
  return linkSentTo(world, email)
}

/** Waits for the mail whose link keeps a phone; the notice of the clash itself may come before or after it. */
export function linkSentTo(world: World, email: string): Promise<string> {
  return vi.waitFor(
    () => {
      const texts = world.sent.filter(({ recipient }) => recipient === email).map(({ text }) => text)
      const link = /https?:\S+\/contact\/keep\/[\w-]+/.exec(texts.join('\n'))?.[0]
      if (link === undefined) throw new Error(`no link in ${texts.length} messages to ${email}`)
      return link
    },
    { timeout: 5_000, interval: 10 },
  )
}
