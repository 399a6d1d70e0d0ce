import { type Challenge, solveChallenge } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2'
import type { Browser, Shown } from './browser-http.ts'
import type { ActingParty } from './relying-party.ts'
import type { World } from './world.ts'

/** A world believes browsers where they say they are. */
export const ANYWHERE = { TRUSTED_PROXIES: '127.0.0.1,::1' }

/** Who types, and what. */
export interface Typed {
  readonly phone: string
  readonly password: string
}

/** What the page's script would put into its form; nothing where the page asks for no proof. */
export async function solved(browser: Browser): Promise<{ solution?: string }> {
  const { challenge } = browser.form('/identify').hidden
  return challenge === undefined ? {} : solutionOf(challenge)
}

export async function solutionOf(challenge: string): Promise<{ solution: string }> {
  const solution = await solveChallenge({ challenge: JSON.parse(challenge) as Challenge, deriveKey })
  return { solution: JSON.stringify(solution) }
}

/** Answers the page of the password that the browser shows. */
export const answerWith = (browser: Browser, { phone, password }: Typed, proof: Record<string, string> = {}) =>
  browser.submit({ identifier: phone, password, ...proof }, '/identify')

/** Types a password as somebody with scripts does: where it takes a proof, the browser brings one along. */
export async function tryPassword(
  browser: Browser,
  party: ActingParty,
  typed: Typed,
  parameters: Record<string, string> = {},
): Promise<Shown> {
  await browser.open(party.authorizationUrl(parameters))
  const first = await answerWith(browser, typed)
  const proof = first.status === 429 ? await solved(browser) : {}
  return proof.solution === undefined ? first : answerWith(browser, typed, { solution: proof.solution })
}

let networks = 0
/** An address in a network where nobody else in this file is. */
export const elsewhere = () => `10.${(++networks >> 8) & 255}.${networks & 255}.7`

/** Strangers all over the world guess until `until` says that it is enough, waiting out the delays. @returns how many guesses were made */
export async function strangersGuess(
  { world, party, typed }: { world: World; party: ActingParty; typed: Typed },
  until: (page: Shown) => boolean,
): Promise<{ guesses: number; last: Shown }> {
  for (let guesses = 0; guesses < 60; guesses++) {
    const last = await tryPassword(world.browser({ address: elsewhere() }), party, typed)
    if (until(last)) return { guesses, last }
    world.travel(61)
  }
  throw new Error('they guess for ever')
}
