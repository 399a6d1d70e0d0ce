import { createLocalJWKSet, jwtVerify } from 'jose'
import supertest from 'supertest'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { asText } from '../../as-text.ts'
import { type Claims, corrupted, fapiParty, now, type SigningParty, signingKey } from '../../signing-party.ts'
import { type Citizen, worldOfFile } from '../../world.ts'

/** Plan "FAPI2-Message-Signing-Final: Authorization server test", signed requests and JARM: what it has beyond the Security Profile's. */

const world = worldOfFile()
let party: SigningParty
let other: SigningParty
let citizen: Citizen
beforeAll(async () => {
  party = await fapiParty(world, { fapi_profile: 'message_signing', response_modes: ['jwt'] })
  other = await fapiParty(world, { fapi_profile: 'message_signing', response_modes: ['jwt'] })
  citizen = await world.citizen()
})
beforeEach(() => world.forgetAttempts())

const JARM = { response_mode: 'jwt' }
const push = async (
  parameters: Record<string, string | undefined> = {},
  claims: Claims = {},
  signing: Parameters<SigningParty['requestObject']>[2] = {},
) => party.push({ request: await party.requestObject({ ...JARM, ...parameters }, claims, signing) })

/** The verified answer of the authorization endpoint. */
async function answered(browser: { callback: URLSearchParams }, by = party) {
  expect([...browser.callback.keys()]).toEqual(['response'])
  const { body } = await supertest(world.listens).get('/oauth2/jwks')
  const { payload, protectedHeader } = await jwtVerify(browser.callback.get('response')!, createLocalJWKSet(body), {
    issuer: world.origin,
    audience: by.clientId,
  })
  return { payload: payload as typeof payload & { code: string; state?: string; error?: string }, protectedHeader }
}

async function arrived(pushed: Awaited<ReturnType<typeof push>>) {
  expect(pushed.status).toBe(201)
  return answered(await party.arrive(citizen, pushed.body.request_uri))
}

describe('a signed request', () => {
  test('leads to a signed answer that lives ten minutes at most, and to bound tokens', async () => {
    const { payload, protectedHeader } = await arrived(await push({ state: 'of the client' }))
    expect(payload).toMatchObject({ state: 'of the client', code: expect.any(String) })
    expect(payload.exp! - now()).toBeLessThanOrEqual(600)
    expect(['PS256', 'ES256', 'EdDSA']).toContain(protectedHeader.alg)
    const { status, body } = await party.redeem(payload.code)
    expect(status).toBe(200)
    expect((await party.userinfo(body.access_token)).body).toMatchObject({ sub: String(citizen.oid) })
  })
  test.each([
    [
      'fapi2-security-profile-final-ensure-server-accepts-request-object-with-multiple-aud',
      () => ({ aud: [world.origin, 'https://elsewhere.example'] }),
    ],
    [
      'fapi2-security-profile-final-ensure-request-object-with-nbf-8-seconds-in-the-future-is-accepted',
      () => ({ nbf: now() + 8 }),
    ],
  ])('%s: is taken', async (_module, claims) => {
    expect((await push({}, claims())).status).toBe(201)
  })
  test.each([
    ['fapi2-security-profile-final-ensure-request-object-with-64-char-nonce-success', 64],
    ['fapi2-security-profile-final-ensure-request-object-with-long-nonce', 384],
  ])('%s: a nonce of %i… characters comes back whole', async (_module, length) => {
    const nonce = 'n'.repeat(length)
    const { payload } = await arrived(await push({ nonce }))
    const { body } = await party.redeem(payload.code)
    expect((await party.acting.claims(body.id_token)).nonce).toBe(nonce)
  })
  test('fapi2-security-profile-final-ensure-request-object-with-long-state: a long state comes back whole', async () => {
    const state = 's'.repeat(384)
    expect((await arrived(await push({ state }))).payload.state).toBe(state)
  })
  test('says everything: what stands beside it is not used', async () => {
    const request = await party.requestObject({ ...JARM, state: 'inside' })
    const pushed = await party.push({ request, state: 'outside', scope: 'openid', client_id: party.clientId })
    expect((await arrived(pushed)).payload.state).toBe('inside')
  })
  test('is told about errors by a signed answer', async () => {
    const pushed = await push({ prompt: 'none' })
    const browser = world.browser()
    await browser.open(party.authorizationUrl(pushed.body.request_uri))
    expect((await answered(browser)).payload).toMatchObject({ error: 'login_required' })
  })
})

