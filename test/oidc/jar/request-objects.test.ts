import { createSecretKey } from 'node:crypto'
import { SignJWT } from 'jose'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  answerPages,
  type Claims,
  corrupted,
  now,
  random,
  type SigningParty,
  signingKey,
  signingParty,
} from '../../signing-party.ts'
import { type Citizen, worldOfFile } from '../../world.ts'

/** Signed request objects by value (RFC 9101; OpenID Connect Core, section 6) of a client that need not sign. */

const world = worldOfFile()
let party: SigningParty
let other: SigningParty
let citizen: Citizen
beforeAll(async () => {
  party = await signingParty(world)
  other = await signingParty(world)
  citizen = await world.citizen()
})
beforeEach(() => world.forgetAttempts())

const address = (request: string, parameters: Record<string, string> = {}) => {
  const usual = { client_id: party.clientId, scope: 'openid', response_type: 'code', request, ...parameters }
  return `/oauth2/authorize?${new URLSearchParams(usual)}`
}
async function opened(request: string, parameters: Record<string, string> = {}) {
  const browser = world.browser()
  await browser.open(address(request, parameters))
  await answerPages(browser, citizen)
  return browser
}
const object = (claims: Claims = {}, signing: Parameters<SigningParty['requestObject']>[2] = {}) =>
  party.requestObject({}, claims, signing)

describe('a request object is refused', () => {
  test.each([
    ['without a signature', async () => object({}, { header: { alg: 'none' } })],
    ['with another signature', async () => corrupted(await object())],
    ['by another key', async () => object({}, { key: await signingKey() })],
    ['by the key of another client', async () => object({}, { key: other.key })],
    ['by HS256 with the public key as the secret', async () => forgedByHmac()],
    ['that is none', async () => 'nonsense'],
    ['of another client', async () => other.requestObject()],
    ['in the name of another client', async () => object({ client_id: 'rp-other' })],
    ['issued by another', async () => object({ iss: other.clientId })],
    ['for another provider', async () => object({ aud: 'https://elsewhere.example' })],
    ['that has ended', async () => object({ nbf: now() - 900, exp: now() - 600 })],
    ['from the future', async () => object({ nbf: now() + 600, exp: now() + 900 })],
    ['with a request in it', async () => object({ request: 'x' })],
    ['with a request_uri in it', async () => object({ request_uri: 'https://rp.example/x' })],
    ['with an address that is not registered', async () => object({ redirect_uri: 'https://evil.example/cb' })],
  ])('%s', async (_what, make) => {
    const browser = await opened(await make())
    expect(browser.page.url).not.toContain('code=')
    expect(browser.page.url).not.toContain('evil.example')
  })
  test('whose response_type is another than the one beside it', async () => {
    expect((await opened(await object(), { response_type: 'none' })).page.url).not.toContain('code=')
  })
  test.each(['https://rp.example/request.jwt', 'http://127.0.0.1:1/', 'http://169.254.169.254/latest/meta-data'])(
    'by reference, which is not fetched: %s',
    async (request_uri) => {
      const browser = world.browser()
      const { redirectUri: redirect_uri } = party.acting
      const query = { client_id: party.clientId, scope: 'openid', response_type: 'code', request_uri, redirect_uri }
      await browser.open(`/oauth2/authorize?${new URLSearchParams(query)}`)
      expect(browser.callback.get('error')).toBe('request_uri_not_supported')
    },
  )
  test('that a client which has to sign does not send', async () => {
    const strict = await signingParty(world, { require_signed_request_object: true })
    const browser = world.browser()
    await browser.open(strict.acting.authorizationUrl())
    expect(browser.callback.get('error')).toBe('invalid_request')
  })
})

async function forgedByHmac(): Promise<string> {
  const secret = createSecretKey(Buffer.from(JSON.stringify(party.key.publicJwk)))
  return new SignJWT({ iss: party.clientId, aud: world.origin, ...party.request(), exp: now() + 60 })
    .setProtectedHeader({ alg: 'HS256', kid: party.key.kid })
    .sign(secret)
}

describe('a request object', () => {
  test('is what counts: parameters beside it are not used (RFC 9101, section 6.3)', async () => {
    const state = random()
    const browser = await opened(await object({ state, scope: 'openid' }), {
      state: 'beside',
      scope: 'openid profile email phone',
      redirect_uri: 'https://evil.example/cb',
    })
    expect(browser.callback.get('state')).toBe(state)
    const { body } = await party.redeem(browser.callback.get('code')!, {}, { proof: undefined })
    expect(body.scope).toBe('openid')
  })
  test('may bring claims as an object', async () => {
    const newcomer = await world.citizen()
    const browser = world.browser()
    await browser.open(address(await object({ scope: 'openid', claims: { userinfo: { phone_number: null } } })))
    await answerPages(browser, newcomer)
    const { body } = await party.redeem(browser.callback.get('code')!, {}, { proof: undefined })
    expect((await party.acting.userinfo(body.access_token)).body).toMatchObject({ phone_number: newcomer.phone })
  })
  test.each(['ES256', 'PS256', 'RS256', 'EdDSA'])('may be signed by %s', async (alg) => {
    const key = await signingKey(alg)
    const own = await signingParty(world, { jwks: { keys: [key.publicJwk] } }, { key })
    const browser = world.browser()
    await browser.open(
      `/oauth2/authorize?${new URLSearchParams({ client_id: own.clientId, request: await own.requestObject() })}`,
    )
    await answerPages(browser, citizen)
    expect(browser.callback.get('code')).toBeTypeOf('string')
  })
})
