import supertest from 'supertest'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { fapiParty, random, type SigningParty, signingKey } from '../../signing-party.ts'
import { type Citizen, worldOfFile } from '../../world.ts'

/** Plan "FAPI2-Security-Profile-Final: Authorization server test", private_key_jwt and DPoP: whole flows and the token endpoint. */

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

const invalidGrant = { status: 400, body: { error: 'invalid_grant' } }
const code = async (parameters: Record<string, string | undefined> = {}) =>
  (await party.authorize(citizen, parameters)).callback.get('code')!

describe('what a well-behaved client sends', () => {
  test('fapi2-security-profile-final-discovery-end-point-verification: the document has what FAPI 2.0 asks for', async () => {
    const { body } = await supertest(world.listens).get('/.well-known/openid-configuration')
    expect(body).toMatchObject({
      issuer: world.origin,
      pushed_authorization_request_endpoint: `${world.origin}/oauth2/par`,
      authorization_response_iss_parameter_supported: true,
      code_challenge_methods_supported: ['S256'],
    })
    expect(body.token_endpoint_auth_methods_supported).toContain('private_key_jwt')
    expect(body.token_endpoint_auth_signing_alg_values_supported).toEqual(expect.arrayContaining(['PS256', 'ES256']))
    expect(body.dpop_signing_alg_values_supported).toEqual(expect.arrayContaining(['PS256', 'ES256']))
    expect(body.dpop_signing_alg_values_supported).not.toContain('RS256')
    expect(body.response_types_supported).toContain('code')
    expect(body.response_types_supported.join()).not.toMatch(/token/)
    expect(body.grant_types_supported).not.toContain('implicit')
    expect(body.grant_types_supported).not.toContain('password')
  })
  test('fapi2-security-profile-final-happy-flow: two clients sign in; neither can use the token of the other', async () => {
    for (const [one, two] of [
      [party, other],
      [other, party],
    ] as const) {
      const state = random()
      const { status, body: pushed } = await one.push({ state })
      expect(status).toBe(201)
      expect(pushed.expires_in).toBeLessThan(600)
      const browser = await one.arrive(citizen, pushed.request_uri)
      expect(browser.callback.get('state')).toBe(state)
      expect(browser.callback.get('iss')).toBe(world.origin)
      const { body } = await one.redeem(browser.callback.get('code')!)
      expect(body).toMatchObject({ token_type: 'DPoP' })
      const claims = await one.acting.claims(body.id_token)
      expect(claims).toMatchObject({ sub: String(citizen.oid), nonce: one.acting.nonce })
      expect((await one.userinfo(body.access_token)).body).toMatchObject({ sub: String(citizen.oid) })
      expect((await two.userinfo(body.access_token)).status).toBe(401)
    }
  })
  test('fapi2-security-profile-final-user-rejects-authentication: the person says no, the client hears access_denied', async () => {
    const newcomer = await world.citizen()
    const { body } = await party.push()
    const browser = world.browser()
    await browser.open(party.authorizationUrl(body.request_uri))
    await browser.submit({ identifier: newcomer.phone, password: newcomer.password }, '/identify')
    await browser.submit({ decision: 'deny' }, '/consent')
    expect(browser.callback.get('error')).toBe('access_denied')
    expect(browser.callback.get('iss')).toBe(world.origin)
  })
  test('fapi2-security-profile-final-ensure-authorization-request-without-state-success: no state, none comes back', async () => {
    const browser = await party.authorize(citizen, { state: undefined })
    expect(browser.callback.get('code')).toBeTypeOf('string')
    expect(browser.callback.has('state')).toBe(false)
  })
  test('fapi2-security-profile-final-ensure-authorization-request-without-nonce-success: no nonce, none in the id_token', async () => {
    const { body } = await party.redeem(await code({ nonce: undefined }))
    expect(await party.acting.claims(body.id_token)).not.toHaveProperty('nonce')
  })
  test.each([
    ['fapi2-security-profile-final-ensure-authorization-request-with-64-char-nonce-success', 'nonce', 64],
    ['fapi2-security-profile-final-ensure-authorization-request-with-long-nonce', 'nonce', 384],
    ['fapi2-security-profile-final-ensure-authorization-request-with-long-state', 'state', 384],
  ] as const)('%s: a %s of %i characters comes back whole', async (_module, name, length) => {
    const value = 'n'.repeat(length)
    const browser = await party.authorize(citizen, { [name]: value })
    const { body } = await party.redeem(browser.callback.get('code')!)
    const claims = await party.acting.claims(body.id_token)
    expect(name === 'nonce' ? claims.nonce : browser.callback.get('state')).toBe(value)
  })
  test('fapi2-security-profile-final-ensure-other-scope-order-succeeds: scopes in another order', async () => {
    const { body } = await party.redeem(await code({ scope: 'phone openid profile' }))
    expect(body.scope.split(' ').sort()).toEqual(['openid', 'phone', 'profile'])
  })
  test('fapi2-security-profile-final-test-claims-parameter-identity-claims: claims by name, at userinfo', async () => {
    const claims = JSON.stringify({ userinfo: { family_name: null, phone_number: { essential: true } } })
    const newcomer = await world.citizen()
    const browser = await party.authorize(newcomer, { scope: 'openid', claims })
    const { body } = await party.redeem(browser.callback.get('code')!)
    expect((await party.userinfo(body.access_token)).body).toMatchObject({
      family_name: 'Ветрова',
      phone_number: newcomer.phone,
    })
  })
  test('fapi2-security-profile-final-access-token-type-header-case-sensitivity: "dpop" is as good as "DPoP"', async () => {
    const { body } = await party.redeem(await code())
    for (const scheme of ['dpop', 'DPOP', 'DPoP'])
      expect((await party.userinfo(body.access_token, { scheme })).status).toBe(200)
  })
})

