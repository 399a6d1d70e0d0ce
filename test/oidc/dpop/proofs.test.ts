import { exportJWK } from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'
import { corrupted, now, type ProofOptions, type SigningParty, signingKey, signingParty } from '../../signing-party.ts'
import { type Citizen, worldOfFile } from '../../world.ts'

/** Demonstrating proof of possession (RFC 9449), at the token endpoint and at userinfo. */

const world = worldOfFile()
let party: SigningParty
let citizen: Citizen
let accessToken: string
beforeAll(async () => {
  party = await signingParty(world, {
    grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
    dpop_bound_access_tokens: true,
  })
  citizen = await world.citizen()
  accessToken = (await party.signedIn(citizen)).tokens.access_token
})

const atToken = (proof: string | undefined) => party.token({ grant_type: 'client_credentials' }, { proof })
const tokenProof = (options: ProofOptions = {}) => party.proof('POST', '/oauth2/token', options)
const userinfoProof = (options: ProofOptions = {}) =>
  party.proof('GET', '/oauth2/userinfo', { accessToken, ...options })

type Fault = readonly [string, ProofOptions]
const faults: readonly Fault[] = [
  ['for another method', { claims: { htm: 'PUT' } }],
  ['for no method', { claims: { htm: undefined } }],
  ['for another address', { claims: { htu: 'https://elsewhere.example/oauth2/token' } }],
  ['for another path', { claims: { htu: 'http://localhost/oauth2/revoke' } }],
  ['for no address', { claims: { htu: undefined } }],
  ['for something that is no address', { claims: { htu: 'token' } }],
  ['without a time', { claims: { iat: undefined } }],
  ['whose time is a text', { claims: { iat: '1' } }],
  ['of an hour ago', { claims: { iat: now() - 3600 } }],
  ['of an hour ahead', { claims: { iat: now() + 3600 } }],
  ['of two minutes ahead', { claims: { iat: now() + 120 } }],
  ['without a jti', { claims: { jti: undefined } }],
  ['with a nonce that nobody gave', { claims: { nonce: 'made-up' } }],
  ['without its type', { header: { typ: undefined } }],
  ['of another type', { header: { typ: 'JWT' } }],
  ['without a key', { header: { jwk: undefined } }],
  ['without a signature', { header: { alg: 'none' } }],
]

