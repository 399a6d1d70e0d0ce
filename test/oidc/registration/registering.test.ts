import { describe, expect, test, vi } from 'vitest'
import { NOBODY } from '#src/kernel/ids.ts'
import { ActingParty } from '../../relying-party.ts'
import { signedIn } from '../../signing-in.ts'
import { worldOfFile } from '../../world.ts'
import { keys } from '../clients/checking.ts'
import { invited, type Metadata, minimal, register } from './newcomer.ts'

const world = worldOfFile()

/** Tries to register with a token that allows little. */
const refusal = async (metadata: unknown, allowance: object = {}) => {
  const { status, body } = await register(world, await invited(world, { allowance }), metadata)
  return { status, ...body } as Record<string, unknown>
}
const clients = () => world.house.clients.page({ limit: 1000 })

describe('the initial access token (RFC 7591, section 3)', () => {
  test.each([undefined, '', 'wrong', 'x'.repeat(5000)])('is needed: %#', async (token) => {
    const { status, body, headers } = await register(world, token, minimal)
    expect(status).toBeGreaterThanOrEqual(400)
    expect(['invalid_token', 'invalid_request']).toContain(body.error)
    expect(headers['cache-control']).toBe('no-store')
  })
  test('does not count after its time', async () => {
    const token = await invited(world, { days: 1 })
    world.travel(86_401)
    const { status, body } = await register(world, token, minimal)
    vi.useRealTimers()
    expect(status).toBe(401)
    expect(body.error).toBe('invalid_token')
  })
  test('does not count once it is revoked', async () => {
    const { id, token } = await world.house.invitations.make({ uses: 5, days: 1, allowance: {} })
    await world.house.invitations.revoke(id)
    expect((await register(world, token, minimal)).status).toBe(401)
  })
  test('is spent by what it was good for', async () => {
    const token = await invited(world, { uses: 2 })
    const statuses = []
    for (let use = 0; use < 3; use++) statuses.push((await register(world, token, minimal)).status)
    expect(statuses).toEqual([201, 201, 401])
  })
  test('for one use makes one client of ten at once', async () => {
    const token = await invited(world)
    const before = (await clients()).length
    const answers = await Promise.all(Array.from({ length: 10 }, () => register(world, token, minimal)))
    const statuses = answers.map(({ status }) => status).sort()
    expect(statuses).toEqual([201, ...Array(9).fill(401)])
    for (const { status, body } of answers) if (status === 401) expect(body.error).toBe('invalid_token')
    expect((await clients()).length).toBe(before + 1)
  })
  test('is not spent by a registration that is refused', async () => {
    const token = await invited(world)
    expect((await register(world, token, { ...minimal, redirect_uris: ['javascript:1'] })).status).toBe(400)
    expect((await register(world, token, minimal)).status).toBe(201)
  })
  test('is stored only as its hash', async () => {
    const token = await invited(world)
    const rows = await world.house.store.db.selectFrom('invitations').selectAll().execute()
    expect(JSON.stringify(rows)).not.toContain(token)
  })
})

describe('metadata that are refused, by name (section 3.2.2)', () => {
  test.each<[Metadata, string, string]>([
    [{ redirect_uris: undefined }, 'invalid_redirect_uri', 'redirect_uris'],
    [{ redirect_uris: ['http://new.example/cb'] }, 'invalid_redirect_uri', 'redirect_uris[0]'],
    [
      { redirect_uris: ['https://new.example/cb', 'https://new.example/cb#f'] },
      'invalid_redirect_uri',
      'redirect_uris[1]',
    ],
    [{ redirect_uris: ['https://new.example/a/../cb'] }, 'invalid_redirect_uri', 'redirect_uris[0]'],
    [{ redirect_uris: 'x', client_name: 7 }, 'invalid_redirect_uri', 'client_name'],
    [{ redirect_uris: { length: 1 } }, 'invalid_redirect_uri', 'redirect_uris'],
    [{ client_name: undefined }, 'invalid_client_metadata', 'client_name'],
    [{ client_name: 'a\u202eb' }, 'invalid_client_metadata', 'client_name'],
    [{ logo_uri: 'javascript:alert(1)' }, 'invalid_client_metadata', 'logo_uri'],
    [{ initiate_login_uri: 'https://phishing.example/' }, 'invalid_client_metadata', 'initiate_login_uri'],
    [{ initiate_login_uri: 'https://new.example@phishing.example/' }, 'invalid_client_metadata', 'initiate_login_uri'],
    [{ policy_uri: 'data:text/html,x' }, 'invalid_client_metadata', 'policy_uri'],
    [{ tos_uri: 'vbscript:x' }, 'invalid_client_metadata', 'tos_uri'],
    [{ token_endpoint_auth_method: 'private_key_jwt' }, 'invalid_client_metadata', 'jwks'],
    [{ jwks: { keys: [keys.private] } }, 'invalid_client_metadata', 'jwks.keys[0].d'],
    [{ jwks: { keys: [keys.weak] } }, 'invalid_client_metadata', 'jwks.keys[0].n'],
    [{ response_types: ['token'] }, 'invalid_client_metadata', 'response_types[0]'],
    [{ tls_client_certificate_bound_access_tokens: true }, 'invalid_client_metadata', 'tls_client_certificate_bound'],
    [{ request_object_encryption_alg: 'RSA-OAEP' }, 'invalid_client_metadata', 'request_object_encryption_alg'],
  ])('%j', async (metadata, error, field) => {
    const answer = await refusal({ ...minimal, ...metadata })
    expect(answer).toMatchObject({ status: 400, error })
    expect(answer.error_description).toContain(field)
    expect(answer.error_description).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/)
  })
  test.each(['[]', 'null', '"x"', '{', ''])('a body that is no object: %j', async (body) => {
    expect(await refusal(body)).toMatchObject({ status: 400 })
  })
  test('a body without end', async () => {
    expect(await refusal({ ...minimal, client_uri: `https://new.example/${'x'.repeat(80_000)}` })).toMatchObject({
      status: 400,
      error: 'invalid_request',
    })
  })
})

