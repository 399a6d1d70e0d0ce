import { compactDecrypt, createLocalJWKSet, decodeProtectedHeader, exportJWK, generateKeyPair, jwtVerify } from 'jose'
import supertest from 'supertest'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ActingParty } from '../../relying-party.ts'
import { introspect, PAYMENTS, registerResourceServer, send, tokenFor } from '../../resource-server.ts'
import { signedIn } from '../../signing-in.ts'
import { type Citizen, startWorld, type World } from '../../world.ts'

/** Token introspection (RFC 7662), and its answer as a JWT (RFC 9701). */

const JWT = 'application/token-introspection+jwt'
const INACTIVE = { active: false }

let world: World
let party: ActingParty
let stranger: ActingParty
let keeper: ActingParty
let citizen: Citizen
beforeAll(async () => {
  world = await startWorld()
  ;[keeper, stranger] = await Promise.all([world.relyingParty(), world.relyingParty()])
  await registerResourceServer(world, { token_format: 'opaque', client_id: keeper.registration.client_id })
})
beforeEach(async () => {
  party = await world.relyingParty({
    grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
    resource_indicators: [PAYMENTS],
  })
  citizen = await world.citizen()
})
afterAll(() => world.stop())

async function tokens() {
  const parameters = { scope: 'openid email payments:read', resource: PAYMENTS }
  const home = (await signedIn(world, { party, citizen, parameters })).tokens
  const { body } = await party.refresh(home.refresh_token!, { resource: PAYMENTS })
  return { home: home.access_token, away: body.access_token, refresh: body.refresh_token! }
}

describe('nothing but {"active":false} is told', () => {
  test('to a client that has nothing to do with the token', async () => {
    const { home, away, refresh } = await tokens()
    for (const token of [home, away, refresh]) expect((await introspect(world, stranger, token)).body).toEqual(INACTIVE)
  })
  test('to the client of a resource server about tokens that are not for it', async () => {
    const { home, refresh } = await tokens()
    for (const token of [home, refresh]) expect((await introspect(world, keeper, token)).body).toEqual(INACTIVE)
  })
  test('about what is no token', async () => {
    for (const token of ['nothing', 'a\0b', '\ud800', 'x'.repeat(10_000)])
      expect((await introspect(world, party, token)).body).toEqual(INACTIVE)
  })
  test('about an expired, a revoked or a spent one', async () => {
    const first = await tokens()
    await send(world, party, '/oauth2/revoke', { token: first.away })
    expect((await introspect(world, party, first.away)).body).toEqual(INACTIVE)
    const second = await tokens()
    await party.refresh(second.refresh)
    expect((await introspect(world, party, second.refresh)).body).toEqual(INACTIVE)
  })
  test('about the tokens of a blocked account', async () => {
    const { home, away, refresh } = await tokens()
    await world.block(citizen)
    for (const token of [home, away, refresh]) expect((await introspect(world, party, token)).body).toEqual(INACTIVE)
    expect((await introspect(world, keeper, away)).body).toEqual(INACTIVE)
  })
  test('to a resource server about the tokens of a suspended client', async () => {
    const { away } = await tokens()
    const { client_id } = party.registration
    await world.house.store.db
      .updateTable('clients')
      .set({ state: 'suspended', changed_at: new Date() })
      .where('client_id', '=', client_id)
      .execute()
    const elsewhere = await startWorld({ beside: world })
    expect((await introspect(elsewhere, keeper, away)).body).toEqual(INACTIVE)
    await elsewhere.stop()
  })
  test('to a resource server that is suspended', async () => {
    const identifier = 'https://closing.example/api'
    const owner = await world.relyingParty()
    await registerResourceServer(world, {
      identifier,
      scopes: [{ name: 'closing', title: 'Всё' }],
      token_format: 'opaque',
      client_id: owner.registration.client_id,
    })
    const asking = await world.relyingParty({ grant_types: ['client_credentials'], resource_indicators: [identifier] })
    const { body } = await tokenFor(world, asking, { grant_type: 'client_credentials', resource: identifier })
    expect((await introspect(world, owner, body.access_token)).body).toMatchObject({ active: true })
    await world.house.resourceServers.setState(identifier, 'suspended', 'test')
    expect((await introspect(world, owner, body.access_token)).body).toEqual(INACTIVE)
  })
})

test('a JWT is read and not introspected, which its holder is told', async () => {
  const identifier = 'https://jwt.example/api'
  await registerResourceServer(world, { identifier, scopes: [{ name: 'jwt', title: 'Всё' }] })
  const asking = await world.relyingParty({ grant_types: ['client_credentials'], resource_indicators: [identifier] })
  const { body } = await tokenFor(world, asking, { grant_type: 'client_credentials', resource: identifier })
  const refused = await introspect(world, asking, body.access_token)
  expect(refused).toMatchObject({ status: 400, body: { error: 'unsupported_token_type' } })
})

