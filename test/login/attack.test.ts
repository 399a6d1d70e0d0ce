import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { argon2Hasher } from '#src/factors/password/hash.ts'
import type { Browser } from '../browser-http.ts'
import { ANYWHERE, answerWith, elsewhere, solved, type Typed, tryPassword } from '../guessing.ts'
import type { ActingParty } from '../relying-party.ts'
import { type Citizen, startWorld, type World } from '../world.ts'

// The attacks of `npm run bench -- attack`, short: what must hold however long they go on.

let world: World
let party: ActingParty
let citizen: Citizen
let own: Browser
const verify = vi.fn(async (phc: string, password: string) => argon2Hasher.verify(phc, password))
const HOUR = 3600
const NETWORK_LIMIT = 20

beforeAll(async () => {
  world = await startWorld({
    env: { ...ANYWHERE, WRONG_ANSWERS_PER_NETWORK: String(NETWORK_LIMIT) },
    replacements: { hasher: { ...argon2Hasher, verify } },
  })
  party = await world.relyingParty()
})
beforeEach(async () => {
  citizen = await world.citizen()
  own = world.browser({ address: elsewhere() })
  await tryPassword(own, party, citizen)
  await own.submit({ decision: 'allow' }, '/consent')
  verify.mockClear()
})
afterAll(() => world.stop())

/** How an attacker meets a challenge. @returns what the form brings along besides */
type Manner = (browser: Browser, typed: Typed) => Promise<Record<string, string>>

const gives: Manner = async () => ({})
const solves: Manner = (browser) => solved(browser) as Promise<Record<string, string>>
const waits: Manner = async () => {
  world.travel(31)
  return {}
}

let strangers = 1_000_000
/** Whoever has a pile of challenges need not wait for each: the oldest ones are good already. */
const pile: { browser: Browser; typed: Typed; since: number }[] = []
const waitsInParallel: Manner = async (browser, typed) => {
  pile.push({ browser, typed, since: Date.now() })
  while (pile[0] && Date.now() - pile[0].since > 31_000) {
    const ripe = pile.shift()!
    await answerWith(ripe.browser, ripe.typed)
  }
  return {}
}

async function guess(address: string, typed: Typed, manner: Manner): Promise<void> {
  const browser = world.browser({ address })
  await browser.open(party.authorizationUrl())
  const first = await answerWith(browser, typed)
  if (first.status === 429 && manner !== gives) await answerWith(browser, typed, await manner(browser, typed))
}

test.each([
  ['proves nothing', gives, 8],
  // Eight free and slowed, twelve proven, and one for each quarter of an hour of the lock.
  ['solves everything', solves, 20 + 8],
  ['waits for its turn', waits, 8 + 7],
])(
  'of an attacker with many addresses who %s few guesses at one account pass, and its owner comes in',
  async (_what, manner, most) => {
    const typed = { ...citizen, password: 'неверный пароль' }
    for (let n = 0; n < 60; n++) {
      await guess(elsewhere(), typed, manner)
      world.travel((2 * HOUR) / 60 - (manner === waits ? 31 : 0))
    }
    expect(verify.mock.calls.length).toBeGreaterThanOrEqual(8)
    expect(verify.mock.calls.length).toBeLessThanOrEqual(most)
    await tryPassword(own, party, citizen, { prompt: 'login' })
    expect(own.callback.get('code')).toBeTypeOf('string')
  },
)

test.each([
  ['proves nothing', gives, NETWORK_LIMIT + 10],
  // Ten that waited are free, then there is one a minute.
  ['waits for its turn', waitsInParallel, NETWORK_LIMIT + 10 + 10 + 10],
  ['solves everything', solves, NETWORK_LIMIT * 3 + 11],
])(
  'an attacker with one address who %s is stopped at many accounts; a known device in the same network is not',
  async (_what, manner, most) => {
    const address = elsewhere()
    const near = world.browser({ address })
    await tryPassword(near, party, citizen)
    verify.mockClear()
    for (let n = 0; n < 130; n++) {
      await guess(address, { phone: `+7915${String(++strangers)}`, password: 'неверный пароль' }, manner)
      world.travel(4)
    }
    expect(verify.mock.calls.length).toBeGreaterThanOrEqual(NETWORK_LIMIT)
    expect(verify.mock.calls.length).toBeLessThanOrEqual(most)
    const fresh = world.browser({ address })
    await fresh.open(party.authorizationUrl())
    expect((await answerWith(fresh, citizen)).status).toBe(429)
    await tryPassword(near, party, citizen, { prompt: 'login' })
    expect(near.callback.get('code')).toBeTypeOf('string')
  },
)
