import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { startTwoProcesses, statuses, type TwoProcesses } from '../../hostile/two-processes.ts'
import { answerPages, fapiParty, type SigningParty } from '../../signing-party.ts'
import type { Citizen, World } from '../../world.ts'

/** What may be used once, sent to two processes at the same moment: one lets it through. */

vi.setConfig({ testTimeout: 90_000 })

const ROUNDS = 12

let two: TwoProcesses
let world: World
let party: SigningParty
let citizen: Citizen
beforeAll(async () => {
  two = await startTwoProcesses()
  world = two.world
  party = await fapiParty(world, { grant_types: ['authorization_code', 'refresh_token', 'client_credentials'] })
  citizen = await world.citizen()
})
afterAll(() => two?.stop())
beforeEach(() => world.forgetAttempts())

/** Sends the same to both processes, twice to each. @returns the statuses, the best first */
async function raced(send: (listens: string) => Promise<{ status: number }>): Promise<number[]> {
  return statuses(await Promise.all([...two.both, ...two.both].map(send)))
}

async function rounds(work: () => Promise<void>): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) await work()
}

test('a client assertion', async () => {
  await rounds(async () => {
    const assertion = await party.assertion()
    expect(await raced((listens) => party.push({}, { assertion, listens }))).toEqual([201, 401, 401, 401])
  })
})

test('a DPoP proof at the token endpoint', async () => {
  await rounds(async () => {
    const proof = await party.proof('POST', '/oauth2/token')
    const parameters = { grant_type: 'client_credentials' }
    expect(await raced((listens) => party.token(parameters, { proof, listens }))).toEqual([200, 400, 400, 400])
  })
})

test('a DPoP proof at a resource', async () => {
  const { access_token: accessToken } = (await party.signedIn(citizen)).tokens
  await rounds(async () => {
    const proof = await party.proof('GET', '/oauth2/userinfo', { accessToken })
    expect(await raced((listens) => party.userinfo(accessToken, { proof, listens }))).toEqual([200, 401, 401, 401])
  })
})

test('the code of a pushed request, by two redeemers with assertions and proofs of their own', async () => {
  await rounds(async () => {
    const browser = await party.authorize(citizen)
    const code = browser.callback.get('code')!
    const answers = await Promise.all(two.both.map((listens) => party.redeem(code, {}, { listens })))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400])
    expect(answers.find(({ status }) => status === 400)!.body).toMatchObject({ error: 'invalid_grant' })
    const won = answers.find(({ status }) => status === 200)!.body
    expect((await party.userinfo(won.access_token)).status).toBe(401)
  })
})

test('a request_uri that two browsers have opened', async () => {
  await rounds(async () => {
    const { request_uri } = (await party.push()).body
    const browsers = [world.browser(), world.browser()]
    for (const browser of browsers) await browser.open(party.authorizationUrl(request_uri))
    await Promise.all(browsers.map((browser) => answerPages(browser, citizen)))
    expect(browsers.filter(({ page }) => page.url.includes('code='))).toHaveLength(1)
  })
})