describe('the token endpoint refuses', () => {
  test('fapi2-security-profile-final-ensure-client-id-in-token-endpoint: the client_id of one with the key of another', async () => {
    const assertion = await other.assertion({ iss: party.clientId, sub: party.clientId })
    expect(await party.redeem(await code(), { client_id: party.clientId }, { assertion })).toMatchObject({
      status: 401,
      body: { error: 'invalid_client' },
    })
  })
  test('fapi2-security-profile-final-ensure-holder-of-key-required: a code without a proof of possession', async () => {
    expect(await party.redeem(await code(), {}, { proof: undefined })).toMatchObject(invalidGrant)
  })
  test('fapi2-security-profile-final-ensure-authorization-code-is-bound-to-client: a code in the hands of another client', async () => {
    const stolen = await code()
    other.acting.verifier = party.acting.verifier
    expect(await other.redeem(stolen)).toMatchObject(invalidGrant)
  })
  test('fapi2-security-profile-final-attempt-reuse-authorization-code-after-one-second: a code twice; its tokens die', async () => {
    const spent = await code()
    const { body } = await party.redeem(spent)
    expect(await party.redeem(spent)).toMatchObject(invalidGrant)
    expect((await party.userinfo(body.access_token)).status).toBe(401)
  })
  test('fapi2-security-profile-final-ensure-token-endpoint-fails-with-expired-auth-code: a code after its minute', async () => {
    const late = await code()
    world.travel(61)
    const answer = await party.redeem(late)
    world.travel(-61)
    expect(answer).toMatchObject(invalidGrant)
  })
  test('fapi2-security-profile-final-ensure-pkce-code-verifier-required: a code without its verifier', async () => {
    expect(await party.redeem(await code(), { code_verifier: undefined })).toMatchObject(invalidGrant)
  })
  test('fapi2-security-profile-final-incorrect-pkce-code-verifier-rejected: a code with another verifier', async () => {
    expect(await party.redeem(await code(), { code_verifier: 'x'.repeat(43) })).toMatchObject(invalidGrant)
  })
})

test('fapi2-security-profile-final-refresh-token: bound to the client, its authentication and a proof; not rotated', async () => {
  const { body } = await party.redeem(await code())
  const token = body.refresh_token!
  expect(await other.refresh(token)).toMatchObject(invalidGrant)
  const unauthenticated = { grant_type: 'refresh_token', refresh_token: token, client_id: party.clientId }
  expect((await party.token(unauthenticated, { assertion: null })).status).toBe(401)
  expect((await party.refresh(token, { proof: undefined })).status).toBe(400)
  for (let times = 0; times < 2; times++) {
    const { status, body: refreshed } = await party.refresh(token)
    expect(status).toBe(200)
    expect(refreshed.refresh_token ?? token).toBe(token)
    expect((await party.userinfo(refreshed.access_token)).status).toBe(200)
  }
})

describe('a code bound to a key (RFC 9449, section 10)', () => {
  test('fapi2-security-profile-final-ensure-mismatched-dpop-jkt-fails: another thumbprint than the key that pushes', async () => {
    const dpop_jkt = await party.thumbprint(await signingKey())
    const proof = await party.proof('POST', '/oauth2/par')
    expect(await party.push({ dpop_jkt }, { proof })).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
  })
  test('fapi2-security-profile-final-ensure-token-endpoint-fails-with-mismatched-dpop-proof-jkt: another key than the one that pushed', async () => {
    const browser = await party.authorize(citizen, {}, { proof: await party.proof('POST', '/oauth2/par') })
    const proof = await party.proof('POST', '/oauth2/token', { key: await signingKey() })
    expect(await party.redeem(browser.callback.get('code')!, {}, { proof })).toMatchObject(invalidGrant)
  })
  test('fapi2-security-profile-final-ensure-token-endpoint-fails-with-mismatched-dpop-jkt: another key than the named one', async () => {
    const named = await code({ dpop_jkt: await party.thumbprint(await signingKey()) })
    expect(await party.redeem(named)).toMatchObject(invalidGrant)
  })
  test('fapi2-security-profile-final-ensure-dpopproof-at-par-endpoint-binding-success: the key that pushed redeems', async () => {
    const browser = await party.authorize(citizen, {}, { proof: await party.proof('POST', '/oauth2/par') })
    expect((await party.redeem(browser.callback.get('code')!)).status).toBe(200)
  })
  test('fapi2-security-profile-final-ensure-dpop-auth-code-binding-success: the named key redeems', async () => {
    expect((await party.redeem(await code({ dpop_jkt: await party.thumbprint() }))).status).toBe(200)
  })
})
