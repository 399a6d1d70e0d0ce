import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { argon2Hasher } from '#src/factors/password/hash.ts'
import type { Browser } from '../browser-http.ts'
import { enrol, factorOf } from '../factors/webauthn/enrolled.ts'
import { SoftKey } from '../factors/webauthn/soft-key.ts'
import { ANYWHERE, answerWith, elsewhere, solutionOf, solved, strangersGuess, tryPassword } from '../guessing.ts'
import { cookiesOf, exchange } from '../hostile/raw-http.ts'
import { NEW_PASSWORD, provenTwice } from '../recovery/acting.ts'
import type { ActingParty } from '../relying-party.ts'
import { SOME, saying } from '../saying.ts'
import { type Citizen, startWorld, type World } from '../world.ts'

let world: World
let party: ActingParty
let citizen: Citizen
let wrong: Citizen
const verify = vi.fn(argon2Hasher.verify)
const LOCKED = saying('login.locked', { minutes: SOME })

beforeAll(async () => {
  world = await startWorld({ env: ANYWHERE, replacements: { hasher: { ...argon2Hasher, verify } } })
  party = await world.relyingParty()
})
beforeEach(async () => {
  citizen = await world.citizen()
  wrong = { ...citizen, password: 'неверный пароль' }
})
afterAll(() => world.stop())

const stranger = () => world.browser({ address: elsewhere() })

/** A browser elsewhere at the page that asks for a proof, after eight wrong passwords from everywhere. */
async function atProof(typed = wrong): Promise<Browser> {
  for (let n = 0; n < 8; n++) {
    await tryPassword(stranger(), party, typed)
    world.travel(61)
  }
  const browser = stranger()
  await browser.open(party.authorizationUrl())
  await answerWith(browser, typed)
  verify.mockClear()
  return browser
}

/** How hard the challenge of the page is. */
function hardness(browser: Browser): number {
  const { challenge = '' } = browser.form('/identify').hidden
  return JSON.parse(challenge).parameters.data.hardness
}

const hashes = () => verify.mock.calls.length

const lock = () => strangersGuess({ world, party, typed: wrong }, ({ html }) => LOCKED.test(html))

/** A browser that the account knows. */
async function ownBrowser(): Promise<Browser> {
  const browser = world.browser({ address: elsewhere() })
  await tryPassword(browser, party, citizen)
  await browser.submit({ decision: 'allow' }, '/consent')
  return browser
}

/** In a live session the first page comes when it is asked for. */
const again = (browser: Browser, typed: Citizen) => tryPassword(browser, party, typed, { prompt: 'login' })

