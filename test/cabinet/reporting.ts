import { vi } from 'vitest'
import { addApp, enterCabinet } from '../authenticators.ts'
import type { Browser } from '../browser-http.ts'
import type { Citizen, World } from '../world.ts'

/**
 * The links of notices to that person's e-mail by which sign-ins can be reported, the newest first; waits until there are as many.
 * @param known messages that came before
 */
export function linksTo(
  world: World,
  { email }: Citizen,
  { count = 1, known = new Set() }: { count?: number; known?: ReadonlySet<unknown> } = {},
): Promise<string[]> {
  return vi.waitFor(() => {
    const mails = world.sent.filter((message) => message.recipient === email && !known.has(message))
    const links = mails.flatMap(({ text }) => /http\S+\/not-me\/[\w-]+/.exec(text)?.[0] ?? [])
    if (links.length < count) throw new Error(`${links.length} links to report a sign-in`)
    return links
  }, 5_000)
}

/** Somebody who has stolen the password and reads the SMS: adds an app of their own. @returns their browser */
export async function thiefWithApp(world: World, citizen: Citizen): Promise<Browser> {
  const thief = world.browser()
  world.travel(61)
  await addApp(world, citizen, thief)
  return thief
}

/** The owner was here before, so that a sign-in elsewhere is news. */
export async function ownerAtHome(world: World, citizen: Citizen): Promise<Browser> {
  return enterCabinet(world, citizen, '/security')
}

export const kindsOf = async ({ house }: World, { oid }: Citizen) =>
  (await house.authenticators.list(oid)).map(({ kind }) => kind)

/** Ends where the browser is asked to sign in. */
export async function isSignedOut(world: World, browser: Browser): Promise<boolean> {
  await browser.open(`${world.origin}/account`)
  return browser.page.html.includes('/identify"')
}

/** Opens a link and presses the only button of its page, as somebody who is not signed in. */
export async function press(world: World, link: string): Promise<Browser> {
  const reader = world.browser()
  await reader.open(link)
  await reader.submit({})
  return reader
}
