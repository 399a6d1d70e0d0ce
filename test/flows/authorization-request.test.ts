import { UnsecuredJWT } from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'
import type { ActingParty } from '../relying-party.ts'
import { saying } from '../saying.ts'
import { enter, signedIn } from '../signing-in.ts'
import { worldOfFile } from '../world.ts'

const world = worldOfFile()
let party: ActingParty
beforeAll(async () => {
  party = await world.relyingParty({ redirect_uris: ['https://rp.example/cb', 'https://rp.example/second?from=us'] })
})

const open = async (parameters: Record<string, string | undefined>, by = party) => {
  const browser = world.browser()
  await browser.open(by.authorizationUrl(parameters))
  return browser
}

describe('PKCE', () => {
  test.each<[string, Record<string, string | undefined>]>([
    ['no challenge', { code_challenge: undefined, code_challenge_method: undefined }],
    ['method plain', { code_challenge_method: 'plain' }],
    ['no method, which would mean plain', { code_challenge_method: undefined }],
    ['a method that does not exist', { code_challenge_method: 'S512' }],
    ['a challenge that is too short', { code_challenge: 'short' }],
  ])('%s is refused before anybody signs in', async (_what, parameters) => {
    const browser = await open(parameters)
    expect(browser.callback.get('error')).toBe('invalid_request')
  })
  test.each<[string, Record<string, string>]>([
    ['another verifier', { code_verifier: 'x'.repeat(43) }],
    ['an empty verifier', { code_verifier: '' }],
  ])('%s redeems nothing', async (_what, parameters) => {
    const citizen = await world.citizen()
    const browser = world.browser()
    await enter(browser, party, citizen)
    await browser.submit({ decision: 'allow' }, '/consent')
    const { status, body } = await party.redeem(browser.callback.get('code')!, parameters)
    expect(status).toBe(400)
    expect(body).not.toHaveProperty('access_token')
  })
})

describe('redirect_uri', () => {
  test.each([
    ['another host', 'https://evil.example/cb'],
    ['a prefix of the host', 'https://rp.example.evil.example/cb'],
    ['a host before @', 'https://rp.example@evil.example/cb'],
    ['several @', 'https://rp.example@x@evil.example/cb'],
    ['a path above', 'https://rp.example/cb/../steal'],
    ['a path parameter', 'https://rp.example/cb/..;/steal'],
    ['an encoded path', 'https://rp.example/%63b'],
    ['a longer path', 'https://rp.example/cb/more'],
    ['a trailing slash', 'https://rp.example/cb/'],
    ['another case of the path', 'https://rp.example/CB'],
    ['another case of the host', 'https://RP.example/cb'],
    ['the port written out', 'https://rp.example:443/cb'],
    ['another port', 'https://rp.example:8443/cb'],
    ['another scheme', 'http://rp.example/cb'],
    ['a query', 'https://rp.example/cb?next=https://evil.example'],
    ['a query cut off', 'https://rp.example/second'],
    ['a fragment', 'https://rp.example/cb#x'],
    ['a backslash', 'https://rp.example\\@evil.example/cb'],
    ['a space before', ' https://rp.example/cb'],
    ['javascript', 'javascript:alert(1)//https://rp.example/cb'],
    ['data', 'data:text/html,<script>alert(1)</script>'],
    ['nothing', ''],
  ])('%s ends on a page of ours: %s', async (_what, uri) => {
    const browser = await open({ redirect_uri: uri })
    expect(browser.page.status).toBe(400)
    expect(browser.page.url.startsWith(world.origin)).toBe(true)
    expect(world.view).toBe('oidc/error')
  })
  test('is demanded where several are registered', async () => {
    const browser = await open({ redirect_uri: undefined })
    expect(browser.page.status).toBe(400)
    expect(world.view).toBe('oidc/error')
  })
  test('one that has a query of its own keeps it', async () => {
    const browser = await open({ redirect_uri: 'https://rp.example/second?from=us', prompt: 'none' })
    expect(browser.callback.get('from')).toBe('us')
    expect(browser.callback.get('error')).toBe('login_required')
  })
  test('must be the same again when the code is redeemed', async () => {
    const citizen = await world.citizen()
    const browser = world.browser()
    await enter(browser, party, citizen)
    await browser.submit({ decision: 'allow' }, '/consent')
    const code = browser.callback.get('code')!
    const { body } = await party.redeem(code, { redirect_uri: 'https://rp.example/second?from=us' })
    expect(body).toMatchObject({ error: 'invalid_grant' })
  })
})

