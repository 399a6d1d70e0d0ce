import supertest from 'supertest'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Browser } from '../../browser-http.ts'
import { type SecondProcess, startBeside } from '../../hostile/second-process.ts'
import type { ActingParty, Tokens } from '../../relying-party.ts'
import { signedIn } from '../../signing-in.ts'
import { type Citizen, startWorld, type World } from '../../world.ts'

/** A session ended here while it is in use in a second process. */

let world: World
let second: SecondProcess
let party: ActingParty
let citizen: Citizen
let browser: Browser
let tokens: Tokens
beforeAll(async () => {
  world = await startWorld()
  second = await startBeside(world)
  party = await world.relyingParty()
})
beforeEach(async () => {
  citizen = await world.citizen()
  ;({ browser, tokens } = await signedIn(world, { party, citizen }))
})
afterAll(async () => {
  await second?.stop()
  await world?.stop()
})

const ending = { offline: 'revoked', reason: 'test' } as const

/** Asks the second process for a code, with the cookies that the browser has. */
async function silently() {
  const { pathname, search } = new URL(party.authorizationUrl({ prompt: 'none' }))
  const cookies = browser.cookies().map((cookie) => cookie.split(';', 1)[0])
  const { headers } = await supertest(second.listens)
    .get(pathname + search)
    .set('Cookie', cookies.join('; '))
  return new URL(headers.location!).searchParams
}

async function end() {
  const [session] = await world.house.sessions.list(citizen.oid)
  expect(await world.house.sessions.end(citizen.oid, session!.ref, ending)).toBe(true)
}

test('it is refused there at once', async () => {
  expect((await silently()).get('code')).not.toBeNull()
  await end()
  expect((await silently()).get('error')).toBe('login_required')
  expect((await party.userinfo(tokens.access_token, second.listens)).status).toBe(401)
  expect((await party.refresh(tokens.refresh_token!, {}, second.listens)).status).toBe(400)
})

test('nothing that was given in that moment works after it', async () => {
  const parameters = { scope: 'openid offline_access', prompt: 'consent' }
  const held = await signedIn(world, { browser: world.browser(), party, citizen, parameters })
  const [, refreshed, bound, codes] = await Promise.all([
    world.house.sessions.endAll(citizen.oid, ending),
    party.refresh(held.tokens.refresh_token!, {}, second.listens),
    party.refresh(tokens.refresh_token!, {}, second.listens),
    silently(),
  ])
  for (const { body } of [refreshed, bound]) {
    if (body.refresh_token) expect((await party.refresh(body.refresh_token)).status).toBe(400)
    if (body.access_token) expect((await party.userinfo(body.access_token)).status).toBe(401)
  }
  const code = codes.get('code')
  if (code !== null) {
    const redeemed = await party.redeem(code)
    expect(redeemed.status === 400 || (await party.userinfo(redeemed.body.access_token)).status === 401).toBe(true)
  }
  expect((await silently()).get('error')).toBe('login_required')
  expect(await world.house.sessions.list(citizen.oid)).toEqual([])
})
