import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Claims, corrupted, now, type SigningParty } from '../../signing-party.ts'
import type { Citizen, World } from '../../world.ts'
import { checkTokenError } from '../checks.ts'
import { type Authentication, CibaParty, checkRefusal, startCertified } from './certifier.ts'

/** The same plan: signed requests, hints, and the client's authentication. */

let world: World
let citizen: Citizen
beforeAll(async () => {
  world = await startCertified()
  citizen = await world.citizen()
})
afterAll(() => world.stop())

type Signing = Parameters<SigningParty['requestObject']>[2]

describe.each<Authentication>(['private_key_jwt', 'self_signed_tls_client_auth'])('by %s', (authentication) => {
  let party: CibaParty
  let other: CibaParty
  beforeAll(async () => {
    party = await CibaParty.register(world, authentication)
    other = await CibaParty.register(world, authentication)
  })

  const signed = (claims: Claims = {}, signing: Signing = {}) =>
    party.requestObject(party.parameters(citizen), claims, signing)

  test('the request that the others break is taken', async () => {
    await party.asked(await signed())
  })

  test.each<[string, string, () => Claims]>([
    ['fapi-ciba-id1-ensure-request-object-missing-aud-fails', 'no aud', () => ({ aud: undefined })],
    ['fapi-ciba-id1-ensure-request-object-bad-aud-fails', 'another aud', () => ({ aud: 'https://elsewhere.example' })],
    ['fapi-ciba-id1-ensure-request-object-missing-iss-fails', 'no iss', () => ({ iss: undefined })],
    ['fapi-ciba-id1-ensure-request-object-bad-iss-fails', 'another iss', () => ({ iss: other.signing.clientId })],
    ['fapi-ciba-id1-ensure-request-object-missing-exp-fails', 'no exp', () => ({ exp: undefined })],
    [
      'fapi-ciba-id1-ensure-request-object-expired-exp-fails',
      'an old exp',
      () => ({ exp: now() - 300, nbf: now() - 600 }),
    ],
    [
      'fapi-ciba-id1-ensure-request-object-exp-is-70-minutes-in-future-fails',
      'exp in 70 minutes',
      () => ({ exp: now() + 4200 }),
    ],
    ['fapi-ciba-id1-ensure-request-object-missing-iat-fails', 'no iat', () => ({ iat: undefined })],
    ['fapi-ciba-id1-ensure-request-object-missing-nbf-fails', 'no nbf', () => ({ nbf: undefined })],
    [
      'fapi-ciba-id1-ensure-request-object-nbf-is-10-minutes-in-future-fails',
      'nbf in ten minutes',
      () => ({ nbf: now() + 600, exp: now() + 900 }),
    ],
    [
      'fapi-ciba-id1-ensure-request-object-nbf-is-70-minutes-in-past-fails',
      'nbf 70 minutes ago',
      () => ({ nbf: now() - 4200 }),
    ],
    ['fapi-ciba-id1-ensure-request-object-missing-jti-fails', 'no jti', () => ({ jti: undefined })],
  ])('%s: a request with %s is invalid_request', async (_module, _what, claims) => {
    checkRefusal(await party.request({ request: await signed(claims()) }))
  })

  test.each<[string, string, () => Promise<string>]>([
    [
      'fapi-ciba-id1-ensure-request-object-signature-algorithm-is-none-fails',
      'without a signature',
      () => signed({}, { header: { alg: 'none' } }),
    ],
    [
      'fapi-ciba-id1-ensure-request-object-signature-algorithm-is-bad-fails',
      'with a signature of nothing',
      async () => corrupted(await signed()),
    ],
    [
      'fapi-ciba-id1-ensure-request-object-signature-algorithm-is-RS256-fails',
      'signed by RS256 with the same key',
      async () => signed({}, { key: await party.rs256() }),
    ],
    [
      'fapi-ciba-id1-ensure-request-object-signed-by-other-client-fails',
      'signed by the key of another client',
      () => signed({}, { key: other.signing.key }),
    ],
  ])('%s: a request %s is invalid_request', async (_module, _what, request) => {
    checkRefusal(await party.request({ request: await request() }))
  })

  test('fapi-ciba-id1-ensure-unsigned-backchannel-authorization-request-fails: plain parameters are invalid_request', async () => {
    checkRefusal(await party.request(party.parameters(citizen)))
  })

  test('fapi-ciba-id1-ensure-authorization-request-with-multiple-hints-fails: two hints, or none, are invalid_request', async () => {
    for (const hints of [
      { id_token_hint: 'x.y.z' },
      { login_hint_token: 'x.y.z' },
      { login_hint: undefined },
      { login_hint: 'nobody in particular' },
    ]) {
      const request = await party.requestObject(party.parameters(citizen, hints))
      checkRefusal(await party.request({ request }))
    }
  })

  test('what stands beside a signed request is not used', async () => {
    const request = await party.requestObject(party.parameters(citizen, { requested_expiry: '60' }))
    const { status, body } = await party.request({ request, requested_expiry: '600', login_hint: '+79160000000' })
    expect([status, body.expires_in]).toEqual([200, 60])
  })
})

