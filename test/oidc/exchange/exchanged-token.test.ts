import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ACCESS_TOKEN, JWT } from '#src/oidc/exchange/token-types.ts'
import { introspect, PAYMENTS, payment, readJwt, send } from '../../resource-server.ts'
import { signedIn } from '../../signing-in.ts'
import type { Citizen } from '../../world.ts'
import { type Rig, startRig } from './rig.ts'

/** Token exchange (RFC 8693): what comes out, and how long it lives. */

let rig: Rig
let citizen: Citizen
let signIn: Awaited<ReturnType<Rig['signIn']>>
beforeAll(async () => {
  rig = await startRig()
})
beforeEach(async () => {
  citizen = await rig.world.citizen()
  signIn = await rig.signIn(citizen)
})
afterAll(() => rig.world.stop())

describe('an exchanged token', () => {
  test('for a client is opaque, for it alone, and says whose authority it is and who acts', async () => {
    const { back, far, front, keeper } = rig.parties
    const { body, headers } = await rig.exchange(front, signIn.home, { scope: 'openid email' })
    expect(body).toEqual({
      access_token: expect.stringMatching(/^[\w-]{40,}$/),
      issued_token_type: ACCESS_TOKEN,
      token_type: 'Bearer',
      expires_in: expect.any(Number),
      scope: 'openid email',
    })
    expect(headers['cache-control']).toContain('no-store')
    const told = (await introspect(rig.world, back, body.access_token)).body
    expect(told).toMatchObject({
      active: true,
      aud: ['back'],
      client_id: 'front',
      sub: String(citizen.oid),
      scope: 'openid email',
      acr: 'aal1',
      act: { sub: 'front', client_id: 'front' },
    })
    for (const stranger of [far, keeper]) expect(await rig.isActive(stranger, body.access_token)).toBe(false)
  })
  test('hands no personal data to whom the person gave none', async () => {
    const token = await rig.exchanged(rig.parties.front, signIn.home)
    expect((await rig.parties.back.userinfo(token)).status).toBe(401)
  })
  test('for a resource server is a JWT with its scopes only, which may be asked for by name', async () => {
    const { body } = await rig.exchange(rig.parties.front, signIn.payments, {
      audience: undefined,
      resource: PAYMENTS,
      scope: 'payments:read',
      requested_token_type: JWT,
    })
    expect(body).toMatchObject({ issued_token_type: JWT, scope: 'payments:read' })
    expect(await readJwt(rig.world, body.access_token)).toMatchObject({
      sub: String(citizen.oid),
      client_id: 'front',
      scope: 'payments:read',
      acr: 'aal1',
      auth_time: expect.any(Number),
      act: { sub: 'front', client_id: 'front' },
    })
    const home = await rig.exchanged(rig.parties.front, signIn.home, { audience: PAYMENTS })
    expect(await readJwt(rig.world, home)).not.toHaveProperty('scope')
  })
  test('without a named target is for those that the first was for', async () => {
    const token = await rig.exchanged(rig.parties.keeper, signIn.payments, { audience: undefined })
    expect(await readJwt(rig.world, token)).toMatchObject({ scope: 'payments:read payments:write' })
  })
  test('is exchanged on, JWT or not', async () => {
    const first = await rig.exchanged(rig.parties.keeper, signIn.payments, { audience: PAYMENTS })
    const second = await rig.exchanged(rig.parties.front, signIn.payments, { audience: PAYMENTS })
    for (const token of [first, second]) {
      const again = await rig.exchanged(rig.parties.keeper, token, { audience: PAYMENTS })
      expect((await readJwt(rig.world, again)).act).toMatchObject({ sub: 'keeper', act: expect.any(Object) })
    }
  })
  test('never says offline_access', async () => {
    const scope = 'openid offline_access'
    const { tokens } = await signedIn(rig.world, {
      party: rig.parties.front,
      citizen,
      parameters: { scope, prompt: 'consent' },
    })
    expect(tokens.scope).toContain('offline_access')
    expect((await rig.exchange(rig.parties.front, tokens.access_token)).body.scope).toBe('openid')
  })
  test('carries the details agreed to where it is for the same resource server', async () => {
    const party = await rig.party({ resource_indicators: [PAYMENTS], authorization_details_types: ['payment'] })
    const { tokens } = await signedIn(rig.world, {
      party,
      citizen,
      parameters: {
        scope: 'openid payments:read',
        resource: PAYMENTS,
        authorization_details: JSON.stringify([payment]),
      },
    })
    const token = await rig.exchanged(party, tokens.access_token, { audience: PAYMENTS })
    expect(await readJwt(rig.world, token)).toMatchObject({ authorization_details: [payment] })
  })
  test('names the person as a pairwise target knows them, and never by number', async () => {
    const pairwise = await rig.party({ subject_type: 'pairwise' })
    const { client_id } = pairwise.registration
    const party = await rig.party({ exchange_audiences: [client_id], resource_indicators: [PAYMENTS] })
    const { home } = await rig.signIn(citizen, party)
    const token = await rig.exchanged(party, home, { audience: client_id })
    const known = await pairwise.claims((await signedIn(rig.world, { party: pairwise, citizen })).tokens.id_token)
    const told = (await introspect(rig.world, pairwise, token)).body
    expect(told.sub).toBe(known.sub)
    expect(JSON.stringify(told)).not.toContain(String(citizen.oid))
  })
  test('is journalled', async () => {
    await rig.exchanged(rig.parties.front, signIn.home, { scope: 'openid' })
    const event = (await rig.world.journal(citizen.oid)).find(({ type }) => type === 'token.exchanged')
    expect(event?.fields).toMatchObject({ client: 'front', from: 'front', audience: 'back', scope: 'openid' })
  })
})

