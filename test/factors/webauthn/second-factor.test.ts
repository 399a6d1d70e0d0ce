import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Factor } from '#src/factors/factor.ts'
import type { Browser } from '../../browser-http.ts'
import { prepare, send } from '../../hostile/raw-http.ts'
import type { ActingParty } from '../../relying-party.ts'
import { saying } from '../../saying.ts'
import { enter } from '../../signing-in.ts'
import { type Citizen, startWorld, type World } from '../../world.ts'
import { enrol, factorOf } from './enrolled.ts'
import { type Ceremony, SoftKey } from './soft-key.ts'

let world: World
let beside: World
let factor: Factor
let party: ActingParty
let citizen: Citizen
let key: SoftKey

beforeAll(async () => {
  world = await startWorld()
  beside = await startWorld({ beside: world })
  factor = await factorOf(world)
  party = await world.relyingParty()
})
beforeEach(async () => {
  citizen = await world.citizen()
  key = new SoftKey(world.origin)
  await enrol(factor, citizen, key)
})
afterAll(async () => {
  await beside?.stop()
  await world?.stop()
})

/** A browser on the page that asks for the key, after the password. */
async function atKey(acr = 'aal2', person = citizen): Promise<Browser> {
  const browser = world.browser()
  await enter(browser, party, person, { acr_values: acr })
  if (world.view !== 'factors/webauthn/prove') throw new Error(`at ${world.view}`)
  return browser
}

function optionsOf({
  page,
}: Browser): Ceremony & { readonly userVerification: string; readonly allowCredentials: unknown[] } {
  const text = /data-options="([^"]*)"/.exec(page.html)?.[1] ?? ''
  return JSON.parse(text.replaceAll('&quot;', '"'))
}

const answer = (browser: Browser, credential: string) => browser.submit({ credential }, '/factor/webauthn')

/** Claims of the sign-in that the answer completed. */
async function claimsAfter(browser: Browser) {
  await browser.submit({ decision: 'allow' }, '/consent')
  const { body } = await party.redeem(browser.callback.get('code')!)
  return party.claims(body.id_token)
}

const types = async () => (await world.journal(citizen.oid)).map(({ type }) => type)