describe('after eight wrong passwords an answer without a proof of work is refused', () => {
  test('before its hash is computed, and what was typed stays but for the password', async () => {
    const browser = await atProof()
    const page = await answerWith(browser, citizen)
    expect(page.status).toBe(429)
    expect(page.html).toMatch(saying('login.proof_needed'))
    expect(page.html).toContain(`value="${citizen.phone}"`)
    expect(page.html).not.toContain(citizen.password)
    expect(hashes()).toBe(0)
  })

  test('as often as one likes: it counts for nothing, so whoever proves nothing locks nobody out', async () => {
    await atProof()
    for (let n = 0; n < 30; n++) {
      const browser = stranger()
      await browser.open(party.authorizationUrl())
      expect((await answerWith(browser, wrong)).html).toMatch(saying('login.proof_needed'))
    }
    expect(hashes()).toBe(0)
    await tryPassword(stranger(), party, citizen)
    expect(world.view).toBe('login/consent')
  })

  test.each([
    ['rubbish', () => ({ challenge: 'rubbish', solution: '{"counter":1,"derivedKey":"00"}' })],
    ['a guess', () => ({ solution: '{"counter":1,"derivedKey":"00"}' })],
    ['no object', () => ({ solution: '[]' })],
    ['an endless number', () => ({ solution: '{"counter":1e999,"derivedKey":"00"}' })],
  ])('so is one with %s in place of it', async (_what, forged) => {
    const browser = await atProof()
    expect((await answerWith(browser, citizen, forged())).status).toBe(429)
    expect(hashes()).toBe(0)
  })

  test('so is one with a challenge that was made easier', async () => {
    const browser = await atProof()
    const { challenge = '' } = browser.form('/identify').hidden
    const easier = challenge.replace(/"keyPrefix":"[0-9a-f]+"/, '"keyPrefix":"00"')
    expect((await answerWith(browser, citizen, { challenge: easier, ...(await solutionOf(easier)) })).status).toBe(429)
    expect(hashes()).toBe(0)
  })

  test('so is one with a proof for another identifier, or of another sign-in', async () => {
    const neighbour = await world.citizen()
    const browser = await atProof()
    const proof = { ...browser.form('/identify').hidden, ...(await solved(browser)) }
    const { challenge = '', solution = '' } = proof as { challenge?: string; solution?: string }
    await atProof({ ...neighbour, password: 'неверный пароль' })
    expect((await answerWith(browser, neighbour, { challenge, solution })).status).toBe(429)
    const other = stranger()
    await other.open(party.authorizationUrl())
    await answerWith(other, wrong)
    expect((await answerWith(other, citizen, { challenge, solution })).status).toBe(429)
    expect(hashes()).toBe(0)
  })

  test('so is one whose proof is a quarter of an hour old', async () => {
    const browser = await atProof()
    const proof = await solved(browser)
    world.travel(901)
    expect((await answerWith(browser, citizen, proof)).status).toBe(429)
    expect(hashes()).toBe(0)
  })

  test('a proof counts once, of several at the same time too', async () => {
    const browser = await atProof()
    const { action, hidden } = browser.form('/identify')
    const fields = { ...hidden, ...(await solved(browser)), identifier: wrong.phone, password: wrong.password }
    const body = new URLSearchParams(fields).toString()
    const pages = await Promise.all(Array.from({ length: 5 }, () => browser.post(action, body)))
    expect(pages.map(({ status }) => status).sort()).toEqual([422, 429, 429, 429, 429])
    expect(hashes()).toBe(1)
  })

  test('with one it is checked at once, and a wrong one gets the next challenge, which is harder in the end', async () => {
    const browser = await atProof()
    const hardnesses = [hardness(browser)]
    for (let n = 0; n < 10; n++) {
      const next = stranger()
      expect((await tryPassword(next, party, wrong)).status).toBe(422)
      hardnesses.push(hardness(next))
    }
    expect(hardnesses).toEqual([1, 1, 1, 2, 2, 4, 4, 8, 8, 16, 16])
    await answerWith(browser, citizen, await solved(browser))
    expect(world.view).toBe('login/consent')
  })
})

describe('without scripts', () => {
  test('a wait takes the place of the proof; who comes too early goes on waiting for the same challenge', async () => {
    const browser = await atProof()
    const { challenge } = browser.form('/identify').hidden
    world.travel(20)
    expect((await answerWith(browser, citizen)).html).toContain('подождите 10\u00a0с')
    expect(browser.form('/identify').hidden.challenge).toBe(challenge)
    world.travel(11)
    expect((await answerWith(browser, wrong)).status).toBe(422)
    expect(browser.form('/identify').hidden.challenge).not.toBe(challenge)
    world.travel(61)
    await answerWith(browser, citizen)
    expect(world.view).toBe('login/consent')
  })

  test('however many wait, their turns come slower and slower: seven in two hours', async () => {
    const first = await atProof()
    const waiting = await Promise.all(
      Array.from({ length: 10 }, async () => {
        const browser = stranger()
        await browser.open(party.authorizationUrl())
        await answerWith(browser, wrong)
        return browser
      }),
    )
    world.travel(31)
    for (const browser of [first, ...waiting]) await answerWith(browser, wrong)
    expect(hashes()).toBe(1)
    for (let round = 0; round < 40; round++) {
      world.travel(150)
      const browser = waiting[round % waiting.length]!
      await browser.open(party.authorizationUrl())
      await answerWith(browser, wrong)
      world.travel(31)
      await answerWith(browser, wrong)
    }
    expect(hashes()).toBeLessThanOrEqual(8)
  }, 30_000)
})

