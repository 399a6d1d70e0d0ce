import type { Browser, Shown } from './browser-http.ts'
import type { ActingParty, Tokens } from './relying-party.ts'
import type { Citizen, World } from './world.ts'

/** Sends a browser from the relying party to the sign-in page and answers it. */
export async function enter(
  browser: Browser,
  party: ActingParty,
  citizen: Citizen,
  parameters: Record<string, string> = {},
): Promise<Shown> {
  await browser.open(party.authorizationUrl(parameters))
  return browser.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
}

/** Answers the page of the SMS code with the code that was sent. */
export async function enterCode(world: World, browser: Browser, citizen: Citizen, after: number): Promise<Shown> {
  return browser.submit({ code: await world.code(citizen.phone, after) }, '/factor/code')
}

/** A whole sign-in with consent, and the tokens for its code. */
export async function signedIn(
  world: World,
  options: { browser?: Browser; party: ActingParty; citizen: Citizen; parameters?: Record<string, string> },
): Promise<{ browser: Browser; tokens: Tokens }> {
  const { party, citizen, parameters = {} } = options
  const browser = options.browser ?? world.browser()
  const before = world.sentTo(citizen.phone)
  await enter(browser, party, citizen, parameters)
  if (browser.page.html.includes('/factor/code')) await enterCode(world, browser, citizen, before)
  if (browser.page.html.includes('/consent')) await browser.submit({ decision: 'allow' }, '/consent')
  const code = browser.callback.get('code')
  if (code === null) throw new Error(`no code: ${browser.page.url}`)
  const { status, body } = await party.redeem(code)
  if (status !== 200) throw new Error(`token endpoint: ${JSON.stringify(body)}`)
  return { browser, tokens: body }
}

/** With a live session: the consent to another relying party, and the tokens for its code. */
export async function agreedTo(browser: Browser, party: ActingParty): Promise<Tokens> {
  await browser.open(party.authorizationUrl())
  await browser.submit({ decision: 'allow' }, '/consent')
  const { status, body } = await party.redeem(browser.callback.get('code') ?? '')
  if (status !== 200) throw new Error(`token endpoint: ${JSON.stringify(body)}`)
  return body
}
