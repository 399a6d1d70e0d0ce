import { beforeAll, describe, expect, test } from 'vitest'
import type { RelyingParty } from '#src/oidc/clients.ts'
import type { ActingParty } from '#test/relying-party.ts'
import { fapiParty } from '#test/signing-party.ts'
import { worldOfFile } from '#test/world.ts'

const world = worldOfFile()

const WITHOUT = { code_challenge: undefined, code_challenge_method: undefined }

async function open(party: ActingParty, parameters: Record<string, string | undefined>) {
  const browser = world.browser()
  await browser.open(party.authorizationUrl(parameters))
  return browser
}

async function codeFor(party: ActingParty, parameters: Record<string, string | undefined>) {
  const browser = world.browser()
  const { phone, password } = await world.citizen()
  await browser.open(party.authorizationUrl(parameters))
  await browser.submit({ identifier: phone, password }, '/identify')
  await browser.submit({ decision: 'allow' }, '/consent')
  return browser.callback.get('code')!
}

describe('a request without PKCE is refused', () => {
  test.each<[string, Partial<RelyingParty>]>([
    ['from a client that is not set otherwise', {}],
    ['from a client set to send it', { pkce: 'required' }],
    [
      'from a public client, whatever is set',
      { pkce: 'optional', token_endpoint_auth_method: 'none', client_secret: undefined as never },
    ],
  ])('%s', async (_who, metadata) => {
    const browser = await open(await world.relyingParty(metadata), { ...WITHOUT, prompt: 'none' })
    expect(browser.callback.get('error')).toBe('invalid_request')
    expect(browser.callback.get('error_description')).toContain('PKCE')
  })
  test('from a client of FAPI, whatever is set', async () => {
    const party = await fapiParty(world, { pkce: 'optional' })
    expect(await party.push(WITHOUT)).toMatchObject({
      status: 400,
      body: { error: 'invalid_request', error_description: expect.stringContaining('PKCE') },
    })
    expect((await party.push()).status).toBe(201)
  })
})

describe('of a client set to do without PKCE', () => {
  let party: ActingParty
  beforeAll(async () => {
    party = await world.relyingParty({ pkce: 'optional' })
  })
  const redeem = (code: string, further: Record<string, string> = {}) =>
    party.token({ grant_type: 'authorization_code', code, redirect_uri: party.redirectUri, ...further })

  test.each<[string, Record<string, string | undefined>]>([
    ['method plain', { code_challenge_method: 'plain' }],
    ['no method, which would mean plain', { code_challenge_method: undefined }],
    ['a method and no challenge', { code_challenge: undefined }],
    ['a challenge that is too short', { code_challenge: 'short' }],
  ])('half a challenge is refused like anybody’s: %s', async (_what, parameters) => {
    expect((await open(party, parameters)).callback.get('error')).toBe('invalid_request')
  })
  test.each<[string, Record<string, string>]>([
    ['without its verifier', {}],
    ['with another verifier', { code_verifier: 'x'.repeat(43) }],
  ])('a code with a challenge is not redeemed %s', async (_how, further) => {
    expect(await redeem(await codeFor(party, {}), further)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    })
  })
  test('a code without a challenge is not redeemed with a verifier: the challenge was cut off (RFC 9700, section 4.8.2)', async () => {
    const code = await codeFor(party, WITHOUT)
    expect(await redeem(code, { code_verifier: party.verifier })).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    })
  })
  test('a code comes and is redeemed without', async () => {
    expect((await redeem(await codeFor(party, WITHOUT))).status).toBe(200)
  })
  test('a code of another session is told by its nonce, which is kept', async () => {
    const code = await codeFor(party, WITHOUT)
    const { body } = await redeem(code)
    expect((await party.claims(body.id_token)).nonce).toBe(party.nonce)
  })
})
