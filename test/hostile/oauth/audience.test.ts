import { beforeAll, describe, expect, test } from 'vitest'
import type { ActingParty } from '#test/relying-party.ts'
import { introspect, PAYMENTS, registerResourceServer, send, tokenFor } from '#test/resource-server.ts'
import { signedIn } from '#test/signing-in.ts'
import { worldOfFile } from '#test/world.ts'

/** A token says no more than it was given for, and nowhere else than where it is meant for. */

const LEDGER = 'https://ledger.example/api'
const ARCHIVE = 'https://archive.example/api'

const world = worldOfFile()
let party: ActingParty
const keepers = new Map<string, ActingParty>()
beforeAll(async () => {
  for (const identifier of [LEDGER, ARCHIVE]) {
    const keeper = await world.relyingParty()
    keepers.set(identifier, keeper)
    await registerResourceServer(world, {
      identifier,
      token_format: 'opaque',
      client_id: keeper.registration.client_id,
      scopes: [{ name: 'entries', title: 'Записи', 'title#en': 'Entries' }],
    })
  }
  await registerResourceServer(world)
  party = await world.relyingParty({
    grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
    resource_indicators: [LEDGER, ARCHIVE, PAYMENTS],
  })
})

describe('a client that asks for itself', () => {
  test.each(['openid', 'profile', 'email phone', 'offline_access', 'openid profile email phone offline_access'])(
    'gets nothing that says something of a person: %s',
    async (scope) => {
      const refused = await tokenFor(world, party, { grant_type: 'client_credentials', scope })
      expect(refused).toMatchObject({ status: 400, body: { error: 'invalid_scope', scope } })
      const parameters = { grant_type: 'client_credentials', scope: `entries ${scope}`, resource: LEDGER }
      const { body } = await tokenFor(world, party, parameters)
      expect([body.scope, 'refresh_token' in body, 'id_token' in body]).toEqual(['entries', false, false])
      expect((await party.userinfo(body.access_token)).status).toBe(401)
    },
  )
  test.each(['https://unknown.example/', `${LEDGER}/`, LEDGER.toUpperCase(), 'javascript:alert(1)', ''])(
    'gets nothing for %s',
    async (resource) => {
      const { body } = await tokenFor(world, party, { grant_type: 'client_credentials', scope: 'entries', resource })
      expect([body.scope ?? '', (await introspected(body.access_token)).aud]).toEqual(['', undefined])
    },
  )
  test('gets nothing for a resource server that it is not registered for, nor in the name of another', async () => {
    const stranger = await world.relyingParty({ grant_types: ['client_credentials'], response_types: [] })
    const others: Record<string, string>[] = [{}, { sub: '1000000001' }, { username: 'x', password: 'y' }]
    for (const further of others) {
      const parameters = { grant_type: 'client_credentials', scope: 'entries', resource: LEDGER, ...further }
      const { status, body } = await tokenFor(world, stranger, parameters)
      expect([status, 'access_token' in body]).toEqual([400, false])
    }
  })
})

const introspected = async (token: string | undefined) =>
  token === undefined ? {} : ((await introspect(world, party, token)).body as { aud?: unknown })

describe('a person’s token for one resource server', () => {
  let token: string
  beforeAll(async () => {
    const parameters = { scope: 'openid email entries', resource: LEDGER }
    const { tokens } = await signedIn(world, { party, citizen: await world.citizen(), parameters })
    const { body } = await party.refresh(tokens.refresh_token!, { resource: LEDGER, scope: 'entries' })
    token = body.access_token
  })
  test('is known to that one only', async () => {
    expect((await introspect(world, keepers.get(LEDGER)!, token)).body).toMatchObject({ active: true, aud: LEDGER })
    expect((await introspect(world, keepers.get(ARCHIVE)!, token)).body).toEqual({ active: false })
  })
  test('opens nothing at home', async () => {
    expect((await party.userinfo(token)).body).not.toHaveProperty('sub')
    expect((await party.userinfo(token)).status).toBe(403)
    expect((await send(world, party, '/oauth2/userinfo', { access_token: token })).status).toBeGreaterThanOrEqual(400)
  })
  test('is not revoked, nor prolonged, by the one that it is meant for', async () => {
    const keeper = keepers.get(LEDGER)!
    await send(world, keeper, '/oauth2/revoke', { token })
    expect((await keeper.refresh(token)).status).toBe(400)
    expect((await introspect(world, keeper, token)).body.active).toBe(true)
  })
  test('is told to its holder without a word about the person', async () => {
    const { body } = await introspect(world, keepers.get(LEDGER)!, token)
    expect(JSON.stringify(body)).not.toMatch(/@|\+7|Ветрова|phone|email/)
  })
})

describe('a token is not taken', () => {
  test.each(['/oauth2/userinfo?access_token=', '/oauth2/userinfo?token='])('in an address: %s', async (address) => {
    const { tokens } = await signedIn(world, { party, citizen: await world.citizen() })
    const answer = await fetch(`${world.listens}${address}${tokens.access_token}`)
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(await answer.text()).not.toContain('sub')
  })
  test('from two places at once', async () => {
    const { tokens } = await signedIn(world, { party, citizen: await world.citizen() })
    const answer = await fetch(`${world.listens}/oauth2/userinfo`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${tokens.access_token}` },
      body: new URLSearchParams({ access_token: tokens.access_token }),
    })
    expect(answer.status).toBe(400)
  })
})
