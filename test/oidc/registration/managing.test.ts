import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCommand } from '#src/commands.ts'
import { NOBODY } from '#src/kernel/ids.ts'
import { ActingParty } from '../../relying-party.ts'
import { signedIn } from '../../signing-in.ts'
import { startWorld, type World } from '../../world.ts'
import { keys } from '../clients/checking.ts'
import { type Metadata, type Method, manage, minimal, newcomer, type Registered } from './newcomer.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

const run = (...argv: string[]) =>
  runCommand(['clients', ...argv], { store: world.house.store, house: async () => world.house })
/** Asks for a registration in place of the one there is. */
const replace = (client: Registered, metadata: Metadata) =>
  manage(world, 'put', client, { ...minimal, client_id: client.client_id, ...metadata })
const methods: readonly Method[] = ['get', 'put', 'delete']

describe('the registration access token (RFC 7592, section 2)', () => {
  test.each(methods)('is needed to %s', async (method) => {
    const client = await newcomer(world)
    for (const registration_access_token of ['', 'wrong', client.client_secret!]) {
      const stranger = { client_id: client.client_id, registration_access_token }
      const { status } = await manage(world, method, stranger, method === 'put' ? minimal : undefined)
      expect([400, 401]).toContain(status)
    }
    expect(await world.house.clients.find(client.client_id)).toBeDefined()
  })
  test.each(methods)('of another client does not %s, and is worth nothing after that', async (method) => {
    const [victim, attacker] = [await newcomer(world), await newcomer(world)]
    const { registration_access_token } = attacker
    const { client_id } = victim
    const answer = await manage(world, method, { client_id, registration_access_token }, { ...minimal, client_id })
    expect(answer.status).toBe(401)
    expect(JSON.stringify(answer.body)).not.toContain(victim.client_secret)
    expect((await world.house.clients.read(client_id))?.version).toBe(1)
    expect((await manage(world, 'get', attacker)).status).toBe(401)
    expect((await manage(world, 'get', victim)).status).toBe(200)
  })
  test('does not register, nor does an initial access token manage', async () => {
    const { id, token } = await world.house.invitations.make({ uses: 1, days: 1, allowance: {} })
    const client = await newcomer(world)
    expect((await manage(world, 'get', { ...client, registration_access_token: token })).status).toBe(401)
    expect(await world.house.invitations.list()).toContainEqual(expect.objectContaining({ id, usesLeft: 1 }))
  })
  test('is another one after each change', async () => {
    const client = await newcomer(world)
    const { status, body } = await replace(client, {})
    expect(status).toBe(200)
    expect(body.registration_access_token).not.toBe(client.registration_access_token)
    expect((await manage(world, 'get', client)).status).toBe(401)
    expect((await manage(world, 'get', body)).status).toBe(200)
  })
  test('changes once, of five changes at once', async () => {
    const client = await newcomer(world)
    const answers = await Promise.all(
      Array.from({ length: 5 }, (_, index) => replace(client, { client_uri: `https://new.example/${index}` })),
    )
    const won = answers.filter(({ status }) => status === 200)
    expect(won).toHaveLength(1)
    for (const { status, body } of answers)
      if (status !== 200) expect([status, body.error]).toEqual([401, 'invalid_token'])
    expect((await world.house.clients.read(client.client_id))?.client.client_uri).toBe(won[0]!.body.client_uri)
  })
  test('is stored only as its hash', async () => {
    const client = await newcomer(world)
    const rows = await world.house.store.db.selectFrom('artifacts').selectAll().execute()
    const text = rows.map((row) => `${row.id}${Buffer.from(row.payload).toString('latin1')}`).join()
    expect(text).not.toContain(client.registration_access_token)
  })
})

