import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { JWT } from '#src/oidc/exchange/token-types.ts'
import { PAYMENTS, readJwt, send, tokenFor } from '../../resource-server.ts'
import { corrupted } from '../../signing-party.ts'
import type { Citizen } from '../../world.ts'
import { type Rig, startRig } from './rig.ts'

/** Token exchange (RFC 8693): which tokens are taken, and from whom. */

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
/** The same request for a token of either form: opaque for a client, a JWT for the resource server. */
const both = (): [string, { audience: string }][] => [
  [signIn.home, { audience: 'back' }],
  [signIn.payments, { audience: PAYMENTS }],
]

describe('a request is refused', () => {
  test('from a client that is not registered for it', async () => {
    const plain = await rig.world.relyingParty({ exchange_audiences: ['back'] })
    expect((await rig.exchange(plain, signIn.home)).status).toBe(400)
  })
  test('from a client that proves nothing of itself', async () => {
    const open = await rig.party({ token_endpoint_auth_method: 'none', client_secret: undefined as never })
    expect(await rig.exchange(open, signIn.home)).toMatchObject({ body: { error: 'unauthorized_client' } })
  })
  test.each<[string, Record<string, string | undefined>, RegExp]>([
    ['without a token', { subject_token: undefined }, /subject_token is missing/],
    ['without its type', { subject_token_type: undefined }, /subject_token_type is missing/],
    ['with another type', { subject_token_type: 'urn:ietf:params:oauth:token-type:id_token' }, /subject_token_type/],
    ['with an opaque token called a JWT', { subject_token_type: JWT }, /subject_token_type/],
    ['for another type', { requested_token_type: 'urn:ietf:params:oauth:token-type:refresh_token' }, /requested_/],
    ['for a JWT where none is issued', { requested_token_type: JWT }, /requested_token_type/],
    ['with an actor of no type', { actor_token: 'x' }, /actor_token_type is missing/],
    ['with an actor type and no actor', { actor_token_type: JWT }, /actor_token is missing/],
  ])('%s', async (_what, parameters, description) => {
    const answer = await rig.exchange(rig.parties.front, signIn.home, parameters)
    expect(answer).toMatchObject(refused('invalid_request', description))
  })
  test('with a parameter twice that may come once', async () => {
    const answer = await rig.exchange(rig.parties.front, signIn.home, { subject_token: [signIn.home, signIn.home] })
    expect(answer).toMatchObject(refused('invalid_request'))
  })
})

describe('a subject token is refused', () => {
  const NOT_IN_FORCE = refused('invalid_request', /^subject_token is not an access token in force$/)

  test.each(['', 'nothing', 'a.b.c', 'a\0b', '\ud800', 'x'.repeat(10_000)])('that is none: %#', async (token) => {
    expect((await rig.exchange(rig.parties.front, token)).status).toBe(400)
  })
  test('that is a refresh token, or one that a client has for itself', async () => {
    const own = await tokenFor(rig.world, rig.parties.front, { grant_type: 'client_credentials' })
    for (const token of [signIn.refresh, own.body.access_token])
      expect(await rig.exchange(rig.parties.front, token)).toMatchObject(NOT_IN_FORCE)
  })
  test('whose signature is another', async () => {
    const answer = await rig.exchange(rig.parties.front, corrupted(signIn.payments), { audience: PAYMENTS })
    expect(answer).toMatchObject(NOT_IN_FORCE)
  })
  test('that somebody else signed with the same words, whatever key its header brings', async () => {
    const claims = await readJwt(rig.world, signIn.payments)
    const { privateKey, publicKey } = await generateKeyPair('ES256')
    const header = { alg: 'ES256', typ: 'at+jwt', jwk: await exportJWK(publicKey) }
    const forged = await new SignJWT(claims).setProtectedHeader(header).sign(privateKey)
    const [, payload] = signIn.payments.split('.')
    const unsigned = `${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')}.${payload}.`
    for (const token of [forged, unsigned])
      expect(await rig.exchange(rig.parties.front, token, { audience: PAYMENTS })).toMatchObject(NOT_IN_FORCE)
  })
  test('that is the jti of a JWT, which a resource server may have logged', async () => {
    const { jti } = await readJwt(rig.world, signIn.payments)
    expect(await rig.exchange(rig.parties.front, jti!, { audience: PAYMENTS })).toMatchObject(NOT_IN_FORCE)
  })
  test('that is an id_token', async () => {
    const { body } = await rig.parties.front.refresh(signIn.refresh)
    const answer = await rig.exchange(rig.parties.front, body.id_token, { audience: PAYMENTS })
    expect(answer).toMatchObject(NOT_IN_FORCE)
  })
  test('that was revoked with its grant', async () => {
    await send(rig.world, rig.parties.front, '/oauth2/revoke', { token: signIn.refresh })
    for (const [token, target] of both())
      expect(await rig.exchange(rig.parties.front, token, target)).toMatchObject(NOT_IN_FORCE)
  })
  test('whose person signed out', async () => {
    const { browser } = signIn
    await browser.open(`${rig.world.origin}/oauth2/logout`)
    await browser.submit({ logout: 'yes' })
    for (const [token, target] of both())
      expect(await rig.exchange(rig.parties.front, token, target)).toMatchObject(NOT_IN_FORCE)
  })
  test('whose account is blocked', async () => {
    await rig.world.block(citizen)
    for (const [token, target] of both())
      expect(await rig.exchange(rig.parties.front, token, target)).toMatchObject(NOT_IN_FORCE)
  })
  test('in the hands of a client that it was neither issued to nor is meant for', async () => {
    const stolen = refused('invalid_request', /neither issued to this client nor/)
    for (const [token, target] of both())
      expect(await rig.exchange(rig.parties.back, token, target)).toMatchObject(stolen)
  })
})

test('a subject token that has expired is refused', async () => {
  const other = await startRig()
  const { home, payments } = await other.signIn(await other.world.citizen())
  other.world.travel(301)
  expect((await other.exchange(other.parties.front, payments, { audience: PAYMENTS })).status).toBe(400)
  expect((await other.exchange(other.parties.front, home)).status).toBe(200)
  other.world.travel(301)
  expect((await other.exchange(other.parties.front, home)).status).toBe(400)
  await other.world.stop()
})

test('a subject token is taken from whom it is meant for', async () => {
  const token = await rig.exchanged(rig.parties.keeper, signIn.payments, { audience: PAYMENTS, scope: 'payments:read' })
  expect(await readJwt(rig.world, token)).toMatchObject({ client_id: 'keeper', scope: 'payments:read' })
})
