import { decodeProtectedHeader } from 'jose'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ActingParty } from '../../relying-party.ts'
import { PAYMENTS, readJwt, registerResourceServer, tokenFor } from '../../resource-server.ts'
import { signedIn } from '../../signing-in.ts'
import { signingParty } from '../../signing-party.ts'
import { type Citizen, worldOfFile } from '../../world.ts'

/** Resource indicators (RFC 8707) and the JWTs for them (RFC 9068). */

const LEDGER = 'urn:ledger'

const world = worldOfFile()
let party: ActingParty
let citizen: Citizen
beforeAll(async () => {
  await registerResourceServer(world)
  await registerResourceServer(world, {
    identifier: LEDGER,
    scopes: [{ name: 'ledger', title: 'Книга' }],
    token_format: 'opaque',
    token_lifetime: 60,
  })
  party = await world.relyingParty({
    grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
    resource_indicators: [PAYMENTS, LEDGER],
  })
})
beforeEach(async () => {
  citizen = await world.citizen()
})

const ASKED = { scope: 'openid email payments:read', resource: PAYMENTS }
const bothUrl = (parameters: Record<string, string>) =>
  `${party.authorizationUrl(parameters)}&${new URLSearchParams({ resource: LEDGER })}`

describe('an authorization request is refused', () => {
  test.each<[string, Record<string, string>]>([
    ['for a resource that this client may not name', { resource: 'https://other.example/api' }],
    ['for one that differs by a slash', { resource: `${PAYMENTS}/` }],
    ['for one that differs by case', { resource: PAYMENTS.toUpperCase() }],
    ['for a fragment', { resource: `${PAYMENTS}#top` }],
    ['for what is no URI', { resource: 'payments' }],
    ['for none of its scopes', { resource: PAYMENTS, scope: 'openid' }],
  ])('%s', async (_what, parameters) => {
    const browser = world.browser()
    await browser.open(party.authorizationUrl({ ...ASKED, ...parameters }))
    expect(browser.callback.get('error')).toBe('invalid_target')
  })
  test('in the same words whether there is such a resource or not', async () => {
    const plain = await world.relyingParty()
    const described = async (resource: string) => {
      const browser = world.browser()
      await browser.open(plain.authorizationUrl({ ...ASKED, resource }))
      expect(browser.callback.get('error')).toBe('invalid_target')
      return browser.callback.get('error_description')?.replace(resource, '')
    }
    expect(await described(PAYMENTS)).toBe(await described('https://never.example/api'))
  })
  test('for a resource server that is suspended, within its sign-in and at refresh too', async () => {
    const identifier = 'https://closing.example/api'
    await registerResourceServer(world, { identifier, scopes: [{ name: 'closing', title: 'Всё' }] })
    const own = await world.relyingParty({ resource_indicators: [identifier] })
    const parameters = { scope: 'openid closing', resource: identifier }
    const { tokens } = await signedIn(world, { party: own, citizen, parameters })
    await world.house.resourceServers.setState(identifier, 'suspended', 'test')
    const browser = world.browser()
    await browser.open(own.authorizationUrl(parameters))
    expect(browser.callback.get('error')).toBe('invalid_target')
    const refreshed = await own.refresh(tokens.refresh_token!, { resource: identifier })
    expect(refreshed).toMatchObject({ status: 400, body: { error: 'invalid_target' } })
  })
})

describe('a token request is refused', () => {
  test('for a resource that was not asked for', async () => {
    const { tokens } = await signedIn(world, { party, citizen, parameters: { scope: 'openid' } })
    const refused = await party.refresh(tokens.refresh_token!, { resource: PAYMENTS })
    expect(refused).toMatchObject({ status: 400, body: { error: 'invalid_target' } })
  })
  test('for two at once', async () => {
    const refused = await tokenFor(world, party, { grant_type: 'client_credentials', resource: [PAYMENTS, LEDGER] })
    expect(refused).toMatchObject({ status: 400, body: { error: 'invalid_target' } })
  })
  test('for a scope that was not granted, by its name', async () => {
    const { tokens } = await signedIn(world, { party, citizen, parameters: ASKED })
    const refused = await party.refresh(tokens.refresh_token!, {
      resource: PAYMENTS,
      scope: 'payments:read payments:write',
    })
    expect(refused).toMatchObject({ status: 400, body: { error: 'invalid_scope', scope: 'payments:write' } })
  })
})

