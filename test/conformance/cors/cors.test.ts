import supertest, { type Test } from 'supertest'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ActingParty, Tokens } from '../../relying-party.ts'
import { enter } from '../../signing-in.ts'
import { type Citizen, worldOfFile } from '../../world.ts'

const ORIGIN = 'https://app.example'
/** Resembling the one registered, or what browsers send for pages without an origin. */
const STRANGERS = [
  'https://evil.example',
  'null',
  'http://app.example',
  'https://app.example:8443',
  'https://app.example.evil.example',
  'https://sub.app.example',
  'https://APP.example',
  'https://app.example/',
]

const world = worldOfFile()
let citizen: Citizen
/** Code in a browser: no secret. */
let app: ActingParty
let tokens: Tokens
beforeAll(async () => {
  citizen = await world.citizen()
  app = await browserClient({ cors_origins: [ORIGIN] })
})
beforeEach(async () => {
  const { body } = await redeem(await code(app), ORIGIN, app)
  tokens = body
})

const browserClient = (metadata: object) =>
  world.relyingParty({ token_endpoint_auth_method: 'none', client_secret: undefined as never, ...metadata })

async function code(party: ActingParty): Promise<string> {
  const browser = world.browser()
  await enter(browser, party, citizen)
  if (browser.page.html.includes('/consent"')) await browser.submit({ decision: 'allow' }, '/consent')
  return browser.callback.get('code')!
}

const ask = () => supertest(world.listens)
const from = (origin: string, request: Test) => request.set('Origin', origin).ok(() => true)
const redeem = (value: string, origin: string, { registration, redirectUri, verifier }: ActingParty) =>
  from(origin, ask().post('/oauth2/token').type('form')).send({
    client_id: registration.client_id,
    grant_type: 'authorization_code',
    code: value,
    redirect_uri: redirectUri,
    code_verifier: verifier,
  })
const refresh = (origin: string, refresh_token: string) =>
  from(origin, ask().post('/oauth2/token').type('form')).send({
    client_id: app.registration.client_id,
    grant_type: 'refresh_token',
    refresh_token,
  })
const userinfo = (origin: string, method: 'get' | 'post' = 'get') =>
  from(origin, ask()[method]('/oauth2/userinfo')).auth(tokens.access_token, { type: 'bearer' })
const revoke = (origin: string) =>
  from(origin, ask().post('/oauth2/revoke').type('form')).send({
    client_id: app.registration.client_id,
    token: tokens.access_token,
  })
const pushed = (origin: string) =>
  from(origin, ask().post('/oauth2/par').type('form')).send(
    Object.fromEntries(new URL(app.authorizationUrl()).searchParams),
  )

describe('an origin that the client did not register', () => {
  test.each(STRANGERS)('%s gets no token, and the code stays good', async (origin) => {
    const value = await code(app)
    const { status, body, headers } = await redeem(value, origin, app)
    expect(status).toBe(400)
    expect(body).toMatchObject({ error: 'invalid_request' })
    expect(headers).not.toHaveProperty('access-control-allow-origin')
    expect((await redeem(value, ORIGIN, app)).status).toBe(200)
  })
  test('spends no refresh token', async () => {
    expect((await refresh(STRANGERS[0]!, tokens.refresh_token!)).status).toBe(400)
    expect((await refresh(ORIGIN, tokens.refresh_token!)).status).toBe(200)
  })
  test('reads no person', async () => {
    for (const method of ['get', 'post'] as const) {
      const { body, headers } = await userinfo(STRANGERS[0]!, method)
      expect(body).not.toHaveProperty('sub')
      expect(headers).not.toHaveProperty('access-control-allow-origin')
    }
  })
  test('revokes nothing, pushes nothing', async () => {
    for (const { status, headers } of [await revoke(STRANGERS[0]!), await pushed(STRANGERS[0]!)]) {
      expect(status).toBe(400)
      expect(headers).not.toHaveProperty('access-control-allow-origin')
    }
    expect((await userinfo(ORIGIN)).status).toBe(200)
  })
  test('is any, for a client that registered none', async () => {
    const server = await browserClient({})
    const { status, headers } = await redeem(await code(server), ORIGIN, server)
    expect(status).toBe(400)
    expect(headers).not.toHaveProperty('access-control-allow-origin')
  })
  test('may be the one of another client', async () => {
    const other = await browserClient({ cors_origins: ['https://other.example'] })
    const { status } = await redeem(await code(other), ORIGIN, other)
    expect(status).toBe(400)
  })
})

