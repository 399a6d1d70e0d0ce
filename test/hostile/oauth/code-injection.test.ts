import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { killGrant } from '#src/oidc/replay.ts'
import type { Browser } from '#test/browser-http.ts'
import type { ActingParty } from '#test/relying-party.ts'
import { enter } from '#test/signing-in.ts'
import { type Citizen, startWorld, type World } from '#test/world.ts'
import { type SecondProcess, startBeside } from '../second-process.ts'

/** A code in the wrong hands, at the wrong time, twice (RFC 9700, section 4.5). */

vi.setConfig({ testTimeout: 60_000 })

let world: World
let second: SecondProcess
let party: ActingParty
let citizen: Citizen
beforeAll(async () => {
  world = await startWorld()
  second = await startBeside(world)
  party = await world.relyingParty({ redirect_uris: ['https://rp.example/cb', 'https://rp.example/other'] })
  citizen = await world.citizen()
})
afterAll(async () => {
  await second?.stop()
  await world?.stop()
})

/** A sign-in up to its code, which is not redeemed. */
async function coded(by = party, who = citizen): Promise<{ browser: Browser; code: string; verifier: string }> {
  const browser = world.browser()
  await enter(browser, by, who)
  if (browser.page.html.includes('/consent')) await browser.submit({ decision: 'allow' }, '/consent')
  return { browser, code: browser.callback.get('code')!, verifier: by.verifier }
}
const refused = { status: 400, body: { error: 'invalid_grant' } }

describe('a code is not redeemed', () => {
  test('by another client that has stolen the verifier too', async () => {
    const { code, verifier } = await coded()
    const thief = await world.relyingParty()
    expect(await thief.redeem(code, { code_verifier: verifier })).toMatchObject(refused)
  })
  test('by a public client of the same address', async () => {
    const { code, verifier } = await coded()
    const open = await world.relyingParty({ token_endpoint_auth_method: 'none', client_secret: undefined as never })
    expect(await open.redeem(code, { code_verifier: verifier })).toMatchObject(refused)
  })
  test.each([
    ['another registered address', { redirect_uri: 'https://rp.example/other' }],
    ['the same one with a slash', { redirect_uri: 'https://rp.example/cb/' }],
    ['an empty one', { redirect_uri: '' }],
  ])('for %s', async (_what, parameters) => {
    const { code, verifier } = await coded()
    const { status, body } = await party.redeem(code, { code_verifier: verifier, ...parameters })
    expect([status, 'access_token' in body]).toEqual([400, false])
  })
  test('with the verifier of a request that the attacker began', async () => {
    const victim = await coded()
    const attacker = await coded(party, await world.citizen())
    expect(await party.redeem(victim.code, { code_verifier: attacker.verifier })).toMatchObject(refused)
    expect(await party.redeem(attacker.code, { code_verifier: victim.verifier })).toMatchObject(refused)
  })
  test('after its grant was taken back', async () => {
    const { code, verifier } = await coded()
    const stored = await world.house.providers.current.AuthorizationCode.find(code)
    await killGrant(world.house.providers.current, stored!.grantId!)
    expect(await party.redeem(code, { code_verifier: verifier })).toMatchObject(refused)
  })
  test('after its person has signed out', async () => {
    const { browser, code, verifier } = await coded()
    await browser.open('/oauth2/logout')
    await browser.submit({ logout: 'yes' })
    expect(await party.redeem(code, { code_verifier: verifier })).toMatchObject(refused)
  })
  test('after its session was ended from elsewhere', async () => {
    const { code, verifier } = await coded()
    const stored = await world.house.providers.current.AuthorizationCode.find(code)
    await world.house.endSession(stored!.sessionUid!, { offline: 'kept' })
    expect(await party.redeem(code, { code_verifier: verifier })).toMatchObject(refused)
  })
  test('twice, of two processes at once: one gets tokens, and then they are worth nothing', async () => {
    for (let round = 0; round < 5; round++) {
      const { code, verifier } = await coded()
      const answers = await Promise.all(
        [world.listens, second.listens].map((listens) => party.redeem(code, { code_verifier: verifier }, listens)),
      )
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 400])
      const won = answers.find(({ status }) => status === 200)!.body
      expect((await party.userinfo(won.access_token, second.listens)).status).toBe(401)
      expect((await party.refresh(won.refresh_token!, {}, second.listens)).status).toBe(400)
    }
  })
})