describe('the token endpoint refuses', () => {
  test('to issue a token without a proof', async () => {
    expect(await atToken(undefined)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  })
  test.each(faults)('a proof %s', async (_what, options) => {
    const { status, body } = await atToken(await tokenProof(options))
    expect(status).toBe(400)
    expect(body).toMatchObject({ error: expect.stringMatching(/^(invalid_dpop_proof|use_dpop_nonce)$/) })
  })
  test.each([
    ['that is none', async () => 'nonsense'],
    ['whose signature is another', async () => corrupted(await tokenProof())],
    ['twice in one request', async () => `${await tokenProof()}, ${await tokenProof()}`],
    [
      'with a private key in it',
      async () => tokenProof({ header: { jwk: await exportJWK(party.dpopKey.privateKey) } }),
    ],
    [
      'signed by another key than the one in it',
      async () => tokenProof({ header: { jwk: (await signingKey()).publicJwk } }),
    ],
    ['signed by RS256', async () => tokenProof({ key: await signingKey('RS256') })],
    ['with a symmetric key', async () => tokenProof({ header: { jwk: { kty: 'oct', k: 'c2VjcmV0' } } })],
  ])('a proof %s', async (_what, make) => {
    expect(await atToken(await make())).toMatchObject({ status: 400, body: { error: 'invalid_dpop_proof' } })
  })
  test('a proof the second time', async () => {
    const proof = await tokenProof()
    expect((await atToken(proof)).status).toBe(200)
    expect(await atToken(proof)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  })
  test('another proof with the same jti', async () => {
    const { jti } = { jti: 'chosen-twice' }
    expect((await atToken(await tokenProof({ claims: { jti } }))).status).toBe(200)
    expect((await atToken(await tokenProof({ claims: { jti, iat: now() - 1 } }))).status).toBe(400)
  })
})

describe('userinfo refuses', () => {
  test.each(faults)('a proof %s', async (_what, options) => {
    const { status, headers } = await party.userinfo(accessToken, { proof: await userinfoProof(options) })
    expect(status).toBe(401)
    expect(headers['www-authenticate']).toMatch(/^DPoP .*error="(invalid_dpop_proof|use_dpop_nonce)"/)
  })
  test.each([
    ['without the hash of the token', { claims: { ath: undefined } }],
    ['with the hash of another token', { claims: { ath: 'x'.repeat(43) } }],
  ])('a proof %s', async (_what, options) => {
    const proof = await userinfoProof(options)
    expect((await party.userinfo(accessToken, { proof })).status).toBe(401)
  })
  test('a proof by another key', async () => {
    const proof = await userinfoProof({ key: await signingKey() })
    expect((await party.userinfo(accessToken, { proof })).status).toBe(401)
  })
  test('a proof the second time', async () => {
    const proof = await userinfoProof()
    expect((await party.userinfo(accessToken, { proof })).status).toBe(200)
    expect((await party.userinfo(accessToken, { proof })).status).toBe(401)
  })
  test('the token as a bearer token, with or without a proof', async () => {
    expect((await party.acting.userinfo(accessToken)).status).toBe(401)
    expect((await party.userinfo(accessToken, { scheme: 'Bearer' })).status).toBe(400)
  })
  test('a proof for a token that is bound to no key', async () => {
    const bearer = await world.relyingParty({ redirect_uris: ['https://rp.example/cb'] })
    const browser = world.browser()
    await browser.open(bearer.authorizationUrl({ scope: 'openid' }))
    await browser.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
    if (browser.page.html.includes('/consent')) await browser.submit({ decision: 'allow' }, '/consent')
    const { access_token } = (await bearer.redeem(browser.callback.get('code')!)).body
    expect((await party.userinfo(access_token)).status).toBe(401)
    expect((await bearer.userinfo(access_token)).status).toBe(200)
  })
})

describe('a proof is taken', () => {
  test.each([
    ['of ten seconds ago', { claims: { iat: now() - 10 } }],
    ['of ten seconds ahead', { claims: { iat: now() + 10 } }],
    ['with nbf and exp', { claims: { nbf: now(), exp: now() + 300 } }],
    ['with members that nobody knows', { claims: { extra: 1 }, header: { extra: 1 } }],
  ])('%s', async (_what, options) => {
    expect((await atToken(await tokenProof(options))).status).toBe(200)
    expect((await party.userinfo(accessToken, { proof: await userinfoProof(options) })).status).toBe(200)
  })
  test('whose address has a query and a fragment, which do not count', async () => {
    const proof = await tokenProof({ claims: { htu: `${world.origin}/oauth2/token?x=1#y` } })
    expect((await atToken(proof)).status).toBe(200)
  })
  test.each(['ES256', 'ES384', 'PS256', 'EdDSA'])('signed by %s', async (alg) => {
    const key = await signingKey(alg)
    const { status, body } = await atToken(await tokenProof({ key }))
    expect(status).toBe(200)
    expect(body).toMatchObject({ token_type: 'DPoP' })
  })
  test('with the nonce that the last answer gave, and then its time does not count', async () => {
    const { headers } = await atToken(await tokenProof())
    const nonce = headers['dpop-nonce']
    expect(nonce).toBeTypeOf('string')
    expect((await atToken(await tokenProof({ claims: { nonce, iat: now() - 3600 } }))).status).toBe(200)
  })
  test('dated ahead only once, however long one waits', async () => {
    const proof = await tokenProof({ claims: { iat: now() + 50 } })
    expect((await atToken(proof)).status).toBe(200)
    world.travel(320)
    const again = await party.token({ grant_type: 'client_credentials' }, { proof })
    world.travel(-320)
    expect(again.status).toBe(400)
  })
})

test('a refresh needs the client, and a proof; the token stays what it was', async () => {
  const { tokens } = await party.signedIn(citizen)
  expect((await party.refresh(tokens.refresh_token!, { proof: undefined })).status).toBe(400)
  const { status, body } = await party.refresh(tokens.refresh_token!)
  expect(status).toBe(200)
  expect(body).toMatchObject({ token_type: 'DPoP' })
})

test('a public client’s refresh token is bound to its key', async () => {
  const open = await signingParty(world, {
    token_endpoint_auth_method: 'none',
    dpop_bound_access_tokens: true,
    jwks: undefined as never,
  })
  const browser = world.browser()
  await browser.open(open.acting.authorizationUrl())
  await browser.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
  if (browser.page.html.includes('/consent')) await browser.submit({ decision: 'allow' }, '/consent')
  const code = browser.callback.get('code')!
  const client = { client_id: open.clientId }
  const { status, body } = await open.redeem(code, client, { assertion: null })
  expect(status).toBe(200)
  const refresh = { grant_type: 'refresh_token', refresh_token: body.refresh_token!, ...client }
  const foreign = await open.proof('POST', '/oauth2/token', { key: await signingKey() })
  expect((await open.token(refresh, { assertion: null, proof: foreign })).status).toBe(400)
  expect((await open.token(refresh, { assertion: null })).status).toBe(200)
})