describe('what is refused', () => {
  const changes: readonly (readonly [string, Partial<Ceremony>])[] = [
    ['of another site', { origin: 'https://evil.example' }],
    ['of the demo on another port of this host', { origin: 'http://localhost:3001' }],
    ['of this host by https', { origin: 'https://localhost' }],
    ['for another RP ID', { rpId: 'evil.example' }],
    ['that was meant for an enrolment', { type: 'webauthn.create' }],
    ['of a page within a page', { crossOrigin: true }],
    ['without anybody being present', { userPresent: false }],
    ['of a key that has become a synced one', { synced: true }],
    ['with the handle of somebody else', { userHandle: 'c29tZWJvZHkgZWxzZQ' }],
  ]
  test.each(changes)('an answer %s', async (_what, change) => {
    const browser = await atKey()
    await answer(browser, key.get({ ...optionsOf(browser), ...change }))
    expect(browser.page.status).toBe(422)
    expect(world.view).toBe('factors/webauthn/prove')
    expect(await types()).toContain('factor.refused')
  })

  test('a synced passkey that says it is none', async () => {
    const passkey = new SoftKey(world.origin, { synced: true })
    await enrol(factor, citizen, passkey)
    const browser = await atKey()
    await answer(browser, passkey.get({ ...optionsOf(browser), synced: false }))
    expect(browser.page.html).toMatch(saying('webauthn.wrong'))
  })

  test('a key of another account, and one that nobody has', async () => {
    const stranger = await world.citizen()
    const theirs = new SoftKey(world.origin)
    await enrol(factor, stranger, theirs)
    const browser = await atKey()
    for (const foreign of [theirs, new SoftKey(world.origin)]) {
      await answer(browser, foreign.get({ ...optionsOf(browser), userHandle: null }))
      expect(browser.page.html).toMatch(saying('webauthn.wrong'))
    }
  })

  test('the right name with the wrong key behind it', async () => {
    const forged = new SoftKey(world.origin, { credentialId: key.credentialId })
    const browser = await atKey()
    await answer(browser, forged.get({ ...optionsOf(browser), userHandle: null }))
    expect(browser.page.html).toMatch(saying('webauthn.wrong'))
  })

  test('an answer given before', async () => {
    const browser = await atKey()
    const credential = key.get(optionsOf(browser))
    await answer(browser, credential.replace('"signature":"', '"signature":"AAAA'))
    expect(browser.page.html).toMatch(saying('webauthn.wrong'))
    await answer(browser, credential)
    expect(browser.page.html).toMatch(saying('webauthn.expired'))
  })

  test('the challenge of another sign-in, of the first page, of an enrolment', async () => {
    const [browser, other] = [await atKey(), await atKey()]
    const login = { uid: 'x', oid: undefined, locale: 'ru', network: '', wanted: 'aal2' } as const
    const { model } = await factor.enrolment!.begin({ oid: citizen.oid, locale: 'ru', origin: 'a-session' })
    const challenges = [
      optionsOf(other).challenge,
      String(factor.opening!.ask({ ...login, opening: true }).challenge),
      JSON.parse(String(model.options)).challenge,
    ]
    for (const challenge of challenges) {
      await answer(browser, key.get({ challenge }))
      expect(browser.page.html).toMatch(saying('webauthn.expired'))
    }
    await answer(other, key.get(optionsOf(other)))
    expect(world.view).toBe('login/consent')
  })

  test('the challenge of the person who began before, in the same sign-in', async () => {
    const stranger = await world.citizen()
    await enrol(factor, stranger, new SoftKey(world.origin))
    const browser = await atKey()
    const { challenge } = optionsOf(browser)
    await browser.submit({}, '/restart')
    await browser.submit({ identifier: stranger.phone, password: stranger.password }, '/identify')
    await answer(browser, key.get({ challenge }))
    expect(browser.page.html).toMatch(saying('webauthn.expired'))
  })

  test('a challenge older than five minutes', async () => {
    const browser = await atKey()
    const options = optionsOf(browser)
    world.travel(301)
    await answer(browser, key.get(options))
    expect(browser.page.html).toMatch(saying('webauthn.expired'))
    vi.useRealTimers()
  })

  test('a key that does not verify its user where the service asks for aal3', async () => {
    const browser = await atKey('aal3')
    expect(optionsOf(browser).userVerification).toBe('required')
    await answer(browser, key.get({ ...optionsOf(browser), userVerified: false }))
    expect(browser.page.html).toMatch(saying('webauthn.unverified'))
    await answer(browser, key.get(optionsOf(browser)))
    expect(await claimsAfter(browser)).toMatchObject({ acr: 'aal3' })
  })

  test('an empty form, as a browser without scripts sends it', async () => {
    const browser = await atKey()
    expect(browser.page.html).toMatch(saying('webauthn.no_script'))
    await browser.submit({}, '/factor/webauthn')
    expect(browser.page.status).toBe(422)
    expect(browser.page.html).toMatch(saying('webauthn.unanswered'))
  })
})

test('of one answer sent to two processes at once, one counts', async () => {
  const browser = await atKey()
  const form = prepare(browser, { credential: key.get(optionsOf(browser)) }, '/factor/webauthn', world.origin)
  const answers = await Promise.all([world.listens, beside.listens].map((listens) => send(listens, form)))
  expect(answers.map(({ status }) => status)).toContain(303)
  const passed = (await types()).filter((type) => type === 'factor.passed')
  // The password, and the key once.
  expect(passed).toHaveLength(2)
})