describe('an exchanged token ends', () => {
  /** One exchanged once and one exchanged twice. */
  const tokens = async () => {
    const first = await rig.exchanged(rig.parties.front, signIn.home, { audience: ['back', 'far'] })
    return [first, await rig.exchanged(rig.parties.back, first, { audience: 'far' })]
  }
  const active = async (list: readonly string[]) =>
    Promise.all(list.map((token) => rig.isActive(rig.parties.far, token)))

  test.each(['home', 'refresh'] as const)('with the grant of the first, revoked by its %s token', async (which) => {
    const list = await tokens()
    expect(await active(list)).toEqual([true, true])
    await send(rig.world, rig.parties.front, '/oauth2/revoke', { token: signIn[which] })
    expect(await active(list)).toEqual([false, false])
  })
  test('when the person signs out', async () => {
    const list = await tokens()
    await signIn.browser.open(`${rig.world.origin}/oauth2/logout`)
    await signIn.browser.submit({ logout: 'yes' })
    expect(await active(list)).toEqual([false, false])
  })
  test('when the account is blocked', async () => {
    const list = await tokens()
    await rig.world.block(citizen)
    expect(await active(list)).toEqual([false, false])
  })
  test('when the client that it began with is suspended, which exchanges nothing more', async () => {
    const party = await rig.party({ exchange_audiences: ['back', 'far'], resource_indicators: [PAYMENTS] })
    const { home } = await rig.signIn(citizen, party)
    const first = await rig.exchanged(party, home, { audience: ['back', 'far'] })
    await rig.world.house.registrar.suspend(party.registration.client_id, 'a test')
    expect(await active([first])).toEqual([false])
    expect((await rig.exchange(party, home)).status).toBe(401)
    const answer = await rig.exchange(rig.parties.back, first, { audience: 'far' })
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
  })
  test('alone when whoever exchanged it revokes it: the first lives on', async () => {
    const [first, second] = await tokens()
    expect((await send(rig.world, rig.parties.back, '/oauth2/revoke', { token: second! })).status).toBe(200)
    expect(await active([first!, second!])).toEqual([true, false])
    expect((await rig.parties.front.userinfo(signIn.home)).status).toBe(200)
  })
  test('not by the hand of whom it is for', async () => {
    const [first] = await tokens()
    expect((await send(rig.world, rig.parties.far, '/oauth2/revoke', { token: first! })).status).toBe(400)
    expect(await active([first!])).toEqual([true])
  })
})

test('an exchanged token never outlives the one that it came from', async () => {
  const other = await startRig()
  const { home } = await other.signIn(await other.world.citizen())
  other.world.travel(400)
  const first = await other.exchange(other.parties.front, home, { audience: ['back', 'far'] })
  expect(first.body.expires_in).toBeLessThanOrEqual(200)
  const jwt = await other.exchange(other.parties.front, home, { audience: PAYMENTS })
  expect(jwt.body.expires_in).toBeLessThanOrEqual(200)
  other.world.travel(100)
  const second = await other.exchange(other.parties.back, first.body.access_token, { audience: 'far' })
  expect(second.body.expires_in).toBeLessThanOrEqual(100)
  other.world.travel(101)
  for (const token of [first.body.access_token, second.body.access_token])
    expect(await other.isActive(other.parties.far, token)).toBe(false)
  await other.world.stop()
})
