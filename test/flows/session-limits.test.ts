import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { ActingParty } from '../relying-party.ts'
import { signedIn } from '../signing-in.ts'
import { type Citizen, startWorld, type World } from '../world.ts'

const IDLE = 2 * 3600
const ABSOLUTE = 12 * 3600
let world: World
let party: ActingParty
let citizen: Citizen
beforeAll(async () => {
  world = await startWorld({ env: { SESSION_IDLE_SECONDS: String(IDLE), SESSION_ABSOLUTE_SECONDS: String(ABSOLUTE) } })
  party = await world.relyingParty()
})
beforeEach(async () => {
  citizen = await world.citizen()
})
afterAll(() => world.stop())

const silently = { prompt: 'none' }

test('a session that rests ends after its idle time, with the tokens bound to it', async () => {
  const { browser, tokens } = await signedIn(world, { party, citizen })
  world.travel(IDLE - 5)
  await browser.open(party.authorizationUrl(silently))
  expect(browser.callback.get('code')).toBeTypeOf('string')
  world.travel(IDLE + 5)
  await browser.open(party.authorizationUrl(silently))
  expect(browser.callback.get('error')).toBe('login_required')
  expect((await party.refresh(tokens.refresh_token!)).status).toBe(400)
})

test('a session in use ends twelve hours after the first sign-in, whatever happens in it', async () => {
  const { browser } = await signedIn(world, { party, citizen })
  for (let hours = 1; hours < 12; hours++) {
    world.travel(3600)
    await browser.open(party.authorizationUrl(silently))
    expect(browser.callback.get('code'), `after ${hours} h`).toBeTypeOf('string')
  }
  world.travel(3600)
  await browser.open(party.authorizationUrl(silently))
  expect(browser.callback.get('error')).toBe('login_required')
})

test('signing in again within a session does not prolong it beyond the limit', async () => {
  const { browser } = await signedIn(world, { party, citizen })
  for (let hours = 1; hours < 12; hours++) {
    world.travel(3600)
    await browser.open(party.authorizationUrl({ prompt: 'login' }))
    await browser.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
    expect(browser.callback.get('code')).toBeTypeOf('string')
  }
  world.travel(3600)
  await browser.open(party.authorizationUrl(silently))
  expect(browser.callback.get('error')).toBe('login_required')
})

test('the session after it has limits of its own', async () => {
  const { browser } = await signedIn(world, { party, citizen })
  world.travel(ABSOLUTE + 5)
  await signedIn(world, { browser, party, citizen })
  for (let hours = 1; hours < 12; hours++) {
    world.travel(3600)
    await browser.open(party.authorizationUrl(silently))
    expect(browser.callback.get('code'), `after ${hours} h`).toBeTypeOf('string')
  }
})