describe('a client that has a certificate for its authentication', () => {
  let party: CibaParty
  let other: CibaParty
  beforeAll(async () => {
    party = await CibaParty.register(world, 'self_signed_tls_client_auth')
    other = await CibaParty.register(world, 'self_signed_tls_client_auth')
  })

  test('fapi-ciba-id1-ensure-different-client-id-and-issuer-in-backchannel-authorization-request: the client_id of another is invalid_client', async () => {
    const request = await party.requestObject(party.parameters(citizen))
    checkRefusal(await party.request({ request }, { clientId: other.signing.clientId }), ['invalid_client'])
  })
  test('fapi-ciba-id1-ensure-wrong-client-id-in-backchannel-authorization-request: nor does a request in that one’s name help', async () => {
    const iss = other.signing.clientId
    const request = await party.requestObject(party.parameters(citizen), { iss })
    checkRefusal(await party.request({ request }, { clientId: iss }), ['invalid_client'])
  })
  test('fapi-ciba-id1-ensure-wrong-client-id-in-token-endpoint-request: nor at the token endpoint', async () => {
    const answer = await party.token(await party.ask(citizen), { clientId: other.signing.clientId })
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
  })
})

describe('a client that has a key for its authentication', () => {
  let party: CibaParty
  let other: CibaParty
  beforeAll(async () => {
    party = await CibaParty.register(world, 'private_key_jwt')
    other = await CibaParty.register(world, 'private_key_jwt')
  })
  const request = () => party.requestObject(party.parameters(citizen))
  const refusals = ['invalid_request', 'invalid_client']
  const aud = () => ({ aud: `${world.origin}/oauth2/ciba` })

  test('fapi-ciba-id1-ensure-without-client-assertion-in-backchannel-authorization-request: a client_id alone proves nothing', async () => {
    checkRefusal(await party.request({ request: await request() }, { assertion: null }), refusals)
  })
  test('fapi-ciba-id1-ensure-without-client-assertion-in-token-endpoint-request: nor at the token endpoint', async () => {
    const { status, body } = await party.token(await party.ask(citizen), { assertion: null })
    expect([status, body.error]).toEqual([401, 'invalid_client'])
  })
  test('fapi-ciba-id1-ensure-client-assertion-signature-algorithm-in-backchannel-authorization-request-is-RS256-fails: RS256 with the same key', async () => {
    const assertion = await party.signing.assertion(aud(), { key: await party.rs256() })
    checkRefusal(await party.request({ request: await request() }, { assertion }), refusals)
  })
  test('fapi-ciba-id1-ensure-client-assertion-signature-algorithm-in-token-endpoint-request-is-RS256-fails: nor at the token endpoint', async () => {
    const assertion = await party.signing.assertion({}, { key: await party.rs256() })
    const { status, body } = await party.token(await party.ask(citizen), { assertion })
    expect([status, body.error]).toEqual([401, 'invalid_client'])
  })
  test('fapi-ciba-id1-ensure-client-assertion-with-iss-aud-to-token-endpoint-succeeds: the issuer is an audience, and so are both addresses of the endpoint', async () => {
    for (const audience of [world.origin, `${world.origin}/oauth2/token`, 'https://mtls.id.example/oauth2/token']) {
      const assertion = await party.signing.assertion({ aud: audience })
      checkTokenError(await party.token(await party.ask(citizen), { assertion }), 'authorization_pending')
    }
    for (const audience of ['https://mtls.id.example/oauth2/revoke', 'https://mtls.id.example'])
      expect(
        (await party.token(await party.ask(citizen), { assertion: await party.signing.assertion({ aud: audience }) }))
          .status,
      ).toBe(401)
  })
  test.each<[string, () => Claims]>([
    ['no sub', () => ({ sub: undefined })],
    ['another sub', () => ({ sub: other.signing.clientId })],
    ['no iss', () => ({ iss: undefined })],
    ['another iss', () => ({ iss: other.signing.clientId })],
    ['no aud', () => ({ aud: undefined })],
    ['another aud', () => ({ aud: 'https://elsewhere.example' })],
    ['an old exp', () => ({ nbf: undefined, iat: now() - 600, exp: now() - 300 })],
  ])('an assertion with %s is refused', async (_what, claims) => {
    const assertion = await party.signing.assertion({ ...aud(), ...claims() })
    checkRefusal(await party.request({ request: await request() }, { assertion }), refusals)
  })
  test('fapi-ciba-id1-ensure-invalid-client-assertions-in-backchannel-authorization-request-fail: unsigned, changed or of no type, and then a right one passes', async () => {
    const right = () => party.signing.assertion(aud())
    const unsigned = await party.signing.assertion(aud(), { header: { alg: 'none' } })
    for (const assertion of [unsigned, corrupted(await right())])
      checkRefusal(await party.request({ request: await request() }, { assertion }), refusals)
    for (const client_assertion_type of [undefined, 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer']) {
      const parameters = { request: await request(), client_assertion_type }
      checkRefusal(await party.request(parameters, { assertion: await right() }), refusals)
    }
    await party.asked(await request(), { assertion: await right() })
  })
})