describe('a request is refused', () => {
  test.each([
    ['fapi2-security-profile-final-ensure-request-object-without-exp-fails', () => ({ exp: undefined })],
    ['fapi2-security-profile-final-ensure-request-object-without-nbf-fails', () => ({ nbf: undefined })],
    [
      'fapi2-security-profile-final-ensure-expired-request-object-fails',
      () => ({ nbf: now() - 600, exp: now() - 300 }),
    ],
    [
      'fapi2-security-profile-final-ensure-request-object-with-bad-aud-fails',
      () => ({ aud: 'https://elsewhere.example' }),
    ],
    ['fapi2-security-profile-final-ensure-request-object-with-exp-over-60-fails', () => ({ exp: now() + 4200 })],
    ['fapi2-security-profile-final-ensure-request-object-with-nbf-over-60-fails', () => ({ nbf: now() - 4200 })],
  ])('%s: invalid_request_object', async (_module, claims) => {
    expect(await push({}, claims())).toMatchObject({ status: 400, body: { error: 'invalid_request_object' } })
  })
  test.each([
    ['without an audience', () => ({ aud: undefined })],
    ['without an issuer', () => ({ iss: undefined })],
    ['with another issuer', () => ({ iss: other.clientId })],
    ['of another client', () => ({ client_id: other.clientId })],
    ['without a client', () => ({ client_id: undefined })],
    ['with a request in it', () => ({ request: 'x' })],
    ['with a request_uri in it', () => ({ request_uri: 'urn:x' })],
    ['from the future', () => ({ nbf: now() + 70, exp: now() + 130 })],
    ['written in the future', () => ({ iat: now() + 70 })],
    ['that ends before it begins', () => ({ nbf: now() - 10, exp: now() - 12 })],
  ])('%s', async (_what, claims) => {
    expect((await push({}, claims())).status).toBe(400)
  })
  test('fapi2-security-profile-final-ensure-request-object-signature-algorithm-is-not-none: unsigned', async () => {
    expect(await push({}, {}, { header: { alg: 'none' } })).toMatchObject({
      status: 400,
      body: { error: 'invalid_request_object' },
    })
  })
  test('fapi2-security-profile-final-ensure-signed-request-object-with-RS256-fails: signed by RS256', async () => {
    const key = await signingKey('RS256')
    const weak = await fapiParty(world, {
      fapi_profile: 'message_signing',
      response_modes: ['jwt'],
      jwks: { keys: [party.key.publicJwk, key.publicJwk] },
    })
    const request = await weak.requestObject(JARM, {}, { key })
    const assertion = await weak.assertion({}, { key: party.key })
    expect(await weak.push({ request }, { assertion })).toMatchObject({
      status: 400,
      body: { error: 'invalid_request_object' },
    })
  })
  test('fapi2-security-profile-final-ensure-request-object-with-invalid-signature-fails: with a signature of nothing', async () => {
    const request = corrupted(await party.requestObject(JARM))
    expect(await party.push({ request })).toMatchObject({ status: 400, body: { error: 'invalid_request_object' } })
  })
  test('fapi2-security-profile-final-ensure-matching-key-in-authorization-request: signed by the key of another client', async () => {
    expect(await push({}, {}, { key: other.key })).toMatchObject({
      status: 400,
      body: { error: 'invalid_request_object' },
    })
  })
  test('fapi2-security-profile-final-ensure-unsigned-request-at-par-endpoint-fails: plain parameters', async () => {
    expect(await party.push(JARM)).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
  })
  test('a signed request that was not pushed', async () => {
    const request = await party.requestObject(JARM)
    const browser = world.browser()
    await browser.open(`/oauth2/authorize?${new URLSearchParams({ client_id: party.clientId, request })}`)
    expect(browser.page.status).toBe(400)
    expect(world.view).toBe('oidc/error')
  })
  test.each(['query', 'fragment', 'form_post', undefined])(
    'an answer that would not be signed: %s',
    async (response_mode) => {
      expect(await push({ response_mode })).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    },
  )
  test('fapi2-security-profile-final-ensure-registered-redirect-uri: an address that is not registered', async () => {
    expect((await push({ redirect_uri: 'https://rp.example/cb/other' })).status).toBe(400)
  })
})

test('introspection answers by a signed JWT (RFC 9701)', async () => {
  const { payload } = await arrived(await push())
  const { access_token: token } = (await party.redeem(payload.code)).body
  const answer = await supertest(world.listens)
    .post('/oauth2/introspect')
    .type('form')
    .set('Accept', 'application/token-introspection+jwt')
    .send({
      token,
      client_assertion: await party.assertion(),
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    })
    .buffer(true)
    .parse(asText)
  expect(answer.status).toBe(200)
  expect(answer.headers['content-type']).toMatch(/^application\/token-introspection\+jwt/)
  const { body: jwks } = await supertest(world.listens).get('/oauth2/jwks')
  const verified = await jwtVerify(answer.body as string, createLocalJWKSet(jwks), {
    issuer: world.origin,
    typ: 'token-introspection+jwt',
  })
  expect(verified.payload.token_introspection).toMatchObject({ active: true, client_id: party.clientId })
})
