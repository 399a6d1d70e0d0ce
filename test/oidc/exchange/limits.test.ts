import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ACCESS_TOKEN } from '#src/oidc/exchange/token-types.ts'
import { introspect, PAYMENTS, registerResourceServer, tokenFor } from '../../resource-server.ts'
import { fapiParty } from '../../signing-party.ts'
import type { Citizen } from '../../world.ts'
import { AUDIENCES, type Rig, startRig } from './rig.ts'

/** Token exchange (RFC 8693): to whom, and how much. */

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

const refused = (error: string, description?: RegExp) => ({
  status: 400,
  body: { error, ...(description && { error_description: expect.stringMatching(description) }) },
})
const targets = async () => rig.exchanged(rig.parties.front, signIn.home, { audience: ['back', 'far'] })

describe('a target is refused', () => {
  test.each<[string, Record<string, string | string[] | undefined>]>([
    ['that is not in the policy', { audience: 'front' }],
    ['that is not in the policy, beside one that is', { audience: ['back', 'front'] }],
    ['that is not in the policy, as a resource', { audience: undefined, resource: 'https://other.example/api' }],
    ['that differs by a slash', { audience: `${PAYMENTS}/` }],
    ['where none is named and the token is for everybody', { audience: undefined }],
    ['where a resource is named that is a client', { audience: undefined, resource: 'back' }],
  ])('%s', async (_what, parameters) => {
    expect(await rig.exchange(rig.parties.front, signIn.home, parameters)).toMatchObject(refused('invalid_target'))
  })
  test('by a client without a policy', async () => {
    const party = await rig.party({ exchange_audiences: [], resource_indicators: [PAYMENTS] })
    const { home } = await rig.signIn(citizen, party)
    for (const audience of AUDIENCES)
      expect(await rig.exchange(party, home, { audience })).toMatchObject(refused('invalid_target'))
  })
  test('beyond the audience of the subject token, whatever the policy says', async () => {
    const beyond = refused('invalid_target', /beyond the audience of subject_token/)
    for (const audience of ['back', 'keeper', [PAYMENTS, 'back']])
      expect(await rig.exchange(rig.parties.keeper, signIn.payments, { audience })).toMatchObject(beyond)
    const forBack = await rig.exchanged(rig.parties.front, signIn.home)
    expect(await rig.exchange(rig.parties.back, forBack, { audience: 'far' })).toMatchObject(beyond)
  })
  test('that is suspended, in the words for one that is not there', async () => {
    const identifier = 'https://closing.example/api'
    await registerResourceServer(rig.world, { identifier, scopes: [{ name: 'closing', title: 'Всё' }] })
    await rig.world.house.resourceServers.setState(identifier, 'suspended', 'test')
    const party = await rig.party({
      exchange_audiences: [identifier, 'gone'],
      resource_indicators: [PAYMENTS],
    })
    const { home } = await rig.signIn(citizen, party)
    for (const audience of [identifier, 'gone', 'https://nobody.example'])
      expect(await rig.exchange(party, home, { audience })).toMatchObject(
        refused('invalid_target', /is not one that this client may name$/),
      )
  })
  test('where several know people by different subjects', async () => {
    const pairwise = await rig.party({ subject_type: 'pairwise' })
    const { client_id } = pairwise.registration
    const party = await rig.party({ exchange_audiences: ['back', client_id], resource_indicators: [PAYMENTS] })
    const { home } = await rig.signIn(citizen, party)
    const answer = await rig.exchange(party, home, { audience: ['back', client_id] })
    expect(answer).toMatchObject(refused('invalid_target', /different subjects/))
  })
})

describe('a scope is refused', () => {
  test.each(['openid phone', 'payments:read', 'anything'])('beyond that of the subject token: %s', async (scope) => {
    const answer = await rig.exchange(rig.parties.front, signIn.home, { scope })
    expect(answer).toMatchObject(refused('invalid_scope', new RegExp(scope.split(' ').at(-1)!)))
  })
  test('that an exchange before has given up', async () => {
    const narrow = await rig.exchanged(rig.parties.front, signIn.home, { audience: ['back', 'far'], scope: 'openid' })
    const answer = await rig.exchange(rig.parties.back, narrow, { audience: 'far', scope: 'openid email' })
    expect(answer).toMatchObject(refused('invalid_scope', /email/))
  })
})