describe('what a stranger may not choose unless the token allows it', () => {
  const beyond: [Metadata, string][] = [
    [{ purpose: 'Так велел министр' }, 'purpose'],
    [{ 'purpose#en': 'Trust us' }, 'purpose#en'],
    [{ acr_policy: 'voluntary' }, 'acr_policy'],
    [{ pkce: 'optional' }, 'pkce'],
    [{ resource_indicators: ['https://api.example/'] }, 'resource_indicators'],
    [{ exchange_audiences: ['benefits'] }, 'exchange_audiences'],
    [{ authorization_details_types: ['payment'] }, 'authorization_details_types'],
    [{ grant_types: ['authorization_code', 'client_credentials'] }, 'grant_types'],
    [{ grant_types: ['urn:ietf:params:oauth:grant-type:token-exchange'], redirect_uris: [] }, 'grant_types'],
  ]
  test.each(beyond)('%j', async (metadata, field) => {
    const answer = await refusal({ ...minimal, ...metadata })
    expect(answer).toMatchObject({ status: 400, error: 'invalid_client_metadata' })
    expect(answer.error_description).toContain(`${field}: `)
    expect(answer.error_description).toContain('initial access token')
  })
  test('a scope beyond that of the token', async () => {
    const answer = await refusal({ ...minimal, scope: 'openid phone' }, { scope: ['openid', 'email'] })
    expect(answer.error_description).toBe('scope: holds what the initial access token does not cover: phone')
  })
  test('with the token that allows it, it is registered', async () => {
    const allowance = { purpose: true, grant_types: ['client_credentials'], acr_policy: ['voluntary'] }
    const metadata = {
      client_name: 'Новичок',
      purpose: 'Чтобы помочь.',
      acr_policy: 'voluntary',
      grant_types: ['client_credentials'],
    }
    expect(await refusal(metadata, allowance)).toMatchObject({ status: 201, ...metadata, redirect_uris: [] })
  })
  test('what only binds the client itself needs no permission', async () => {
    expect(await refusal({ ...minimal, acr_policy: 'required', pkce: 'required', minimum_acr: 'aal2' })).toMatchObject({
      status: 201,
    })
  })
  test('who asks for no scope is registered with that of the token, never with all', async () => {
    expect(await refusal(minimal, { scope: ['openid', 'email'] })).toMatchObject({ scope: 'openid email' })
    expect(await refusal(minimal)).toMatchObject({ scope: 'openid profile email phone offline_access' })
  })
})

describe('a registration', () => {
  test('answers with everything that was registered, and what is not known is ignored', async () => {
    const { status, body, headers } = await register(world, await invited(world), {
      ...minimal,
      client_id: 'benefits',
      client_secret: 'chosen',
      software_id: 'x',
      __proto__: { fapi_profile: 'security' },
    })
    expect(status).toBe(201)
    expect(headers['cache-control']).toBe('no-store')
    expect(headers['content-type']).toContain('application/json')
    expect(body).toMatchObject({
      ...minimal,
      client_secret: expect.stringMatching(/^[\w-]{43}$/),
      client_secret_expires_at: 0,
      client_id_issued_at: expect.any(Number),
      registration_client_uri: `${world.origin}/oauth2/register/${body.client_id}`,
      registration_access_token: expect.any(String),
      grant_types: ['authorization_code'],
      response_types: ['code'],
      token_endpoint_auth_method: 'client_secret_basic',
    })
    expect(body).not.toHaveProperty('software_id')
    expect(body.client_id).toMatch(/^[0-9a-f]{24}$/)
    const [event] = await world.house.journal.read(NOBODY, { limit: 1 })
    expect(event).toMatchObject({
      type: 'client.registered',
      fields: { client: body.client_id, actor: 'registration', invitation: expect.stringMatching(/^[0-9a-f]{12}$/) },
    })
  })
  test('lets its client sign people in at once', async () => {
    const { body } = await register(world, await invited(world), { ...minimal, scope: 'openid email' })
    const party = new ActingParty({ origin: world.origin, listens: world.listens, registration: body as never })
    const citizen = await world.citizen()
    const { tokens } = await signedIn(world, { party, citizen, parameters: { scope: 'openid email' } })
    expect((await party.userinfo(tokens.access_token)).body).toMatchObject({ email: citizen.email })
  })
  test('of a client without a secret has none', async () => {
    const { body } = await register(world, await invited(world), { ...minimal, token_endpoint_auth_method: 'none' })
    expect(body).not.toHaveProperty('client_secret')
    expect(body).not.toHaveProperty('client_secret_expires_at')
  })
  test('stands in the discovery document', async () => {
    const { body } = await fetchJson('/.well-known/openid-configuration')
    expect(body.registration_endpoint).toBe(`${world.origin}/oauth2/register`)
  })
})

async function fetchJson(path: string): Promise<{ body: Record<string, unknown> }> {
  return { body: (await (await fetch(`${world.listens}${path}`)).json()) as Record<string, unknown> }
}