describe('the request', () => {
  test.each<[string, Record<string, string>, string]>([
    [
      'an unsigned request object',
      { request: new UnsecuredJWT({ scope: 'openid' }).encode() },
      'invalid_request_object',
    ],
    ['a request by reference', { request_uri: 'https://evil.example/request' }, 'request_uri_not_supported'],
    ['a response type that hands out tokens', { response_type: 'token' }, 'unsupported_response_type'],
    ['the implicit id_token', { response_type: 'id_token' }, 'unsupported_response_type'],
    ['the hybrid flow', { response_type: 'code id_token' }, 'unsupported_response_type'],
    ['a scope that is not the client’s', { scope: 'openid email' }, 'invalid_scope'],
    ['claims that are no JSON', { claims: '{' }, 'invalid_request'],
    ['claims that are no object', { claims: 'null' }, 'invalid_request'],
    ['a prompt that does not exist', { prompt: 'later' }, 'invalid_request'],
  ])('with %s goes back as an error', async (_what, parameters, error) => {
    const restricted = await world.relyingParty({ scope: 'openid' })
    const browser = await open({ scope: 'openid', ...parameters }, restricted)
    const answer = browser.page.url.includes('#')
      ? new URLSearchParams(new URL(browser.page.url).hash.slice(1))
      : browser.callback
    expect(answer.get('code')).toBeNull()
    const accepted = [error, 'unsupported_response_type', 'invalid_request', 'unauthorized_client']
    expect(accepted).toContain(answer.get('error'))
  })
  test('carries state back, and iss, so that the answers of two providers are never mixed up (RFC 9207)', async () => {
    const browser = await open({ state: 'a b&c=d', prompt: 'none' })
    expect(browser.callback.get('state')).toBe('a b&c=d')
    expect(browser.callback.get('iss')).toBe(world.origin)
  })
  test('with a parameter given twice is refused', async () => {
    const browser = world.browser()
    await browser.open(`${party.authorizationUrl({ prompt: 'none' })}&scope=openid`)
    const outcome = browser.page.url.startsWith(world.origin) ? browser.page.status : browser.callback.get('error')
    expect([400, 'invalid_request']).toContain(outcome)
  })
  test('that comes as a POST goes on as the same GET, which brings the session cookie', async () => {
    const citizen = await world.citizen()
    const { browser } = await signedIn(world, { party, citizen })
    const { searchParams } = new URL(party.authorizationUrl())
    await browser.post(`${world.origin}/oauth2/authorize`, searchParams.toString(), {
      Origin: 'https://rp.example',
      'Sec-Fetch-Site': 'cross-site',
    })
    expect(browser.page.url).toContain('code=')
    expect(browser.callback.get('state')).toBe(searchParams.get('state'))
  })
  test.each([
    ['is too long for an address', `client_id=x&state=${'x'.repeat(9_000)}`, {}],
    ['is no form', '{"client_id":"x"}', { 'Content-Type': 'application/json' }],
    ['would end the header', 'client_id=x\r\nSet-Cookie: a=b', {}],
  ])('that comes as a POST and %s is refused', async (_how, body, headers) => {
    const browser = world.browser()
    const page = await browser.post('/oauth2/authorize', body, headers)
    expect(page.status).toBe(400)
    expect(page.headers['set-cookie'] ?? []).not.toContainEqual(expect.stringContaining('a=b'))
  })
  test('answers as a form where it asks for form_post', async () => {
    const citizen = await world.citizen()
    const { browser } = await signedIn(world, { party, citizen })
    await browser.open(party.authorizationUrl({ response_mode: 'form_post' }))
    expect(browser.page.status).toBe(200)
    const form = browser.form()
    expect(form.action).toBe('https://rp.example/cb')
    expect(form.hidden.code).toBeTypeOf('string')
    expect(browser.page.headers['content-security-policy']).not.toContain('form-action')
    const { status } = await party.redeem(form.hidden.code!)
    expect(status).toBe(200)
  })
})

describe('a client', () => {
  test.each(['nobody', '', 'a\0b', 'x'.repeat(5000), '__proto__'])(
    'that is not registered ends on a page of ours: %#',
    async (id) => {
      const browser = await open({ client_id: id })
      expect(browser.page.status).toBe(400)
      expect(world.view).toBe('oidc/error')
    },
  )
  test('that is suspended counts as unknown, within the five seconds that a process remembers it', async () => {
    const suspended = await world.relyingParty()
    await world.house.store.db
      .updateTable('clients')
      .set({ state: 'suspended' })
      .where('client_id', '=', suspended.registration.client_id)
      .execute()
    expect((await open({}, suspended)).page.status).toBe(400)
  })
  test('in the sandbox is told what was checked', async () => {
    const browser = await open({ redirect_uri: 'https://evil.example/cb' })
    expect(browser.page.html).toMatch(saying('oidc.explanation_title'))
    expect(browser.page.html).toContain('https://evil.example/cb')
    expect(browser.page.html).toContain(party.redirectUri)
    expect(browser.page.html).toMatch(/[2-9A-HJ-NP-Z]{8}/)
  })
})
