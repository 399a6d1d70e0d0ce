import supertest from 'supertest'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Browser } from '../../browser-http.ts'
import type { ActingParty } from '../../relying-party.ts'
import { type Citizen, worldOfFile } from '../../world.ts'
import { ask, asked, cibaClient, fetchResult, messageOf, settled } from './acting-client.ts'

const world = worldOfFile()
let party: ActingParty
let citizen: Citizen
beforeAll(async () => {
  party = await cibaClient(world)
})
beforeEach(async () => {
  citizen = await world.citizen()
})

async function opened(link: string): Promise<Browser> {
  const browser = world.browser()
  await browser.open(link)
  return browser
}

const block = () => world.block(citizen)

describe('a request is refused by name', () => {
  test.each([
    ['without a hint', {}, 'missing one of required parameters'],
    ['with two hints', { login_hint: '+79161234567', id_token_hint: 'x' }, 'only one of required parameters'],
    ['with a hint that is nothing', { login_hint: 'somebody' }, 'login_hint must be'],
    ['with a token as the hint', { login_hint_token: 'x.y.z' }, 'login_hint_token is not supported'],
    ['with a forged id_token as the hint', { id_token_hint: 'x.y.z' }, 'could not validate id_token_hint'],
    ['for a level that nobody reaches', { login_hint: '+79161234567', acr_values: 'aal9' }, 'acr_values'],
    ['with a lifetime that is none', { login_hint: '+79161234567', requested_expiry: '-1' }, 'requested_expiry'],
    ['without openid', { login_hint: '+79161234567', scope: 'profile' }, 'openid scope'],
  ])('%s', async (_what, parameters, description) => {
    const { status, body } = await ask(world, party, parameters)
    expect(status).toBe(400)
    expect(body).toMatchObject({
      error: 'invalid_request',
      error_description: expect.stringContaining(description),
    })
  })

  test.each(['https://evil.example/x', 'call 8.800', 'a\nb', 'ⓐ', 'x'.repeat(41)])(
    'with a binding message like %j, which could mislead',
    async (binding_message) => {
      const { body } = await ask(world, party, { login_hint: citizen.phone, binding_message })
      expect(body.error).toBe('invalid_binding_message')
    },
  )

  test('of a client that is not registered for it, or does not authenticate', async () => {
    const other = await world.relyingParty()
    expect((await ask(world, other, { login_hint: citizen.phone })).body.error).toBe('invalid_request')
    const open = await cibaClient(world, { token_endpoint_auth_method: 'none', client_secret: undefined })
    const { body } = await supertest(world.listens)
      .post('/oauth2/ciba')
      .type('form')
      .send({ client_id: open.registration.client_id, scope: 'openid', login_hint: citizen.phone })
    expect(body.error).toBe('unauthorized_client')
    expect(world.sentTo(citizen.phone)).toBe(0)
  })

  test('of a client that asks all the time', async () => {
    const eager = await cibaClient(world)
    const key = `ciba_client:${eager.registration.client_id}`
    await world.house.store.db
      .insertInto('throttles')
      .values({ key, count: 600, window_started_at: new Date(), blocked_until: null, admitted: '' })
      .execute()
    expect((await ask(world, eager, { login_hint: '+79160000001' })).status).toBe(200)
    const { status, body } = await ask(world, eager, { login_hint: '+79160000001' })
    expect([status, body.error]).toEqual([429, 'temporarily_unavailable'])
  })
})

describe('nothing tells whether an account exists', () => {
  test('an unknown, blocked or foreign hint is answered and polled like any other, and nobody is bothered', async () => {
    await block()
    const before = world.sent.length
    const hints = [
      '+79167777777',
      'nobody@example.org',
      '1999999999',
      citizen.phone,
      citizen.email,
      String(citizen.oid),
    ]
    for (const login_hint of hints) {
      const { status, body } = await ask(world, party, { login_hint })
      expect([status, Object.keys(body).sort()]).toEqual([200, ['auth_req_id', 'expires_in', 'interval']])
      expect((await fetchResult(party, body)).body.error).toBe('authorization_pending')
    }
    await settled(world)
    expect(world.sent.length).toBe(before)
  })

  test('it expires like any other', async () => {
    const request = await asked(world, party, { login_hint: '+79167777777', requested_expiry: '60' })
    const known = await asked(world, party, { login_hint: citizen.phone, requested_expiry: '60' })
    world.travel(61)
    const answers = await Promise.all([fetchResult(party, request), fetchResult(party, known)])
    expect(answers[0].body).toEqual(answers[1].body)
    expect(answers[0].body.error).toBe('expired_token')
  })
})

describe('prompting until somebody gives in', () => {
  test('a client that was refused three times stays silent to this person for a day, and to nobody else', async () => {
    for (let n = 0; n < 3; n++) {
      world.travel(101)
      const request = await asked(world, party, { login_hint: citizen.phone })
      await (await opened((await messageOf(world, citizen, n)).link)).submit({ decision: 'refuse' })
      expect((await fetchResult(party, request)).body.error).toBe('access_denied')
    }
    world.travel(101)
    const request = await asked(world, party, { login_hint: citizen.phone })
    await settled(world)
    expect(world.sentTo(citizen.phone)).toBe(3)
    expect((await fetchResult(party, request)).body.error).toBe('authorization_pending')
    await asked(world, await cibaClient(world), { login_hint: citizen.phone })
    await messageOf(world, citizen, 3)
    world.travel(86_500)
    await asked(world, party, { login_hint: citizen.phone })
    await messageOf(world, citizen, 4)
  })
})
