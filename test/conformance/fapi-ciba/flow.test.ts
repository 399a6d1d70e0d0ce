import supertest from 'supertest'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Citizen, World } from '../../world.ts'
import { checkTokenError } from '../checks.ts'
import { type Authentication, CibaParty, checkRefusal, decide, startCertified } from './certifier.ts'

/** Plan "FAPI-CIBA-ID1: Authorization server test", plain_fapi, poll: whole flows and the token endpoint. */

let world: World
let citizen: Citizen
beforeAll(async () => {
  world = await startCertified()
})
beforeEach(async () => {
  citizen = await world.citizen()
})
afterAll(() => world.stop())

test('fapi-ciba-id1-discovery-end-point-verification: the document has what FAPI CIBA asks for', async () => {
  const { body, headers } = await supertest(world.listens).get('/.well-known/openid-configuration').expect(200)
  expect(headers['content-type']).toMatch(/^application\/json(;|$)/)
  expect(body).toMatchObject({
    issuer: world.origin,
    backchannel_authentication_endpoint: `${world.origin}/oauth2/ciba`,
    token_endpoint: `${world.origin}/oauth2/token`,
    registration_endpoint: `${world.origin}/oauth2/register`,
    backchannel_user_code_parameter_supported: false,
    tls_client_certificate_bound_access_tokens: true,
    mtls_endpoint_aliases: {
      backchannel_authentication_endpoint: 'https://mtls.id.example/oauth2/ciba',
      token_endpoint: 'https://mtls.id.example/oauth2/token',
    },
  })
  for (const [name, values] of [
    ['backchannel_token_delivery_modes_supported', ['poll', 'ping']],
    ['backchannel_authentication_request_signing_alg_values_supported', ['PS256', 'ES256']],
    ['grant_types_supported', ['urn:openid:params:grant-type:ciba', 'refresh_token']],
    ['id_token_signing_alg_values_supported', ['PS256', 'ES256']],
    ['userinfo_signing_alg_values_supported', ['PS256', 'ES256']],
    ['token_endpoint_auth_methods_supported', ['private_key_jwt', 'self_signed_tls_client_auth']],
    ['token_endpoint_auth_signing_alg_values_supported', ['PS256', 'ES256']],
  ] as const)
    expect(body[name], name).toEqual(expect.arrayContaining([...values]))
})

