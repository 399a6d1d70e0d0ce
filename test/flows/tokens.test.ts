import { decodeProtectedHeader } from 'jose'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Browser } from '../browser-http.ts'
import { ActingParty } from '../relying-party.ts'
import { enter, signedIn } from '../signing-in.ts'
import { type Citizen, worldOfFile } from '../world.ts'

const world = worldOfFile()
let party: ActingParty
let citizen: Citizen
beforeAll(async () => {
  party = await world.relyingParty()
})
beforeEach(async () => {
  citizen = await world.citizen()
})

const OFFLINE = { scope: 'openid profile offline_access', prompt: 'consent' }

async function codeFor(who: Citizen, by = party, parameters = {}): Promise<{ browser: Browser; code: string }> {
  const browser = world.browser()
  await enter(browser, by, who, parameters)
  await browser.submit({ decision: 'allow' }, '/consent')
  return { browser, code: browser.callback.get('code')! }
}

describe('an authorization code', () => {
  test('works once; the second use is refused and takes the tokens of the first along', async () => {
    const { code } = await codeFor(citizen)
    const first = await party.redeem(code)
    expect(first.status).toBe(200)
    const second = await party.redeem(code)
    expect(second).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect((await party.userinfo(first.body.access_token)).status).toBe(401)
    expect((await party.refresh(first.body.refresh_token!)).status).toBe(400)
  })
  test('of another client is refused, and stays good for its own', async () => {
    const other = await world.relyingParty()
    const { code } = await codeFor(citizen)
    const stolen = await other.redeem(code, { code_verifier: party.verifier })
    expect(stolen).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect((await party.redeem(code)).status).toBe(200)
  })
  test('is good for a minute', async () => {
    const { code } = await codeFor(citizen)
    world.travel(61)
    expect(await party.redeem(code)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  })
  test.each(['', 'nothing', 'a\0b', '\ud800', 'x'.repeat(10_000)])('that is none is refused: %#', async (code) => {
    const { status, body } = await party.redeem(code)
    expect(status).toBe(400)
    expect(body).not.toHaveProperty('access_token')
  })
})

describe('a client', () => {
  test.each<[string, object]>([
    ['with another secret', { client_secret: 'wrong' }],
    ['without its secret', { client_secret: undefined, token_endpoint_auth_method: 'none' }],
  ])('%s gets nothing', async (_what, wrong) => {
    const { code } = await codeFor(citizen)
    const registration = { ...party.registration, ...wrong }
    const impostor = new ActingParty({ origin: world.origin, listens: world.listens, registration })
    const { status, body } = await impostor.redeem(code, { code_verifier: party.verifier })
    expect(status).toBe(401)
    expect(body).toMatchObject({ error: 'invalid_client' })
  })
  test('that is public redeems with PKCE alone', async () => {
    const open = await world.relyingParty({ token_endpoint_auth_method: 'none', client_secret: undefined as never })
    const { code } = await codeFor(citizen, open)
    expect((await open.redeem(code)).status).toBe(200)
  })
  test('gets no token for itself, nor for a name and password', async () => {
    const tries: Record<string, string>[] = [
      { grant_type: 'client_credentials' },
      { grant_type: 'password', username: citizen.phone, password: citizen.password },
    ]
    for (const parameters of tries) {
      const { status, body } = await party.token(parameters)
      expect(status).toBe(400)
      expect(body).not.toHaveProperty('access_token')
    }
  })
  test('without the grant type gets no refresh token', async () => {
    const short = await world.relyingParty({ grant_types: ['authorization_code'] })
    const { code } = await codeFor(citizen, short)
    const { body } = await short.redeem(code)
    expect(body).not.toHaveProperty('refresh_token')
  })
})

describe('an id_token', () => {
  test('is signed with ES256, or RS256 for clients that are set so; never with none', async () => {
    const classic = await world.relyingParty({ id_token_signed_response_alg: 'RS256' })
    const [modern, old] = [
      await signedIn(world, { party, citizen }),
      await signedIn(world, { party: classic, citizen }),
    ]
    expect(decodeProtectedHeader(modern.tokens.id_token)).toMatchObject({ alg: 'ES256', kid: expect.any(String) })
    expect(decodeProtectedHeader(old.tokens.id_token)).toMatchObject({ alg: 'RS256' })
    await classic.claims(old.tokens.id_token)
  })
  test('cannot be had unsigned: such a client does not work', async () => {
    const unsigned = await world.relyingParty({ id_token_signed_response_alg: 'none' })
    const browser = world.browser()
    await browser.open(unsigned.authorizationUrl())
    expect(browser.page.status).toBe(400)
    expect(world.view).toBe('oidc/error')
  })
  test('names the person by the account number, and no more about them than was asked for', async () => {
    const { tokens } = await signedIn(world, { party, citizen })
    const claims = await party.claims(tokens.id_token)
    expect(claims.sub).toBe(String(citizen.oid))
    expect(Object.keys(claims).sort()).toEqual(
      ['acr', 'amr', 'aud', 'auth_time', 'exp', 'iat', 'iss', 'nonce', 'sid', 'sub'].sort(),
    )
  })
})

describe('a refresh token', () => {
  test('is replaced at each use, and the new tokens work', async () => {
    const { tokens } = await signedIn(world, { party, citizen })
    const { status, body } = await party.refresh(tokens.refresh_token!)
    expect(status).toBe(200)
    expect(body.refresh_token).not.toBe(tokens.refresh_token)
    expect((await party.userinfo(body.access_token)).status).toBe(200)
    expect((await party.refresh(body.refresh_token!)).status).toBe(200)
  })
  test('used again at once is refused, as a parallel request would be; the newer ones live on', async () => {
    const { tokens } = await signedIn(world, { party, citizen })
    const { body } = await party.refresh(tokens.refresh_token!)
    expect(await party.refresh(tokens.refresh_token!)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect((await party.userinfo(body.access_token)).status).toBe(200)
    expect((await party.refresh(body.refresh_token!)).status).toBe(200)
  })
  test('used again later is a stolen one: everything that came from it dies', async () => {
    const { tokens } = await signedIn(world, { party, citizen })
    const { body } = await party.refresh(tokens.refresh_token!)
    world.travel(11)
    expect(await party.refresh(tokens.refresh_token!)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect((await party.userinfo(body.access_token)).status).toBe(401)
    expect((await party.refresh(body.refresh_token!)).status).toBe(400)
  })
  test('of another client is refused', async () => {
    const other = await world.relyingParty()
    const { tokens } = await signedIn(world, { party, citizen })
    expect(await other.refresh(tokens.refresh_token!)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect((await party.refresh(tokens.refresh_token!)).status).toBe(200)
  })
  test('gives no scope that was not granted, and fewer on demand', async () => {
    const { tokens } = await signedIn(world, { party, citizen, parameters: { scope: 'openid email' } })
    const more = await party.refresh(tokens.refresh_token!, { scope: 'openid email phone' })
    expect(more).toMatchObject({ status: 400, body: { error: 'invalid_scope' } })
    const { body } = await party.refresh(tokens.refresh_token!, { scope: 'openid' })
    expect((await party.userinfo(body.access_token)).body).toEqual({ sub: String(citizen.oid) })
  })
  test('without offline_access ends with the session; asking for it without prompt=consent does not help', async () => {
    const { tokens } = await signedIn(world, { party, citizen, parameters: { scope: 'openid offline_access' } })
    expect(tokens.scope).not.toContain('offline_access')
    world.travel(13 * 3600)
    expect((await party.refresh(tokens.refresh_token!)).status).toBe(400)
  })
  test('with offline_access, which takes consent each time, outlives the session', async () => {
    const { browser, tokens } = await signedIn(world, { party, citizen, parameters: OFFLINE })
    expect(tokens.scope).toContain('offline_access')
    world.travel(13 * 3600)
    await browser.open(party.authorizationUrl({ prompt: 'none' }))
    expect(browser.callback.get('error')).toBe('login_required')
    const { status, body } = await party.refresh(tokens.refresh_token!)
    expect(status).toBe(200)
    expect((await party.userinfo(body.access_token)).status).toBe(200)
  })
  test('with offline_access ends after thirty days unused', async () => {
    const { tokens } = await signedIn(world, { party, citizen, parameters: OFFLINE })
    world.travel(30 * 86_400 + 10)
    expect((await party.refresh(tokens.refresh_token!)).status).toBe(400)
  })
})

describe('an access token', () => {
  test('is good for ten minutes', async () => {
    const { tokens } = await signedIn(world, { party, citizen })
    expect(tokens.expires_in).toBe(600)
    world.travel(599)
    expect((await party.userinfo(tokens.access_token)).status).toBe(200)
    world.travel(2)
    const late = await party.userinfo(tokens.access_token)
    expect(late.status).toBe(401)
    expect(late.headers['www-authenticate']).toContain('invalid_token')
  })
  test.each(['', 'nothing', 'a.b.c', 'x'.repeat(8000)])('that is none opens nothing: %#', async (token) => {
    expect([400, 401]).toContain((await party.userinfo(token)).status)
  })
  test('no other token stands in for it', async () => {
    const { tokens } = await signedIn(world, { party, citizen })
    expect((await party.userinfo(tokens.refresh_token!)).status).toBe(401)
    expect((await party.userinfo(tokens.id_token)).status).toBe(401)
  })
  test('is no table of claims: it tells nothing by itself', async () => {
    const { tokens } = await signedIn(world, { party, citizen })
    expect(tokens.access_token).toMatch(/^[\w-]{40,}$/)
    expect(tokens.access_token).not.toContain('.')
  })
})
