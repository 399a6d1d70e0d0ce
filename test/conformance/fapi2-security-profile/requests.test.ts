import supertest from 'supertest'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  answerPages,
  fapiParty,
  now,
  type ProofOptions,
  random,
  type SigningParty,
  signingKey,
} from '../../signing-party.ts'
import { type Citizen, worldOfFile } from '../../world.ts'

/** The same plan: pushed requests, client assertions and proofs of possession. */

const world = worldOfFile()
let party: SigningParty
let other: SigningParty
let citizen: Citizen
beforeAll(async () => {
  party = await fapiParty(world)
  other = await fapiParty(world)
  citizen = await world.citizen()
})
beforeEach(() => world.forgetAttempts())

const pushed = async () => (await party.push()).body.request_uri
const opened = async (url: string) => {
  const browser = world.browser()
  await browser.open(url)
  return browser
}

describe('a pushed request', () => {
  test.each([
    [
      'fapi2-security-profile-final-par-ensure-pkce-required',
      { code_challenge: undefined, code_challenge_method: undefined },
      'invalid_request',
    ],
    ['fapi2-security-profile-final-par-plain-pkce-rejected', { code_challenge_method: 'plain' }, 'invalid_request'],
    [
      'fapi2-security-profile-final-ensure-request-object-without-redirect-uri-fails',
      { redirect_uri: undefined },
      'invalid_request',
    ],
    [
      'fapi2-security-profile-final-plain-fapi-tolerate-unregistered-redirect-uri',
      { redirect_uri: 'https://rp.example/cb/unregistered' },
      'invalid_request',
    ],
    [
      'fapi2-security-profile-final-ensure-response-type-code-idtoken-fails',
      { response_type: 'code id_token' },
      'unsupported_response_type',
    ],
    [
      'fapi2-security-profile-final-ensure-response-type-token-fails',
      { response_type: 'token' },
      'unsupported_response_type',
    ],
    [
      'fapi2-security-profile-final-par-authorization-request-containing-request_uri-form-param',
      { request_uri: 'urn:ietf:params:oauth:request_uri:x' },
      'request_uri_not_supported',
    ],
  ])('%s: is refused at the PAR endpoint', async (_module, parameters, error) => {
    expect(await party.push(parameters)).toMatchObject({ status: 400, body: { error } })
  })
  test('fapi2-security-profile-final-par-attempt-invalid-http-method: by PUT is an error', async () => {
    const { status } = await supertest(world.listens)
      .put('/oauth2/par')
      .ok(() => true)
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(500)
  })
  test('fapi2-security-profile-final-par-without-duplicate-parameters: client_id and request_uri suffice', async () => {
    const browser = await party.arrive(citizen, await pushed())
    expect((await party.redeem(browser.callback.get('code')!)).status).toBe(200)
  })
  test('fapi2-security-profile-final-par-ensure-reused-request-uri-prior-to-auth-completion-succeeds: opened twice', async () => {
    const uri = await pushed()
    const browser = await opened(party.authorizationUrl(uri))
    expect((await party.arrive(citizen, uri, browser)).callback.get('code')).toBeTypeOf('string')
  })
  test('fapi2-security-profile-final-par-attempt-reuse-request_uri: used is used', async () => {
    const uri = await pushed()
    const browser = await party.arrive(citizen, uri)
    await browser.open(party.authorizationUrl(uri))
    expect(browser.page.url).not.toContain('code=')
    expect(browser.page.status).toBe(400)
  })
  test('fapi2-security-profile-final-par-attempt-to-use-expired-request_uri: after expires_in', async () => {
    const { request_uri, expires_in } = (await party.push()).body
    world.travel(expires_in + 1)
    const browser = await opened(party.authorizationUrl(request_uri))
    world.travel(-expires_in - 1)
    expect(browser.page.status).toBe(400)
  })
  test('fapi2-security-profile-final-par-attempt-to-use-request_uri-for-different-client: with the client_id of another', async () => {
    const browser = await opened(other.authorizationUrl(await pushed()))
    expect(browser.page.status).toBe(400)
  })
  test('fapi2-security-profile-final-ensure-unsigned-authorization-request-without-using-par-fails: not pushed at all', async () => {
    const browser = await opened(party.acting.authorizationUrl())
    expect(browser.callback.get('error')).toBe('invalid_request')
    expect(browser.callback.get('code')).toBeNull()
  })
  test('fapi2-security-profile-final-ensure-redirect-uri-in-authorization-request: a redirect_uri beside it is not looked at', async () => {
    const browser = await opened(party.authorizationUrl(await pushed(), { redirect_uri: 'https://evil.example/cb' }))
    await answerPages(browser, citizen)
    expect(browser.page.url).toMatch(/^https:\/\/rp\.example\/cb\?/)
  })
  test.each([
    ['fapi2-security-profile-final-ensure-different-nonce-inside-and-outside-request-object', 'nonce'],
    ['fapi2-security-profile-final-ensure-different-state-inside-and-outside-request-object', 'state'],
  ])('%s: what is outside is not used', async (_module, name) => {
    const inside = random()
    const { body } = await party.push({ [name]: inside })
    const browser = await opened(party.authorizationUrl(body.request_uri, { [name]: 'outside' }))
    await answerPages(browser, citizen)
    const tokens = (await party.redeem(browser.callback.get('code')!)).body
    const claims = await party.acting.claims(tokens.id_token)
    expect(name === 'nonce' ? claims.nonce : browser.callback.get('state')).toBe(inside)
  })
  test('fapi2-security-profile-final-state-only-outside-request-object-not-used: a state that was not pushed', async () => {
    const { body } = await party.push({ state: undefined })
    const browser = await opened(party.authorizationUrl(body.request_uri, { state: 'outside' }))
    await answerPages(browser, citizen)
    expect(browser.callback.has('state')).toBe(false)
  })
})

