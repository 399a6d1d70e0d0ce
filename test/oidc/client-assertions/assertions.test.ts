import { createSecretKey, randomUUID } from 'node:crypto'
import { exportSPKI, importJWK, SignJWT } from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'
import { corrupted, fapiParty, now, type SigningParty, signingKey, signingParty } from '../../signing-party.ts'
import { worldOfFile } from '../../world.ts'

/** Authentication by `private_key_jwt` (RFC 7523; OpenID Connect Core, section 9), tried at the token endpoint. */

const world = worldOfFile()
let party: SigningParty
beforeAll(async () => {
  party = await signingParty(world, { grant_types: ['client_credentials'], response_types: [], redirect_uris: [] })
})

const ask = (assertion: string | null, parameters: Record<string, string> = {}, by = party) =>
  by.send('/oauth2/token', { grant_type: 'client_credentials', ...parameters }, { assertion })
const refusal = { status: 401, body: { error: 'invalid_client' } }

describe('an assertion is refused', () => {
  test('without a signature', async () => {
    expect(await ask(await party.assertion({}, { header: { alg: 'none' } }))).toMatchObject(refusal)
  })
  test('whose signature is another', async () => {
    expect(await ask(corrupted(await party.assertion()))).toMatchObject(refusal)
  })
  test('that another key has signed under the name of the right one', async () => {
    const key = { ...(await signingKey()), kid: party.key.kid }
    expect(await ask(await party.assertion({}, { key }))).toMatchObject(refusal)
  })
  test.each(['pem', 'jwk'] as const)('signed by HS256 with the public key (%s) as the secret', async (form) => {
    const { publicJwk } = party.key
    const text =
      form === 'jwk' ? JSON.stringify(publicJwk) : await exportSPKI((await importJWK(publicJwk)) as CryptoKey)
    const claims = { iss: party.clientId, sub: party.clientId, aud: world.origin, jti: randomUUID(), exp: now() + 60 }
    const forged = new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: party.key.kid })
    expect(await ask(await forged.sign(createSecretKey(Buffer.from(text))))).toMatchObject(refusal)
  })
  test.each([
    ['for somebody else', { aud: 'https://elsewhere.example' }],
    ['for nobody', { aud: undefined }],
    ['without an end', { exp: undefined }],
    ['that has ended', { exp: now() - 300 }],
    ['that is good for a year', { exp: now() + 365 * 86_400 }],
    ['whose end is no date', { exp: 1e300 }],
    ['from the future', { nbf: now() + 120 }],
    ['without a jti', { jti: undefined }],
    ['without an issuer', { iss: undefined }],
    ['of another issuer', { iss: 'rp-other' }],
    ['without a subject', { sub: undefined }],
  ])('%s', async (_what, claims) => {
    expect(await ask(await party.assertion(claims))).toMatchObject(refusal)
  })
  test('that names another client', async () => {
    const other = await signingParty(world)
    const assertion = await party.assertion({ iss: other.clientId, sub: other.clientId })
    expect(await ask(assertion)).toMatchObject(refusal)
    expect(await ask(await party.assertion(), { client_id: other.clientId })).toMatchObject({
      status: 400,
      body: { error: 'invalid_request' },
    })
  })
  test('the second time', async () => {
    const assertion = await party.assertion()
    expect((await ask(assertion)).status).toBe(200)
    expect(await ask(assertion)).toMatchObject(refusal)
    expect(await ask(assertion)).toMatchObject(refusal)
  })
  test('the second time, although the first request failed afterwards', async () => {
    const assertion = await party.assertion()
    expect((await ask(assertion, { grant_type: 'authorization_code', code: 'x', redirect_uri: 'x' })).status).toBe(400)
    expect(await ask(assertion)).toMatchObject(refusal)
  })
  test('of one whose registered algorithm is another', async () => {
    const key = await signingKey('PS256')
    const strict = await signingParty(
      world,
      { token_endpoint_auth_signing_alg: 'ES256', jwks: { keys: [key.publicJwk] } },
      { key },
    )
    expect(await ask(await strict.assertion(), {}, strict)).toMatchObject(refusal)
  })
})

describe('beside an assertion', () => {
  test.each([
    ['unsigned', { header: { alg: 'none' } }],
    ['signed', {}],
  ])('a valid secret makes nothing better: %s', async (_what, signing) => {
    const withSecret = await world.relyingParty({ grant_types: ['client_credentials'] })
    const { client_id, client_secret = '' } = withSecret.registration
    const assertion = await party.assertion({ iss: client_id, sub: client_id }, signing)
    const both = await party.send(
      '/oauth2/token',
      { grant_type: 'client_credentials', client_id, client_secret },
      { assertion },
    )
    expect(both).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    const basic = Buffer.from(`${client_id}:${client_secret}`).toString('base64')
    const headed = await party.send(
      '/oauth2/token',
      { grant_type: 'client_credentials' },
      { assertion, headers: { Authorization: `Basic ${basic}` } },
    )
    expect(headed).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
  })
  test('the right secret does not do in its place, nor the client_id alone', async () => {
    const { clientId } = party
    expect(await ask(null, { client_id: clientId })).toMatchObject(refusal)
    expect(await ask(null, { client_id: clientId, client_secret: 'x'.repeat(43) })).toMatchObject(refusal)
  })
})

describe('an assertion is taken', () => {
  test.each(['issuer', 'token endpoint', 'issuer among others'])('whose audience is the %s', async (which) => {
    const aud = {
      issuer: world.origin,
      'token endpoint': `${world.origin}/oauth2/token`,
      'issuer among others': [world.origin, 'https://elsewhere.example'],
    }[which]
    expect((await ask(await party.assertion({ aud }))).status).toBe(200)
  })
  test.each(['ES256', 'ES384', 'PS256', 'RS256', 'EdDSA'])('signed by %s', async (alg) => {
    const key = await signingKey(alg)
    const own = await signingParty(
      world,
      { grant_types: ['client_credentials'], jwks: { keys: [key.publicJwk] } },
      { key },
    )
    expect((await ask(await own.assertion(), {}, own)).status).toBe(200)
  })
  test('of two clients with the same jti', async () => {
    const other = await signingParty(world, { grant_types: ['client_credentials'] })
    const jti = randomUUID()
    expect((await ask(await party.assertion({ jti }))).status).toBe(200)
    expect((await ask(await other.assertion({ jti }), {}, other)).status).toBe(200)
  })
})

test('for FAPI 2.0 the audience is the issuer and nothing else', async () => {
  const fapi = await fapiParty(world)
  for (const aud of [`${world.origin}/oauth2/token`, `${world.origin}/oauth2/par`, [world.origin]])
    expect(await fapi.push({}, { assertion: await fapi.assertion({ aud }) })).toMatchObject(refusal)
  expect((await fapi.push()).status).toBe(201)
})