describe('authority is never passed towards stronger requirements', () => {
  test('a client that demands a stronger sign-in', async () => {
    const { registration } = await rig.party({ minimum_acr: 'aal2' })
    const party = await rig.party({ exchange_audiences: [registration.client_id], resource_indicators: [PAYMENTS] })
    const { home } = await rig.signIn(citizen, party)
    const answer = await rig.exchange(party, home, { audience: registration.client_id })
    expect(answer).toMatchObject(refused('invalid_target', /demands a sign-in of level aal2/))
  })
  test('a client of FAPI, which takes bound tokens only', async () => {
    const { clientId } = await fapiParty(rig.world)
    const party = await rig.party({ exchange_audiences: [clientId], resource_indicators: [PAYMENTS] })
    const { home } = await rig.signIn(citizen, party)
    const answer = await rig.exchange(party, home, { audience: clientId })
    expect(answer).toMatchObject(refused('invalid_target', /takes sender-constrained tokens only/))
  })
  test('a resource server whose client demands a stronger sign-in', async () => {
    const { registration } = await rig.party({ minimum_acr: 'aal2' })
    const identifier = 'https://strong.example/api'
    const scopes = [{ name: 'strong', title: 'Всё' }]
    await registerResourceServer(rig.world, { identifier, scopes, client_id: registration.client_id })
    const party = await rig.party({ exchange_audiences: [identifier], resource_indicators: [PAYMENTS] })
    const { home } = await rig.signIn(citizen, party)
    expect(await rig.exchange(party, home, { audience: identifier })).toMatchObject(refused('invalid_target', /aal2/))
  })
  test('by a client that demands a stronger sign-in itself', async () => {
    const strict = await rig.party()
    const { client_id } = strict.registration
    const party = await rig.party({ exchange_audiences: [client_id], resource_indicators: [PAYMENTS] })
    const { home } = await rig.signIn(citizen, party)
    const token = await rig.exchanged(party, home, { audience: client_id })
    await rig.change(strict, { minimum_acr: 'aal2', exchange_audiences: [client_id] })
    const answer = await rig.exchange(strict, token, { audience: client_id })
    expect(answer).toMatchObject(refused('invalid_target', /aal2/))
  })
  test('but a sign-in that is strong enough may', async () => {
    const { registration } = await rig.party({ minimum_acr: 'aal2' })
    const party = await rig.party({ exchange_audiences: [registration.client_id], resource_indicators: [PAYMENTS] })
    const { home } = await rig.signIn(citizen, party, { acr_values: 'aal2' })
    expect((await rig.exchange(party, home, { audience: registration.client_id })).status).toBe(200)
  })
})

describe('who acts', () => {
  const actOf = async (token: string, by = rig.parties.far) => (await introspect(rig.world, by, token)).body.act
  const link = (client_id: string, act?: object) => ({ sub: client_id, client_id, ...(act && { act }) })

  test('is the client that exchanged, before those that did so earlier', async () => {
    const first = await targets()
    expect(await actOf(first)).toEqual(link('front'))
    const second = await rig.exchanged(rig.parties.back, first, { audience: 'far' })
    expect(await actOf(second)).toEqual(link('back', link('front')))
  })
  test('is never forgotten, and never more than four', async () => {
    let token = await targets()
    for (let i = 0; i < 3; i++) token = await rig.exchanged(rig.parties.back, token, { audience: ['back', 'far'] })
    const before = link('back', link('back', link('back', link('front'))))
    expect(await actOf(token)).toEqual(before)
    const answer = await rig.exchange(rig.parties.back, token, { audience: 'far' })
    expect(answer).toMatchObject(refused('invalid_request', /^act: more than 4/))
  })
  test('may be shown by a token of the client itself, which adds nothing', async () => {
    const own = await tokenFor(rig.world, rig.parties.front, { grant_type: 'client_credentials' })
    const actor = { actor_token: own.body.access_token, actor_token_type: ACCESS_TOKEN }
    const token = await rig.exchanged(rig.parties.front, signIn.home, { audience: 'far', ...actor })
    expect(await actOf(token)).toEqual(link('front'))
  })
  test('may be a person who signed in to the same client', async () => {
    const clerk = await rig.world.citizen()
    const { home } = await rig.signIn(clerk)
    const actor = { actor_token: home, actor_token_type: ACCESS_TOKEN }
    const token = await rig.exchanged(rig.parties.front, signIn.home, { audience: 'far', ...actor })
    expect(await actOf(token)).toEqual({ sub: String(clerk.oid), client_id: 'front' })
    expect((await introspect(rig.world, rig.parties.far, token)).body.sub).toBe(String(citizen.oid))
  })
  test('is never taken from a token of another client, or from what is none', async () => {
    const other = await tokenFor(rig.world, rig.parties.back, { grant_type: 'client_credentials' })
    const person = await rig.signIn(await rig.world.citizen(), rig.parties.back)
    for (const actor_token of [other.body.access_token, person.home, 'nothing', signIn.refresh]) {
      const actor = { actor_token, actor_token_type: ACCESS_TOKEN }
      const answer = await rig.exchange(rig.parties.front, signIn.home, actor)
      expect(answer).toMatchObject(refused('invalid_request', /actor_token/))
    }
  })
  test('is never a person whose account is blocked', async () => {
    const clerk = await rig.world.citizen()
    const { home } = await rig.signIn(clerk)
    await rig.world.block(clerk)
    const actor = { actor_token: home, actor_token_type: ACCESS_TOKEN }
    expect(await rig.exchange(rig.parties.front, signIn.home, actor)).toMatchObject(
      refused('invalid_request', /actor_token/),
    )
  })
})