describe('an update is refused', () => {
  test.each<[string, Metadata, string]>([
    ['of another client_id', { client_id: 'other' }, 'client_id'],
    ['with another secret', { client_secret: 'wrong' }, 'client_secret'],
    ['that writes what the server does', { client_id_issued_at: 1 }, 'client_id_issued_at'],
    ['that is not sound', { redirect_uris: ['https://*.new.example/'] }, 'redirect_uris[0]'],
    ['for a scope beyond the token', { scope: 'openid phone' }, 'scope'],
    ['for a grant beyond the token', { grant_types: ['authorization_code', 'client_credentials'] }, 'grant_types'],
    ['to exchange tokens', { exchange_audiences: ['benefits'] }, 'exchange_audiences'],
    ['to reach a resource server', { resource_indicators: ['https://api.example/'] }, 'resource_indicators'],
    ['to do without PKCE', { pkce: 'optional' }, 'pkce'],
    ['to speak to citizens', { purpose: 'Так надо' }, 'purpose'],
  ])('%s', async (_title, metadata, field) => {
    const client = await newcomer(world, {}, { scope: ['openid', 'email'] })
    const { status, body } = await replace(client, metadata)
    expect(status).toBe(400)
    expect(body.error_description).toContain(field)
    expect((await world.house.clients.read(client.client_id))?.version).toBe(1)
    expect((await manage(world, 'get', client)).status).toBe(200)
  })
  test('below what an operator has set since; leaving it out keeps it', async () => {
    const client = await newcomer(world, { minimum_acr: 'aal1' })
    await run(
      'change',
      client.client_id,
      '--minimum-acr',
      'aal2',
      '--purpose',
      'Чтобы помочь.',
      '--scope',
      'openid email',
    )
    const lower = await replace(client, { minimum_acr: 'aal1' })
    expect(lower.body.error_description).toBe('minimum_acr: must not be less than aal2, which is in force')
    const { status, body } = await replace(client, {})
    expect(status).toBe(200)
    expect(body).toMatchObject({ minimum_acr: 'aal2', purpose: 'Чтобы помочь.', scope: 'openid email' })
  })
  test('to be told the account numbers that pairwise subjects keep from it', async () => {
    const client = await newcomer(world, {})
    await run('change', client.client_id, '--pairwise')
    const lower = await replace(client, { subject_type: 'public' })
    expect(lower.body.error_description).toBe('subject_type: must not be less than pairwise, which is in force')
    expect((await replace(client, {})).body).toMatchObject({ subject_type: 'pairwise' })
  })
  test('out of a FAPI profile', async () => {
    const fapi = {
      fapi_profile: 'message_signing',
      token_endpoint_auth_method: 'private_key_jwt',
      dpop_bound_access_tokens: true,
      jwks: { keys: [keys.ec] },
    }
    const client = await newcomer(world, fapi)
    const weaker = await replace(client, { ...fapi, fapi_profile: 'security' })
    expect(weaker.body.error_description).toContain('fapi_profile: ')
    const without = await replace(client, { token_endpoint_auth_method: 'client_secret_basic' })
    expect(without.body.error_description).toContain('token_endpoint_auth_method: ')
  })
})