describe('what there is to know is told', () => {
  test('to the client that the token was issued to', async () => {
    const { home, away, refresh } = await tokens()
    const common = { active: true, client_id: party.registration.client_id, sub: String(citizen.oid) }
    expect((await introspect(world, party, home)).body).toMatchObject({ ...common, acr: 'aal1', token_type: 'Bearer' })
    expect((await introspect(world, party, away)).body).toMatchObject({ ...common, scope: 'payments:read' })
    expect((await introspect(world, party, refresh)).body).toMatchObject(common)
  })
  test('to the client of the resource server that it is for', async () => {
    const { away } = await tokens()
    const { body } = await introspect(world, keeper, away)
    expect(body).toMatchObject({
      active: true,
      aud: PAYMENTS,
      scope: 'payments:read',
      sub: String(citizen.oid),
      client_id: party.registration.client_id,
      acr: 'aal1',
      auth_time: expect.any(Number),
    })
    expect(body).not.toHaveProperty('email')
  })
  test('naming the person as a pairwise resource server knows them', async () => {
    const owner = await world.relyingParty({ subject_type: 'pairwise' })
    const identifier = 'https://pairwise.example/api'
    await registerResourceServer(world, {
      identifier,
      scopes: [{ name: 'pairwise', title: 'Всё' }],
      token_format: 'opaque',
      client_id: owner.registration.client_id,
    })
    const asking = await world.relyingParty({ resource_indicators: [identifier] })
    const parameters = { scope: 'openid pairwise', resource: identifier }
    const home = (await signedIn(world, { party: asking, citizen, parameters })).tokens
    const { body } = await asking.refresh(home.refresh_token!, { resource: identifier })
    const known = await owner.claims((await signedIn(world, { party: owner, citizen })).tokens.id_token)
    const told = (await introspect(world, owner, body.access_token)).body
    expect(told.sub).toBe(known.sub)
    expect(JSON.stringify(told)).not.toContain(String(citizen.oid))
  })
})

describe('as a JWT', () => {
  const read = async (jwt: string, audience: string) => {
    const { body } = await supertest(world.listens).get('/oauth2/jwks')
    return jwtVerify(jwt, createLocalJWKSet(body), { issuer: world.origin, audience, currentDate: new Date() })
  }
  test('it is for whoever asked, and not for the audience of the token', async () => {
    const owner = await world.relyingParty({ introspection_signed_response_alg: 'ES256' })
    const identifier = 'https://signed.example/api'
    await registerResourceServer(world, {
      identifier,
      scopes: [{ name: 'signed', title: 'Всё' }],
      token_format: 'opaque',
      client_id: owner.registration.client_id,
    })
    const asking = await world.relyingParty({ grant_types: ['client_credentials'], resource_indicators: [identifier] })
    const { body } = await tokenFor(world, asking, { grant_type: 'client_credentials', resource: identifier })
    const answer = await introspect(world, owner, body.access_token, { Accept: JWT })
    expect(answer.headers['content-type']).toContain(JWT)
    expect(decodeProtectedHeader(answer.text)).toMatchObject({ alg: 'ES256', typ: 'token-introspection+jwt' })
    const { payload } = await read(answer.text, owner.registration.client_id)
    expect(payload.token_introspection).toMatchObject({ active: true, aud: identifier })
    expect(payload).not.toHaveProperty('sub')
    const nothing = await introspect(world, owner, 'nothing', { Accept: JWT })
    const inactive = await read(nothing.text, owner.registration.client_id)
    expect(inactive.payload.token_introspection).toEqual(INACTIVE)
  })
  test('it is encrypted for a client that is set so, and plain for nobody else to read', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ECDH-ES', { extractable: true })
    const secretive = await world.relyingParty({
      grant_types: ['client_credentials'],
      introspection_signed_response_alg: 'ES256',
      introspection_encrypted_response_alg: 'ECDH-ES',
      introspection_encrypted_response_enc: 'A256GCM',
      jwks: { keys: [{ ...(await exportJWK(publicKey)), use: 'enc', alg: 'ECDH-ES', kid: 'enc' }] },
    })
    const { body } = await tokenFor(world, secretive, { grant_type: 'client_credentials' })
    const plain = await introspect(world, secretive, body.access_token)
    expect(plain).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    const answer = await introspect(world, secretive, body.access_token, { Accept: JWT })
    const { plaintext } = await compactDecrypt(answer.text, privateKey)
    const { payload } = await read(Buffer.from(plaintext).toString(), secretive.registration.client_id)
    expect(payload.token_introspection).toMatchObject({ active: true })
  })
})