describe('a client assertion', () => {
  const refusal = { status: 401, body: { error: 'invalid_client' } }

  test('fapi2-security-profile-final-ensure-signed-client-assertion-with-RS256-fails: signed by RS256', async () => {
    const key = await signingKey('PS256')
    // Without `alg` a key signs by every algorithm of its kind.
    const { alg: _alg, ...jwk } = key.publicJwk
    const metadata = { ...party.acting.registration, jwks: { keys: [{ ...jwk, kid: key.kid }] } }
    await world.house.clients.save(metadata, { replace: true })
    expect((await party.push({}, { assertion: await party.assertion({}, { key }) })).status).toBe(201)
    const weak = await signingKey('RS256')
    await world.house.clients.save({ ...metadata, jwks: { keys: [{ ...weak.publicJwk, alg: undefined }] } } as never, {
      replace: true,
    })
    expect(await party.push({}, { assertion: await party.assertion({}, { key: weak }) })).toMatchObject(refusal)
    await world.house.clients.save(party.acting.registration, { replace: true })
  })
  test('fapi2-security-profile-final-ensure-client-assertion-in-token-endpoint: none at all', async () => {
    const { status } = await party.redeem('any', {}, { assertion: null })
    expect(status).toBeGreaterThanOrEqual(400)
    expect((await party.redeem('any', { client_id: party.clientId }, { assertion: null })).status).toBe(401)
  })
  test.each([
    [
      'fapi2-security-profile-final-ensure-client-assertion-with-exp-is-5-minutes-in-past-fails',
      () => ({ exp: now() - 300 }),
    ],
    [
      'fapi2-security-profile-final-ensure-client-assertion-with-wrong-aud-fails',
      () => ({ aud: 'https://elsewhere.example' }),
    ],
    ['fapi2-security-profile-final-ensure-client-assertion-with-no-sub-fails', () => ({ sub: undefined })],
    [
      'fapi2-security-profile-final-par-ensure-jwt-client-assertions-nbf-over-60-seconds-in-the-future-fails',
      () => ({ nbf: now() + 70, iat: now() + 70, exp: now() + 130 }),
    ],
    [
      'fapi2-security-profile-final-par-test-array-as-audience-fails',
      () => ({ aud: [world.origin, `${world.origin}/oauth2/token`, `${world.origin}/oauth2/par`] }),
    ],
    [
      'fapi2-security-profile-final-par-test-par-endpoint-url-as-audience-fails',
      () => ({ aud: `${world.origin}/oauth2/par` }),
    ],
    [
      'fapi2-security-profile-final-par-test-token-endpoint-url-as-audience-fails',
      () => ({ aud: `${world.origin}/oauth2/token` }),
    ],
  ])('%s: invalid_client', async (_module, claims) => {
    expect(await party.push({}, { assertion: await party.assertion(claims()) })).toMatchObject(refusal)
  })
  test('an iat of more than a minute ahead is refused by itself', async () => {
    const assertion = await party.assertion({ nbf: undefined, iat: now() + 70, exp: now() + 130 })
    expect(await party.push({}, { assertion })).toMatchObject(refusal)
  })
  test('fapi2-security-profile-final-par-ensure-jwt-client-assertions-nbf-8-seconds-in-the-future-is-accepted: clocks differ', async () => {
    const assertion = await party.assertion({ nbf: now() + 8, iat: now() + 8, exp: now() + 68 })
    expect((await party.push({}, { assertion })).status).toBe(201)
  })
  test('fapi2-security-profile-final-ensure-invalid-client-assertions-fail: each of many, and then a valid one passes', async () => {
    const { jti } = { jti: random() }
    const refused = [
      await party.assertion({}, { header: { alg: 'none' } }),
      await party.assertion({}, { key: other.key, header: { kid: party.key.kid } }),
      await party.assertion({ jti: undefined }),
      await party.assertion({ iss: other.clientId }),
      await party.assertion({ aud: undefined }),
      await party.assertion({ exp: undefined }),
    ]
    for (const assertion of refused) expect(await party.push({}, { assertion })).toMatchObject(refusal)
    expect((await party.push({}, { assertion: await party.assertion({ jti }) })).status).toBe(201)
    expect(await party.push({}, { assertion: await party.assertion({ jti }) })).toMatchObject(refusal)
  })
})