describe('pages', () => {
  test.each(['/oauth2/authorize', '/oauth2/logout', '/device', '/'])(
    '%s cannot be read across origins, not even by a registered one',
    async (path) => {
      const { headers } = await from(ORIGIN, ask().get(path)).query({ client_id: app.registration.client_id })
      expect(headers).not.toHaveProperty('access-control-allow-origin')
      const preflight = await from(ORIGIN, ask().options(path)).set('Access-Control-Request-Method', 'POST')
      expect(preflight.headers).not.toHaveProperty('access-control-allow-origin')
    },
  )
})

describe('a registered origin', () => {
  const readable = (answer: { headers: Record<string, string> }) => {
    expect(answer.headers['access-control-allow-origin']).toBe(ORIGIN)
    expect(answer.headers.vary).toMatch(/\bOrigin\b/i)
    // Nothing there goes by cookies.
    expect(answer.headers).not.toHaveProperty('access-control-allow-credentials')
  }
  test('redeems a code and refreshes', async () => {
    const redeemed = await redeem(await code(app), ORIGIN, app)
    expect(redeemed.status).toBe(200)
    readable(redeemed)
    const refreshed = await refresh(ORIGIN, redeemed.body.refresh_token)
    expect(refreshed.status).toBe(200)
    readable(refreshed)
  })
  test('reads why it was refused', async () => {
    const answer = await redeem('no such code', ORIGIN, app)
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    readable(answer)
  })
  test('reads userinfo, and why it may not', async () => {
    const answer = await userinfo(ORIGIN)
    expect(answer.body.sub).toBe(String(citizen.oid))
    readable(answer)
    const refused = await from(ORIGIN, ask().get('/oauth2/userinfo')).auth('none', { type: 'bearer' })
    expect(refused.status).toBe(401)
    readable(refused)
    expect(refused.headers['access-control-expose-headers']).toMatch(/WWW-Authenticate/i)
  })
  test('revokes', async () => {
    const answer = await revoke(ORIGIN)
    expect(answer.status).toBe(200)
    readable(answer)
    expect((await userinfo(ORIGIN)).status).toBe(401)
  })
  test('pushes a request', async () => {
    const answer = await pushed(ORIGIN)
    expect(answer.status).toBe(201)
    readable(answer)
  })
})

describe('a preflight', () => {
  test.each([
    ['/oauth2/token', 'POST'],
    ['/oauth2/userinfo', 'GET'],
    ['/oauth2/userinfo', 'POST'],
    ['/oauth2/revoke', 'POST'],
    ['/oauth2/par', 'POST'],
    ['/oauth2/jwks', 'GET'],
    ['/.well-known/openid-configuration', 'GET'],
    ['/.well-known/oauth-authorization-server', 'GET'],
  ])('of %s by %s lets the headers of OAuth through; whose it is shows only with the request', async (path, method) => {
    const { status, headers, text } = await from(ORIGIN, ask().options(path))
      .set('Access-Control-Request-Method', method)
      .set('Access-Control-Request-Headers', 'authorization,content-type,dpop')
    expect(status).toBe(204)
    expect(text).toBe('')
    expect(headers['access-control-allow-origin']).toBe(ORIGIN)
    expect(headers['access-control-allow-methods']).toContain(method)
    expect(headers['access-control-allow-headers']).toBe('authorization,content-type,dpop')
    expect(headers).not.toHaveProperty('access-control-allow-credentials')
  })
})

test.each(['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server', '/oauth2/jwks'])(
  '%s may be read by every page',
  async (path) => {
    const { status, headers } = await from('https://anybody.example', ask().get(path))
    expect(status).toBe(200)
    expect(['*', 'https://anybody.example']).toContain(headers['access-control-allow-origin'])
  },
)
