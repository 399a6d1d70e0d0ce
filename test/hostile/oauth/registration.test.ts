import supertest from 'supertest'
import { describe, expect, test } from 'vitest'
import { FIRST_PARTY } from '#src/oidc/requirement.ts'
import { ActingParty } from '#test/relying-party.ts'
import { send } from '#test/resource-server.ts'
import { worldOfFile } from '#test/world.ts'
import {
  invited,
  type Metadata,
  manage,
  minimal,
  newcomer,
  type Registered,
  register,
} from '../../oidc/registration/newcomer.ts'

/** A registration that wants to become more than its initial access token allows; what is refused by name is in test/oidc/registration. */

const world = worldOfFile()

const allowance = { scope: ['openid', 'email'] }
const stored = async ({ client_id }: { client_id: string }) => (await world.house.clients.read(client_id))!
const replace = (client: Registered, metadata: Metadata | string) =>
  manage(
    world,
    'put',
    client,
    typeof metadata === 'string' ? metadata : { ...minimal, client_id: client.client_id, ...metadata },
  )

describe('what only operators write', () => {
  const inner = [
    { allowance: { scope: true, grant_types: true } },
    { state: 'active', state_reason: null },
    { version: 99 },
    { previous: { secret: 'x'.repeat(43), until: '2099-01-01T00:00:00Z' } },
    { previous_secret: 'x'.repeat(43) },
    { policies: ['invited', 'all'] },
    { initial_access_token: 'x' },
    { clientSecret: 'x'.repeat(43) },
    { isAdmin: true, first_party: true },
  ]
  test.each(inner)('is ignored in a registration, and in an update: %j', async (metadata) => {
    const client = await newcomer(world, metadata, allowance)
    const { body } = await replace(client, metadata)
    for (const name of Object.keys(metadata)) expect([name, name in body]).toEqual([name, false])
    const { allowance: kept, client: held, state } = await stored(client)
    expect([kept, state, held.client_secret]).toEqual([allowance, 'active', client.client_secret])
    expect((await replace(body, { scope: 'openid phone' })).status).toBe(400)
  })
  test.each([
    '{"__proto__":{"scope":"openid phone"},"client_name":"x","redirect_uris":["https://new.example/cb"]}',
    '{"constructor":{"prototype":{"scope":"openid phone"}},"client_name":"x","redirect_uris":["https://new.example/cb"]}',
    '{"client_name":"x","redirect_uris":["https://new.example/cb"],"scope":"openid","scope":"openid email"}',
  ])('is not reached by prototypes and doubles: %#', async (body) => {
    const { body: client } = await register(world, await invited(world, { allowance }), body)
    const { client: held } = await stored(client)
    expect(held.scope?.split(' ').every((scope) => allowance.scope.includes(scope))).toBe(true)
    expect(({} as { scope?: string }).scope).toBeUndefined()
  })
})