describe('a counter that goes back', () => {
  test('ends the key, is journalled, told to the owner once, and marked in the list', async () => {
    const twin = new SoftKey(world.origin, { twin: key })
    const first = await atKey()
    await answer(first, key.get(optionsOf(first)))
    expect(world.view).toBe('login/consent')
    const second = await atKey()
    const before = world.sentTo(citizen.email)
    await answer(second, twin.get(optionsOf(second)))
    expect(second.page.status).toBe(422)
    expect(second.page.html).toMatch(saying('webauthn.copied'))
    expect((await types()).filter((type) => type === 'webauthn.copy_suspected')).toHaveLength(1)
    const told = await world.message(citizen.email, before)
    expect(told.text).toMatch(saying('message.webauthn_copied.mail'))
    const [listed] = await factor.authenticators(citizen.oid)
    expect(listed).toMatchObject({ warning: 'webauthn.copy_warning' })
  })

  test('ends it for both: nobody can tell which of the two is the copy', async () => {
    const browser = await atKey()
    const options = optionsOf(browser)
    await answer(browser, key.get(options))
    const again = await atKey()
    const { challenge } = optionsOf(again)
    await answer(again, key.get({ challenge, counter: 1 }))
    expect(await factor.worths(citizen.oid)).toEqual([])
    const third = world.browser()
    await enter(third, party, citizen, { acr_values: 'aal2' })
    expect(world.view).toBe('login/code')
  })

  test('is none where two pages asked at the same time and their answers crossed; the later one is asked again', async () => {
    const [first, second] = [await atKey(), await atKey()]
    const [early, late] = [key.get(optionsOf(first)), key.get(optionsOf(second))]
    await answer(second, late)
    expect(world.view).toBe('login/consent')
    await answer(first, early)
    expect(first.page.html).toMatch(saying('webauthn.crossed'))
    expect(await types()).not.toContain('webauthn.copy_suspected')
    await answer(first, key.get(optionsOf(first)))
    expect(world.view).toBe('login/consent')
  })

  test('is one where the copy was asked after the last answer, however early it opened the page before', async () => {
    const twin = new SoftKey(world.origin, { twin: key })
    const [early, owner] = [await atKey(), await atKey()]
    await answer(owner, key.get(optionsOf(owner)))
    await answer(early, twin.get(optionsOf(early)))
    expect(early.page.html).toMatch(saying('webauthn.crossed'))
    await answer(early, twin.get({ ...optionsOf(early), counter: 1 }))
    expect(early.page.html).toMatch(saying('webauthn.copied'))
    expect(await types()).toContain('webauthn.copy_suspected')
  })

  test('is none where a key does not count', async () => {
    const still = new SoftKey(world.origin, { counts: false })
    await enrol(factor, citizen, still)
    for (let n = 0; n < 2; n++) {
      const browser = await atKey()
      await answer(browser, still.get(optionsOf(browser)))
      expect(world.view).toBe('login/consent')
    }
  })

  test('is taken for none by a forged signature', async () => {
    const browser = await atKey()
    await answer(browser, key.get(optionsOf(browser)))
    const again = await atKey()
    const forged = new SoftKey(world.origin, { credentialId: key.credentialId })
    await answer(again, forged.get({ ...optionsOf(again), userHandle: null, counter: 0 }))
    expect(again.page.html).toMatch(saying('webauthn.wrong'))
    expect(await factor.worths(citizen.oid)).toHaveLength(1)
  })
})

describe('what the answer is worth', () => {
  test.each([
    ['a hardware key with user verification', {}, { acr: 'aal3', amr: ['pwd', 'hwk', 'user', 'mfa'] }],
    ['a synced passkey', { synced: true }, { acr: 'aal2', amr: ['pwd', 'swk', 'user', 'mfa'] }],
    ['a key without user verification', { userVerified: false }, { acr: 'aal2', amr: ['pwd', 'hwk', 'user', 'mfa'] }],
  ])('%s', async (_what, habits, claims) => {
    citizen = await world.citizen()
    key = new SoftKey(world.origin, habits)
    await enrol(factor, citizen, key)
    const acr = claims.acr
    const browser = await atKey(acr)
    await answer(browser, key.get(optionsOf(browser)))
    expect(await claimsAfter(browser)).toMatchObject(claims)
  })

  test('is told by the answer and not by the enrolment', async () => {
    const browser = await atKey('aal2')
    expect(optionsOf(browser).userVerification).toBe('preferred')
    await answer(browser, key.get({ ...optionsOf(browser), userVerified: false }))
    expect((await claimsAfter(browser)).acr).toBe('aal2')
    await browser.open(party.authorizationUrl({ acr_values: 'aal3' }))
    expect(world.view).toBe('factors/webauthn/prove')
  })

  test('the page lets the keys of the account answer, and no others', async () => {
    const browser = await atKey()
    expect(optionsOf(browser).allowCredentials).toMatchObject([{ id: key.credentialId, transports: ['internal'] }])
  })
})