describe('a registration is', () => {
  test('read without its secret, which was shown when it was made', async () => {
    const client = await newcomer(world, { client_uri: 'https://new.example/' })
    const { status, body, headers } = await manage(world, 'get', client)
    expect(status).toBe(200)
    expect(headers['cache-control']).toBe('no-store')
    expect(body).toMatchObject({ ...minimal, client_id: client.client_id, client_uri: 'https://new.example/' })
    expect(JSON.stringify(body)).not.toContain(client.client_secret)
    expect(body).not.toHaveProperty('client_secret')
  })
  test('replaced by what was read, with one thing changed', async () => {
    const client = await newcomer(world, { token_endpoint_auth_method: 'none' })
    const { body } = await manage(world, 'get', client)
    const { registration_access_token, registration_client_uri, client_id_issued_at, ...read } = body
    const { status, body: changed } = await manage(world, 'put', client, { ...read, contacts: ['a@new.example'] })
    expect(status).toBe(200)
    expect(changed).toMatchObject({ ...read, contacts: ['a@new.example'] })
    expect(changed.client_id_issued_at).toBe(client.client_id_issued_at)
    expect(changed.registration_client_uri).toBe(client.registration_client_uri)
  })
  test('replaced as a whole: what is left out goes', async () => {
    const client = await newcomer(world, { client_uri: 'https://new.example/', contacts: ['a@new.example'] })
    const { body } = await replace(client, { tos_uri: 'https://new.example/tos', contacts: null })
    expect(body).toMatchObject({ client_id: client.client_id, tos_uri: 'https://new.example/tos' })
    for (const gone of ['client_uri', 'contacts', 'client_secret']) expect(body).not.toHaveProperty(gone)
    const stored = await world.house.clients.read(client.client_id)
    expect(stored?.client).toMatchObject({
      tos_uri: 'https://new.example/tos',
      client_secret: client.client_secret,
    })
    expect(stored?.client).not.toHaveProperty('client_uri')
    const [event] = await world.house.journal.read(NOBODY, { limit: 1 })
    expect(event).toMatchObject({
      type: 'client.changed',
      fields: { client: client.client_id, actor: 'registration', fields: 'client_uri contacts tos_uri' },
    })
  })
  test('moved from a secret to a key and back: the secret is a new one, shown once', async () => {
    const client = await newcomer(world)
    const keyed = await replace(client, { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [keys.ec] } })
    expect(keyed.status).toBe(200)
    expect(keyed.body).not.toHaveProperty('client_secret')
    expect((await world.house.clients.read(client.client_id))?.client).not.toHaveProperty('client_secret')
    const back = await replace(keyed.body, {})
    expect(back.body.client_secret).toMatch(/^[\w-]{43}$/)
    expect(back.body.client_secret).not.toBe(client.client_secret)
    expect((await manage(world, 'get', back.body)).body).not.toHaveProperty('client_secret')
  })
  test('changed without undoing a secret that an operator has just renewed elsewhere', async () => {
    const client = await newcomer(world)
    expect((await manage(world, 'get', client)).status).toBe(200)
    const beside = await startWorld({ beside: world })
    const { secret } = await beside.house.registrar.renewSecret(client.client_id, 3600)
    await beside.stop()
    const { status } = await replace(client, { client_uri: 'https://new.example/' })
    expect(status).toBe(200)
    expect(await world.house.clients.read(client.client_id)).toMatchObject({
      client: { client_uri: 'https://new.example/', client_secret: secret },
      previous: { secret: client.client_secret },
    })
  })
  test('deleted with everything that was granted to it', async () => {
    const client = await newcomer(world)
    const party = new ActingParty({ origin: world.origin, listens: world.listens, registration: client as never })
    const { tokens } = await signedIn(world, { party, citizen: await world.citizen() })
    expect((await party.userinfo(tokens.access_token)).status).toBe(200)
    const { status, body } = await manage(world, 'delete', client)
    expect([status, body]).toEqual([204, {}])
    expect((await party.userinfo(tokens.access_token)).status).toBe(401)
    for (const method of methods) expect((await manage(world, method, client, minimal)).status).toBe(401)
    expect((await run('resume', client.client_id)).output).toContain('is deleted')
    expect((await world.house.clients.read(client.client_id))?.client).toEqual({
      client_id: client.client_id,
      client_name: 'Новичок',
      redirect_uris: [],
    })
  })
  test('not managed while it is suspended, and by the same token afterwards', async () => {
    const client = await newcomer(world)
    await run('suspend', client.client_id, '--reason', 'проверка')
    for (const method of methods) {
      const { status, body } = await manage(world, method, client, minimal)
      expect([status, body.error]).toEqual([401, 'invalid_token'])
    }
    await run('resume', client.client_id)
    expect((await manage(world, 'get', client)).status).toBe(200)
  })
})
