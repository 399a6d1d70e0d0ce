import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import type { ActingParty } from '../../relying-party.ts'
import { type Citizen, startWorld, type World } from '../../world.ts'
import { ask, asked, cibaClient, fetchResult, messageOf, settled } from './acting-client.ts'
import { allTold, listenForPings, type Pinged, pinged } from './pinged.ts'

let listener: Pinged
let world: World
let party: ActingParty
let citizen: Citizen

beforeAll(async () => {
  listener = await listenForPings()
  world = await startWorld({ env: { OUTBOUND_ORIGINS: listener.origin } })
  party = await cibaClient(world, pinged(`${listener.origin}/ping`))
})
beforeEach(async () => {
  citizen = await world.citizen()
})
afterEach(() => listener.clear())
afterAll(async () => {
  await world.stop()
  listener.stop()
})

async function decide(decision: 'approve' | 'refuse', client = party) {
  const request = await asked(world, client, {
    login_hint: citizen.phone,
    client_notification_token: 'token-of-the-client',
  })
  const browser = world.browser()
  await browser.open((await messageOf(world, citizen)).link)
  await browser.submit({ code: await world.code(citizen.phone), decision })
  return request
}

test('a client is told of a decision by the token that it gave, and fetches the result', async () => {
  const request = await decide('approve')
  await listener.reached(1)
  expect(listener.pings[0]).toEqual({
    path: '/ping',
    authorization: 'Bearer token-of-the-client',
    contentType: 'application/json',
    body: JSON.stringify({ auth_req_id: request.auth_req_id }),
  })
  expect((await fetchResult(party, request)).status).toBe(200)
})

test('of a refusal too', async () => {
  const request = await decide('refuse')
  await listener.reached(1)
  expect((await fetchResult(party, request)).body.error).toBe('access_denied')
})

test('a client that is down is told again', async () => {
  listener.answers.push(503, 429)
  await decide('approve')
  await listener.reached(3)
}, 20_000)

test.each([301, 401])('a client that answers %i is told once; no redirect is followed', async (status) => {
  listener.answers.push(status)
  await decide('approve')
  await listener.reached(1)
  await allTold(world)
  expect(listener.pings.map(({ path }) => path)).toEqual(['/ping'])
  expect(world.logLines.join('\n')).toContain(`"status":${status}`)
})

test('nobody is told before there is a decision', async () => {
  await asked(world, party, { login_hint: citizen.phone, client_notification_token: 't' })
  await messageOf(world, citizen)
  await settled(world)
  expect(listener.pings).toEqual([])
})

test('an address inside the house is never called', async () => {
  const inside = await cibaClient(world, pinged('https://127.0.0.1:1/ping'))
  const request = await decide('approve', inside)
  await vi.waitFor(() => expect(world.logLines.join('\n')).toContain('client not told of a decision'), {
    timeout: 10_000,
  })
  expect(listener.pings).toEqual([])
  expect((await fetchResult(inside, request)).status).toBe(200)
})

test('a request without a token to ping with is refused', async () => {
  const { body } = await ask(world, party, { login_hint: citizen.phone })
  expect(body).toMatchObject({ error: 'invalid_request' })
})
