import { randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, importJWK, SignJWT } from 'jose'
import supertest from 'supertest'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ActingParty } from '#test/relying-party.ts'
import { now, type SigningParty, signingKey, signingParty } from '#test/signing-party.ts'
import { startWorld, type World } from '#test/world.ts'

/** Ways to be taken for a client without its credential; assertions by themselves are in test/oidc/client-assertions. */

const grant = { grant_type: 'client_credentials' }
const clientMetadata = { grant_types: ['client_credentials'], response_types: [], redirect_uris: [] } as const

let world: World
let party: SigningParty
let secretive: ActingParty
let attackers: Server
let called: string[] = []
beforeAll(async () => {
  attackers = createServer((request, response) => {
    called.push(request.url ?? '')
    response.end('{"keys":[]}')
  })
  await new Promise<void>((done) => attackers.listen(0, 'localhost', done))
  // The attacker's server can be reached, so that only the provider keeps from asking it.
  world = await startWorld({ env: { OUTBOUND_ORIGINS: attackerOrigin() } })
  party = await signingParty(world, clientMetadata as never)
  secretive = await world.relyingParty(clientMetadata as never)
})
afterAll(async () => {
  await world.stop()
  attackers.close()
})

const attackerOrigin = () => `http://localhost:${(attackers.address() as AddressInfo).port}`
const refusal = { status: 401, body: { error: 'invalid_client' } }
const ask = (assertion: string | null, parameters: Record<string, string> = {}, by = party) =>
  by.send('/oauth2/token', { ...grant, ...parameters }, { assertion })

/** As a form to the token endpoint, with the headers given. */
async function post(parameters: Record<string, string>, headers: Record<string, string> = {}) {
  const { status, body } = await supertest(world.listens)
    .post('/oauth2/token')
    .type('form')
    .set(headers)
    .send({ ...grant, ...parameters })
    .ok(() => true)
  return { status, body }
}
const basic = (user: string, password: string) => ({
  Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
})

describe('a key that the assertion brings along', () => {
  test.each(['jku', 'x5u', 'jwk', 'x5c', 'kid'] as const)('in %s is not used, nor asked for', async (where) => {
    called = []
    const key = await signingKey()
    const jwk = await exportJWK((await importJWK(key.publicJwk)) as CryptoKey)
    const header = {
      jku: { jku: `${attackerOrigin()}/keys` },
      x5u: { x5u: `${attackerOrigin()}/chain` },
      jwk: { jwk },
      x5c: { x5c: ['MIIB'] },
      kid: { kid: `${attackerOrigin()}/keys` },
    }[where]
    expect(await ask(await party.assertion({}, { key, header }))).toMatchObject(refusal)
    const named = await party.assertion({}, { key, header: { kid: party.key.kid, ...header } })
    expect(await ask(named)).toMatchObject(refusal)
    expect(called).toEqual([])
  })
  test.each(['../../../../dev/null', '/dev/null', "' or '1'='1", '__proto__', '\0', 'x'.repeat(20_000)])(
    'under the kid %#, which is no path and no query',
    async (kid) => {
      const key = { ...(await signingKey()), kid }
      expect(await ask(await party.assertion({}, { key }))).toMatchObject(refusal)
    },
  )
  test.each<[string, unknown]>([
    ['a number', 7],
    ['an object', { a: 1 }],
    ['null', null],
  ])('under a kid that is %s', async (_what, kid) => {
    const claims = { iss: party.clientId, sub: party.clientId, aud: world.origin, jti: randomUUID(), exp: now() + 60 }
    const jwt = `${part({ alg: 'ES256', kid })}.${part(claims)}.${'A'.repeat(86)}`
    expect(await ask(jwt)).toMatchObject(refusal)
  })
})

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