describe('a proof of possession', () => {
  const three = async (options: ProofOptions): Promise<number[]> => {
    const push = await party.push({}, { proof: await party.proof('POST', '/oauth2/par', options) })
    if (push.status !== 201) return [push.status]
    const browser = await party.arrive(citizen, push.body.request_uri)
    const token = await party.redeem(
      browser.callback.get('code')!,
      {},
      { proof: await party.proof('POST', '/oauth2/token', options) },
    )
    const { access_token: accessToken } = token.body
    const userinfo = await party.userinfo(accessToken, {
      proof: await party.proof('GET', '/oauth2/userinfo', { accessToken, ...options }),
    })
    return [push.status, token.status, userinfo.status]
  }

  test.each([
    ['fapi2-security-profile-final-check-dpop-proof-nbf-exp', () => ({ nbf: now(), exp: now() + 300 })],
    ['fapi2-security-profile-final-ensure-dpopproof-with-iat-10seconds-before-succeeds', () => ({ iat: now() - 10 })],
    ['fapi2-security-profile-final-ensure-dpopproof-with-iat-10seconds-after-succeeds', () => ({ iat: now() + 10 })],
  ])('%s: is taken at the PAR, token and userinfo endpoints', async (_module, claims) => {
    expect(await three({ claims: claims() })).toEqual([201, 200, 200])
  })
  test('fapi2-security-profile-final-dpop-negative-tests: each fault is 400 or 401, and the right one still passes', async () => {
    const { access_token: accessToken } = (await party.signedIn(citizen)).tokens
    const tried = async (options: ProofOptions) =>
      (
        await party.userinfo(accessToken, {
          proof: await party.proof('GET', '/oauth2/userinfo', { accessToken, ...options }),
        })
      ).status
    const faults: ProofOptions[] = [
      { header: { typ: undefined } },
      { header: { typ: 'jwt' } },
      { header: { alg: 'none' } },
      { header: { alg: undefined } },
      { header: { jwk: undefined } },
      { key: await signingKey('RS256') },
      { key: await signingKey() },
      ...[
        { htm: 'PUT' },
        { htu: 'https://elsewhere.example' },
        { ath: 'x' },
        { iat: now() + 3600 },
        { iat: now() - 3600 },
      ].map((claims) => ({ claims })),
      ...['jti', 'htm', 'htu', 'iat', 'ath'].map((name) => ({ claims: { [name]: undefined } })),
    ]
    for (const fault of faults) expect([400, 401]).toContain(await tried(fault))
    const jti = random()
    expect(await tried({ claims: { jti } })).toBe(200)
    expect([400, 401]).toContain(await tried({ claims: { jti } }))
    expect(await tried({ claims: { htu: `${world.origin}/oauth2/userinfo?query#fragment` } })).toBe(200)
    expect(await tried({ claims: { extra: true }, header: { extra: true } })).toBe(200)
    expect((await party.acting.userinfo(accessToken)).status).toBe(401)
  })
})