test('a right password forgets what its own network got wrong, and nothing of what others did', async () => {
  await atProof()
  const near = () => world.browser({ address: home })
  const home = elsewhere()
  await tryPassword(near(), party, wrong)
  await tryPassword(near(), party, citizen)
  expect(world.view).toBe('login/consent')
  const fresh = stranger()
  await fresh.open(party.authorizationUrl())
  expect((await answerWith(fresh, wrong)).html).toMatch(saying('login.proof_needed'))
})

describe('a lock', () => {
  test('of one network on one account comes at ten, and touches nobody elsewhere', async () => {
    const address = elsewhere()
    const near = () => world.browser({ address })
    for (let n = 0; n < 10; n++) {
      expect((await tryPassword(near(), party, wrong)).status).toBe(422)
      world.travel(61)
    }
    expect((await tryPassword(near(), party, citizen)).html).toMatch(LOCKED)
    await tryPassword(stranger(), party, citizen)
    expect(world.view).toBe('login/consent')
  })

  test('of an account refuses its owner on a new device, but not on one that the account knows, and ends with that', async () => {
    const own = await ownBrowser()
    await lock()
    expect((await tryPassword(stranger(), party, citizen)).html).toMatch(LOCKED)
    await again(own, citizen)
    expect(own.callback.get('code')).toBeTypeOf('string')
    const other = stranger()
    await tryPassword(other, party, citizen)
    expect(other.callback.get('code')).toBeTypeOf('string')
  })

  test('that was ended by the owner comes back with the next wrong password', async () => {
    const own = await ownBrowser()
    await lock()
    await again(own, citizen)
    expect((await tryPassword(stranger(), party, wrong)).status).toBe(422)
    expect((await tryPassword(stranger(), party, wrong)).html).toMatch(LOCKED)
  })

  test('ends with a new password', async () => {
    await lock()
    const browser = stranger()
    await provenTwice(world, browser, citizen)
    await browser.submit({ password: NEW_PASSWORD }, '/recovery/password')
    await tryPassword(stranger(), party, { ...citizen, password: NEW_PASSWORD })
    expect(world.view).toBe('login/consent')
  })

  test('ends with a passkey', async () => {
    const passkey = new SoftKey(world.origin, { synced: true })
    await enrol(await factorOf(world), citizen, passkey)
    await lock()
    const browser = stranger()
    await browser.open(party.authorizationUrl())
    const { action } = browser.form('/open/webauthn')
    const headers = { Accept: 'application/json', Cookie: cookiesOf(browser, action) }
    const { body } = await exchange(world.listens, { target: action, headers })
    await browser.submit({ credential: passkey.get(JSON.parse(body)) }, '/open/webauthn')
    expect(world.view).toBe('login/consent')
    await tryPassword(stranger(), party, citizen)
    expect(world.view).toBe('login/consent')
  })

  test('lets a stolen device guess ten times a day and no more', async () => {
    const stolen = await ownBrowser()
    await lock()
    verify.mockClear()
    for (let minute = 0; minute < 30; minute++) {
      await again(stolen, wrong)
      await lockAgain()
      world.travel(61)
    }
    expect(hashes()).toBe(10)
  })

  test('spares no browser that only the neighbour has signed in with, nor one with a device cookie of its own making', async () => {
    const neighbour = await world.citizen()
    const other = world.browser({ address: elsewhere() })
    await tryPassword(other, party, neighbour)
    await other.submit({ decision: 'allow' }, '/consent')
    await lock()
    expect((await again(other, citizen)).html).toMatch(LOCKED)
  })

  /** The lock as it stands, however long the test takes. */
  async function lockAgain(): Promise<void> {
    await world.house.store.db
      .updateTable('locks')
      .set({ until: new Date(Date.now() + 3_600_000) })
      .where('key', 'like', 'login_identifier:%')
      .execute()
  }
})