describe('an assertion is refused', () => {
  test.each([
    ['the token endpoint of another issuer', () => 'https://id.evil.example/oauth2/token'],
    ['a host that begins like ours', () => `${world.origin}.evil.example`],
    ['ours with a slash', () => `${world.origin}/`],
    ['ours in another case', () => world.origin.toUpperCase()],
    ['a page of ours', () => `${world.origin}/oauth2/authorize`],
    ['the client itself', () => party.clientId],
    ['a list of others', () => ['https://id.evil.example']],
    ['an empty list', () => []],
    ['a list inside a list', () => [[world.origin]]],
    ['an object', () => ({ 0: world.origin })],
  ])('for %s', async (_what, aud) => {
    expect(await ask(await party.assertion({ aud: aud() }))).toMatchObject(refusal)
  })
  test.each<[string, object]>([
    ['whose sub is another client of ours', { sub: 'rp2' }],
    ['whose sub is a list', { sub: ['x'] }],
    ['whose iss is a list', { iss: ['x'] }],
    ['whose exp is text', { exp: String(now() + 60) }],
    ['whose nbf is text', { nbf: '0' }],
    ['whose iat is text', { iat: 'now' }],
    ['whose jti is empty', { jti: '' }],
    ['that ends in the past, below zero', { exp: -1 }],
  ])('%s', async (_what, claims) => {
    const { status, body } = await ask(await party.assertion(claims as never))
    expect([400, 401]).toContain(status)
    expect(body).not.toHaveProperty('access_token')
  })
  test.each(['ES384', 'RS256', 'none', 'NONE', 'nOnE', 'HS256', '', 'es256'])(
    'whose header says %j over the signature of another',
    async (alg) => {
      const [, payload, signature] = (await party.assertion()).split('.')
      expect(await ask(`${part({ alg, kid: party.key.kid })}.${payload}.${signature}`)).toMatchObject(refusal)
    },
  )
  test('that is marked critical for something unknown', async () => {
    const claims = { iss: party.clientId, sub: party.clientId, aud: world.origin, jti: randomUUID(), exp: now() + 60 }
    const jwt = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', kid: party.key.kid, crit: ['evil'], evil: true })
      .sign(party.key.privateKey, { crit: { evil: true } })
    expect(await ask(jwt)).toMatchObject(refusal)
  })
  test('of another type: an id_token of ours, a proof, a request object', async () => {
    const proof = await party.proof('POST', '/oauth2/token')
    const { status } = await ask(proof)
    expect([400, 401]).toContain(status)
    // A request object is for us and from the client, but has no subject.
    const object = await party.requestObject()
    expect((await ask(object)).status).toBe(401)
  })
  test.each([
    'urn:ietf:params:oauth:client-assertion-type:saml2-bearer',
    'urn:ietf:params:oauth:grant-type:jwt-bearer',
    '',
  ])('as %j', async (client_assertion_type) => {
    const { status, body } = await ask(await party.assertion(), { client_assertion_type })
    expect([status, 'access_token' in body]).toEqual([400, false])
  })
})

describe('a secret', () => {
  test.each([
    ['in the header and in the body', true],
    ['in the header, and a wrong one in the body', false],
  ])('%s is one too many', async (_how, right) => {
    const { client_id, client_secret = '' } = secretive.registration
    const second = right ? client_secret : 'wrong'
    const answer = await post({ client_id, client_secret: second }, basic(client_id, client_secret))
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
  })
  test.each<[string, (secret: string) => string]>([
    ['empty', () => ''],
    ['cut', (secret) => secret.slice(0, -1)],
    ['prolonged', (secret) => `${secret}x`],
    ['with a NUL after it', (secret) => `${secret}%00`],
    ['with a line break after it', (secret) => `${secret}%0a`],
    ['with a space after it', (secret) => `${secret}%20`],
    ['in another case', (secret) => secret.toUpperCase()],
    ['with bytes that are no UTF-8', (secret) => `${secret}%ff`],
    ['with half an escape', (secret) => `${secret}%`],
    ['undefined', () => 'undefined'],
    ['null', () => 'null'],
  ])('that is %s is wrong', async (_what, wrong) => {
    const { client_id, client_secret = '' } = secretive.registration
    const headed = await post({}, basic(client_id, wrong(client_secret)))
    expect([400, 401]).toContain(headed.status)
    const written = await post({ client_id, client_secret: decoded(wrong(client_secret)) })
    expect([400, 401]).toContain(written.status)
    for (const { body } of [headed, written]) expect(body).not.toHaveProperty('access_token')
  })
  test('beside the client_id of another does not count for it', async () => {
    const { client_id, client_secret = '' } = secretive.registration
    const answer = await post({ client_id: party.clientId }, basic(client_id, client_secret))
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
  })
  test('of one client is not that of another', async () => {
    const other = await world.relyingParty(clientMetadata as never)
    expect(await post({}, basic(other.registration.client_id, secretive.registration.client_secret!))).toMatchObject(
      refusal,
    )
  })
  test('does nothing for a client of keys or of certificates, even an empty or unset one', async () => {
    for (const client_secret of ['', 'undefined', party.key.kid, JSON.stringify(party.key.publicJwk)]) {
      const { status } = await post({ client_id: party.clientId, client_secret })
      expect(status).toBe(401)
    }
  })
  test('makes no public client a confidential one: it may still not ask for itself', async () => {
    const open = await world.relyingParty({ token_endpoint_auth_method: 'none', client_secret: undefined as never })
    const { client_id } = open.registration
    const answers = [
      await post({}, basic(client_id, 'anything')),
      await post({ client_id, client_secret: 'anything' }),
      await post({ client_id }),
    ]
    for (const { status, body } of answers)
      expect([[400, 401].includes(status), 'access_token' in body]).toEqual([true, false])
  })
  test('of the house itself: our own pages are nobody at the token endpoint', async () => {
    const { status, body } = await post({ client_id: 'propusk:pages' })
    expect([status, 'access_token' in body]).toEqual([400, false])
  })
})

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

test('the right ones get in', async () => {
  const { client_id, client_secret = '' } = secretive.registration
  expect((await post({}, basic(client_id, client_secret))).status).toBe(200)
  expect((await post({ client_id, client_secret })).status).toBe(200)
  expect((await ask(await party.assertion())).status).toBe(200)
})