describe.each<Authentication>(['private_key_jwt', 'self_signed_tls_client_auth'])('by %s', (authentication) => {
  let party: CibaParty
  let other: CibaParty
  beforeAll(async () => {
    party = await CibaParty.register(world, authentication)
    other = await CibaParty.register(world, authentication)
  })

  test('fapi-ciba-id1: two clients get tokens, each for its own certificate, and a result once', async () => {
    // The first client: no type in the header, the issuer as the audience of its assertion.
    const plain = await party.requestObject(party.parameters(citizen), {}, { header: { typ: undefined } })
    const first = await party.asked(plain, { assertion: await party.signing.assertion() })
    checkTokenError(await party.token(first), 'authorization_pending')
    world.travel(first.interval)
    const again = await party.token(first)
    expect(['authorization_pending', 'slow_down']).toContain(again.body.error)
    await decide(world, citizen, 'approve')
    const { idToken } = await party.tokens(await party.token(first))
    expect(idToken.claims.sub).toBe(String(citizen.oid))
    // The second: a type, a level, a lifetime, the token endpoint as the audience.
    const aud = `${world.origin}/oauth2/token`
    const person = await world.citizen()
    const wishes = other.parameters(person, { acr_values: 'aal1' })
    const second = await other.asked(await other.requestObject(wishes, { requested_expiry: 300 }), {
      assertion: await other.signing.assertion({ aud }),
    })
    expect(second.expires_in).toBe(300)
    await decide(world, person, 'approve')
    const given = await other.tokens(await other.token(second))
    expect(given.idToken.claims).toMatchObject({ sub: String(person.oid), acr: 'aal1' })
    expect((await other.userinfo(given.tokens.access_token, party.certificate)).status).toBe(401)
    checkTokenError(await other.token(second), 'invalid_grant')
  })

  test('fapi-ciba-id1-user-rejects-authentication: the person says no, the client hears access_denied', async () => {
    const request = await party.ask(citizen)
    await decide(world, citizen, 'refuse')
    checkTokenError(await party.token(request), 'access_denied')
  })

  test('fapi-ciba-id1-multiple-call-to-token-endpoint: twenty polls without a pause get errors, and nothing breaks', async () => {
    const request = await party.ask(citizen)
    const heard = new Set<string>()
    for (let n = 0; n < 20; n++) {
      const answer = await party.token(request)
      heard.add(answer.body.error)
      checkTokenError(answer, answer.body.error)
    }
    expect([...heard].sort()).toEqual(['authorization_pending', 'slow_down'])
    await decide(world, citizen, 'approve')
    await party.tokens(await party.token(request))
  })

  test('fapi-ciba-id1-auth-req-id-expired: nobody answers for 30 seconds, the client hears expired_token', async () => {
    const request = await party.ask(citizen, {}, { requested_expiry: 30 })
    expect(request.expires_in).toBe(30)
    for (const late of [31, 5]) {
      world.travel(late)
      checkTokenError(await party.token(request), 'expired_token')
    }
  })

  test('fapi-ciba-id1-ensure-authorization-request-with-binding-message-succeeds: the person reads 1234', async () => {
    const request = await party.ask(citizen, { binding_message: '1234' })
    expect(await decide(world, citizen, 'approve')).toContain('1234')
    await party.tokens(await party.token(request))
  })

  test('fapi-ciba-id1-ensure-authorization-request-with-potentially-bad-binding-message: is refused by its own error', async () => {
    const long = `1234 👍🏿 品川 ${'Lorem ipsum dolor sit amet, consectetur adipiscing elit. '.repeat(8)}`
    for (const binding_message of [long, '1234 👍🏿', '1234 品川', 'x'.repeat(41)]) {
      const request = await party.requestObject(party.parameters(citizen, { binding_message }))
      checkRefusal(await party.request({ request }), ['invalid_binding_message'])
    }
  })

  test('fapi-ciba-id1-ensure-other-scope-order-succeeds: scopes in another order', async () => {
    const request = await party.ask(citizen, { scope: 'profile openid' })
    await decide(world, citizen, 'approve')
    const { tokens } = await party.tokens(await party.token(request))
    expect(tokens.scope.split(' ').sort()).toEqual(['openid', 'profile'])
  })

  test('fapi-ciba-id1-ensure-requested-expiry-as-string-succeeds: "30" is as good as 30', async () => {
    const request = await party.ask(citizen, { requested_expiry: '30' })
    expect(request.expires_in).toBe(30)
    await decide(world, citizen, 'approve')
    await party.tokens(await party.token(request))
  })

  test('fapi-ciba-id1-ensure-wrong-auth-req-id-in-token-endpoint-request: what was given to another client is invalid_grant', async () => {
    checkTokenError(await other.token(await party.ask(citizen)), 'invalid_grant')
  })

  test('fapi-ciba-id1-ensure-mtls-holder-of-key-required: without a certificate there are no tokens, though the person agreed', async () => {
    const request = await party.ask(citizen)
    await decide(world, citizen, 'approve')
    const answer = await party.token(request, { certificate: null })
    if (authentication === 'private_key_jwt') checkTokenError(answer, 'invalid_grant')
    else expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    await party.tokens(await party.token(request))
  })

  test('fapi-ciba-id1-refresh-token: new tokens for the same client and its certificate, none for another', async () => {
    const request = await party.ask(citizen, { scope: 'openid profile offline_access' })
    await decide(world, citizen, 'approve')
    const { tokens, idToken } = await party.tokens(await party.token(request))
    expect(tokens.refresh_token).toMatch(/^[\x20-\x7e]{22,}$/)
    checkTokenError(await other.refresh(tokens.refresh_token!), 'invalid_grant')
    const unheld = await party.refresh(tokens.refresh_token!, { certificate: null })
    expect([400, 401]).toContain(unheld.status)
    const refreshed = await party.tokens(await party.refresh(tokens.refresh_token!))
    expect(refreshed.tokens.access_token).not.toBe(tokens.access_token)
    const { iss, sub, aud, auth_time } = idToken.claims
    expect(refreshed.idToken.claims).toMatchObject({ iss, sub, aud, auth_time })
  })
})