describe('a token for a resource server', () => {
  const redeemed = async (parameters: Record<string, string | undefined>, at: Record<string, string>) => {
    const browser = world.browser()
    await browser.open(party.authorizationUrl(parameters))
    await browser.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
    await browser.submit({ decision: 'allow' }, '/consent')
    return party.redeem(browser.callback.get('code')!, at)
  }
  test('is a short-lived JWT that says whose, for whom, how strong and what for', async () => {
    const { body } = await redeemed(ASKED, { resource: PAYMENTS })
    expect(body).toMatchObject({ expires_in: 300, scope: 'payments:read', token_type: 'Bearer' })
    expect(decodeProtectedHeader(body.access_token)).toEqual({
      alg: 'ES256',
      typ: 'at+jwt',
      kid: expect.any(String),
    })
    const claims = await readJwt(world, body.access_token)
    expect(claims).toEqual({
      iss: world.origin,
      aud: PAYMENTS,
      sub: String(citizen.oid),
      client_id: party.registration.client_id,
      scope: 'payments:read',
      acr: 'aal1',
      auth_time: expect.any(Number),
      jti: expect.any(String),
      iat: expect.any(Number),
      exp: claims.iat! + 300,
    })
  })
  test('says the same after a refresh', async () => {
    const first = await redeemed(ASKED, { resource: PAYMENTS })
    const { body } = await party.refresh(first.body.refresh_token!, { resource: PAYMENTS })
    const { jti, ...claims } = await readJwt(world, body.access_token)
    const { jti: before, ...same } = await readJwt(world, first.body.access_token)
    expect(jti).not.toBe(before)
    expect({ ...claims, iat: 0, exp: 0 }).toEqual({ ...same, iat: 0, exp: 0 })
  })
  test('opens nothing at home, nor does its jti', async () => {
    const { body } = await redeemed(ASKED, { resource: PAYMENTS })
    const { jti } = await readJwt(world, body.access_token)
    for (const token of [body.access_token, jti!]) expect((await party.userinfo(token)).status).toBe(401)
  })
  test('without the parameter at the token endpoint is one for home, where openid was granted', async () => {
    const { body } = await redeemed(ASKED, {})
    expect(body.access_token).not.toContain('.')
    expect((await party.userinfo(body.access_token)).body).toHaveProperty('email')
  })
  test('without openid needs no parameter', async () => {
    const { body } = await redeemed({ scope: 'payments:read', resource: PAYMENTS, nonce: undefined }, {})
    expect(await readJwt(world, body.access_token)).toMatchObject({ scope: 'payments:read' })
    expect(body).not.toHaveProperty('id_token')
  })
  test('is opaque where the resource server wants it so, and lives as long as it says', async () => {
    const { body } = await redeemed({ scope: 'openid ledger', resource: LEDGER }, { resource: LEDGER })
    expect(body.access_token).not.toContain('.')
    expect(body).toMatchObject({ expires_in: 60, scope: 'ledger' })
  })
  test('is had one by one where several were agreed to', async () => {
    const browser = world.browser()
    await browser.open(bothUrl({ ...ASKED, scope: 'openid payments:read ledger' }))
    await browser.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
    await browser.submit({ decision: 'allow' }, '/consent')
    const { body } = await party.redeem(browser.callback.get('code')!, { resource: PAYMENTS })
    expect(body.scope).toBe('payments:read')
    expect((await party.refresh(body.refresh_token!, { resource: LEDGER })).body.scope).toBe('ledger')
  })
  test('names the person as a client with pairwise subjects knows them', async () => {
    const pairwise = await world.relyingParty({ subject_type: 'pairwise', resource_indicators: [PAYMENTS] })
    const { tokens } = await signedIn(world, { party: pairwise, citizen, parameters: ASKED })
    const { sub } = await pairwise.claims(tokens.id_token)
    const { body } = await pairwise.refresh(tokens.refresh_token!, { resource: PAYMENTS })
    expect(sub).not.toBe(String(citizen.oid))
    expect(await readJwt(world, body.access_token)).toMatchObject({ sub })
  })
  test('names the person as the resource server with pairwise subjects knows them', async () => {
    const owner = await world.relyingParty({ subject_type: 'pairwise' })
    const identifier = 'https://pairwise.example/api'
    await registerResourceServer(world, {
      identifier,
      scopes: [{ name: 'pairwise', title: 'Всё' }],
      client_id: owner.registration.client_id,
    })
    const asking = await world.relyingParty({ resource_indicators: [identifier] })
    const parameters = { scope: 'openid pairwise', resource: identifier }
    const { tokens } = await signedIn(world, { party: asking, citizen, parameters })
    const { body } = await asking.refresh(tokens.refresh_token!, { resource: identifier })
    const known = await owner.claims((await signedIn(world, { party: owner, citizen })).tokens.id_token)
    expect(await readJwt(world, body.access_token, identifier)).toMatchObject({ sub: known.sub })
  })
  test('says which key it is bound to', async () => {
    const bound = await signingParty(world, {
      grant_types: ['client_credentials'],
      dpop_bound_access_tokens: true,
      resource_indicators: [PAYMENTS],
    })
    const { body } = await bound.token({ grant_type: 'client_credentials', resource: PAYMENTS })
    expect(body).toMatchObject({ token_type: 'DPoP' })
    expect(await readJwt(world, body.access_token)).toMatchObject({ cnf: { jkt: await bound.thumbprint() } })
  })
  test('of a client itself needs nobody to agree, and names the client', async () => {
    const { status, body } = await tokenFor(world, party, {
      grant_type: 'client_credentials',
      resource: PAYMENTS,
      scope: 'payments:read',
    })
    expect(status).toBe(200)
    const { client_id } = party.registration
    const claims = await readJwt(world, body.access_token)
    expect(claims).toMatchObject({ sub: client_id, client_id, scope: 'payments:read' })
    expect(claims).not.toHaveProperty('acr')
  })
})