describe('step by step', () => {
  test.each<[string, Metadata, Metadata]>([
    ['a scope', { scope: 'openid' }, { scope: 'openid email phone' }],
    ['a scope as another type', {}, { scope: ['openid', 'phone'] }],
    ['a scope behind other white space', {}, { scope: 'openid\tphone' }],
    ['a grant', { grant_types: ['authorization_code'] }, { grant_types: ['client_credentials'], response_types: [] }],
    [
      'exchange',
      {},
      { exchange_audiences: [] as string[], grant_types: ['urn:ietf:params:oauth:grant-type:token-exchange'] },
    ],
    ['the back channel', {}, { grant_types: ['urn:openid:params:grant-type:ciba'], response_types: [] }],
    ['a public client without PKCE', { token_endpoint_auth_method: 'none' }, { pkce: 'optional' }],
    ['our own name', {}, { client_id: FIRST_PARTY }],
    ['the name of an authority', { client_name: minimal.client_name }, { client_name: 'Портал государства' }],
    ['a name in another language', {}, { 'client_name#en': 'State portal' }],
    ['the freedom of tokens', { dpop_bound_access_tokens: true }, { dpop_bound_access_tokens: false }],
    [
      'a request in the open',
      { require_pushed_authorization_requests: true },
      { require_pushed_authorization_requests: false },
    ],
    ['a switch as another type', { dpop_bound_access_tokens: true }, { dpop_bound_access_tokens: 'false' }],
  ])('%s is not gained', async (_what, first, second) => {
    const client = await newcomer(world, {}, allowance)
    const { status, body } = await replace(client, first)
    expect(status).toBe(200)
    const before = (await stored(client)).client
    expect((await replace(body, second)).status).toBe(400)
    expect((await stored(client)).client).toEqual(before)
  })
  test('what an operator had added and the client gave up is not taken back', async () => {
    const client = await newcomer(world, {}, allowance)
    await world.house.registrar.change(client.client_id, { scope: 'openid email phone', purpose: 'Чтобы помочь.' })
    const { status, body } = await replace(client, { scope: 'openid' })
    expect(status).toBe(200)
    expect((await replace(body, { scope: 'openid phone' })).status).toBe(400)
    expect((await replace(body, { scope: 'openid', purpose: 'Чтобы навредить.' })).status).toBe(400)
  })
  test('what it may not have it cannot ask people for', async () => {
    const client = await newcomer(world, { grant_types: ['authorization_code', 'refresh_token'] }, allowance)
    const party = new ActingParty({ origin: world.origin, listens: world.listens, registration: client as never })
    const browser = world.browser()
    await browser.open(party.authorizationUrl({ scope: 'openid phone profile', prompt: 'none' }))
    expect(browser.callback.get('error')).toBe('invalid_scope')
  })
})

describe('a management token', () => {
  test('is not taken in an address or a form', async () => {
    const { client_id, registration_access_token: token } = await newcomer(world)
    const path = `/oauth2/register/${client_id}`
    const answers = [
      await supertest(world.listens)
        .get(`${path}?access_token=${token}`)
        .ok(() => true),
      await supertest(world.listens)
        .put(path)
        .send({ ...minimal, client_id, access_token: token })
        .ok(() => true),
      await supertest(world.listens)
        .delete(`${path}?access_token=${token}`)
        .ok(() => true),
      await supertest(world.listens)
        .get(path)
        .set('Authorization', `Basic ${btoa(`${client_id}:${token}`)}`)
        .ok(() => true),
    ]
    for (const { status } of answers) expect([400, 401]).toContain(status)
    expect((await stored({ client_id })).version).toBe(1)
  })
  test.each(['/', '%2f', '..%2f', '%00', '/../', ';x', '%20'])(
    'of one client with %s in the address does not reach another',
    async (trick) => {
      const [victim, attacker] = [await newcomer(world), await newcomer(world)]
      for (const path of [`${attacker.client_id}${trick}${victim.client_id}`, `${victim.client_id}${trick}`]) {
        const { status, text } = await supertest(world.listens)
          .get(`/oauth2/register/${path}`)
          .set('Authorization', `Bearer ${attacker.registration_access_token}`)
          .ok(() => true)
        expect(status).toBeGreaterThanOrEqual(400)
        expect(text).not.toContain(victim.client_secret)
      }
    },
  )
  test('opens nothing else: no userinfo, no introspection, no exchange', async () => {
    const client = await newcomer(world)
    const party = await world.relyingParty()
    const token = client.registration_access_token
    expect((await party.userinfo(token)).status).toBe(401)
    expect((await send(world, party, '/oauth2/introspect', { token })).body).toEqual({ active: false })
  })
})

test('no secret is read back by any answer after the first', async () => {
  const client = await newcomer(world)
  const secret = client.client_secret!
  const texts = [
    await manage(world, 'get', client),
    await replace(client, { client_secret: 'wrong' }),
    await replace(client, { client_secret: secret }),
  ].map(({ body }) => JSON.stringify(body))
  for (const text of texts) expect(text).not.toContain(secret)
})
