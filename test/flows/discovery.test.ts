import supertest from 'supertest'
import { beforeAll, expect, test } from 'vitest'
import { prove } from '../proving.ts'
import { enter, signedIn } from '../signing-in.ts'
import { worldOfFile } from '../world.ts'

const world = worldOfFile()
let metadata: Record<string, unknown>
beforeAll(async () => {
  const { body, status } = await supertest(world.listens).get('/.well-known/openid-configuration')
  expect(status).toBe(200)
  metadata = body
})

test('every endpoint named there is ours and answers', async () => {
  const endpoints = Object.entries(metadata).filter(([name]) => /_(endpoint|uri)$/.test(name))
  expect(endpoints.map(([name]) => name).sort()).toEqual([
    'authorization_endpoint',
    'backchannel_authentication_endpoint',
    'device_authorization_endpoint',
    'end_session_endpoint',
    'introspection_endpoint',
    'jwks_uri',
    'pushed_authorization_request_endpoint',
    'registration_endpoint',
    'revocation_endpoint',
    'token_endpoint',
    'userinfo_endpoint',
  ])
  const posted = /^(token|introspection|revocation|pushed|device|backchannel|registration)/
  for (const [name, address] of endpoints) {
    const url = new URL(String(address))
    expect(url.origin).toBe(world.origin)
    const ask = supertest(world.listens)
    const { status } = await (posted.test(name) ? ask.post(url.pathname) : ask.get(url.pathname)).ok(() => true)
    expect(status, name).toBeLessThan(500)
    expect(status, name).not.toBe(404)
  }
})

test('it claims what is so and nothing else', () => {
  expect(metadata).toMatchObject({
    issuer: world.origin,
    response_types_supported: ['code', 'none'],
    code_challenge_methods_supported: ['S256'],
    subject_types_supported: ['public', 'pairwise'],
    acr_values_supported: ['aal1', 'aal2', 'aal3', 'phr', 'phrh'],
    claims_parameter_supported: true,
    request_uri_parameter_supported: false,
    authorization_response_iss_parameter_supported: true,
  })
  expect(metadata.scopes_supported).toEqual([
    'openid',
    'profile',
    'email',
    'phone',
    'birthdate',
    'gender',
    'address',
    'snils',
    'inn',
    'id_doc',
    'identity_level',
    'offline_access',
  ])
  expect(metadata.id_token_signing_alg_values_supported).not.toContain('none')
  expect(metadata.grant_types_supported).toEqual(expect.arrayContaining(['authorization_code', 'refresh_token']))
  expect(metadata.grant_types_supported).not.toContain('implicit')
  expect(metadata.token_endpoint_auth_methods_supported).not.toContain('client_secret_jwt')
  for (const [name, values] of Object.entries(metadata).filter(([name]) => name.includes('_alg_values_supported')))
    for (const alg of values as string[]) expect(alg, name).not.toMatch(/^(none|HS)/)
})

test('every claim of a person that it names is handed out', async () => {
  const party = await world.relyingParty()
  const citizen = await world.citizen()
  await prove(world, citizen, 'standard')
  const verified = { verification: { trust_framework: null }, claims: { address: null, inn: null } }
  const parameters = {
    scope: (metadata.scopes_supported as string[]).join(' '),
    claims: JSON.stringify({ userinfo: { verified_claims: verified } }),
  }
  const { tokens } = await signedIn(world, { party, citizen, parameters })
  const { body } = await party.userinfo(tokens.access_token)
  expect(body.verified_claims).toMatchObject({ claims: { inn: '500100732259', address: { postal_code: '420111' } } })
  const idToken = await party.claims(tokens.id_token)
  const named = (metadata.claims_supported as string[]).filter((claim) => !(claim in body) && !(claim in idToken))
  expect(named).toEqual([])
})

test('the keys are public halves only, one for each algorithm that signs, and may be kept for a quarter of an hour', async () => {
  const { body, headers } = await supertest(world.listens).get('/oauth2/jwks')
  expect(headers['cache-control']).toBe('public, max-age=900')
  // The key of Ed25519 has two names as an algorithm, so it names none.
  expect(body.keys.map((key: { alg?: string; crv: string }) => key.alg ?? key.crv).sort()).toEqual([
    'ES256',
    'Ed25519',
    'PS256',
    'RS256',
  ])
  for (const key of body.keys)
    for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']) expect(key).not.toHaveProperty(secret)
})

test('the provider’s own pages for trying things out are off', async () => {
  const party = await world.relyingParty()
  const browser = world.browser()
  await enter(browser, party, await world.citizen())
  expect(browser.page.html).not.toContain('interaction/')
})
