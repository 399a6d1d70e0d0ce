import supertest from 'supertest'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Certifier, type Flow } from '../certifier.ts'

/** RFC 6749, sections 3.1 and 3.2: unknown parameters are ignored, empty ones count as left out, none may come twice. */

let certifier: Certifier
let here: Flow
beforeAll(async () => {
  certifier = await Certifier.start()
  here = await certifier.flow()
})
afterAll(() => certifier.world.stop())

/** Posts a form as the client; pairs, so that a name may come twice. */
async function post(path: string, pairs: readonly (readonly [string, string])[]) {
  const { client_id, client_secret } = certifier.party.registration
  const { status, body } = await supertest(certifier.world.listens)
    .post(path)
    .auth(client_id, client_secret!)
    .type('form')
    .send(`${new URLSearchParams(pairs.map(([name, value]) => [name, value]))}`)
    .ok(() => true)
  return { status, body }
}

async function newCode(): Promise<string> {
  const asked = certifier.request()
  await here.browser.open(asked.url)
  return certifier.code(here.browser, asked)
}

const redemption = (code: string): [string, string][] => [
  ['grant_type', 'authorization_code'],
  ['code', code],
  ['redirect_uri', certifier.party.redirectUri],
]

describe('a parameter that comes twice is refused by its name', () => {
  test.each(['scope', 'state', 'nonce', 'response_type', 'prompt', 'max_age', 'claims', 'login_hint'])(
    'in a request: %s',
    async (name) => {
      const asked = certifier.request({ [name]: name === 'claims' ? '{}' : name === 'max_age' ? '100' : 'openid' })
      await here.browser.open(`${asked.url}&${name}=login`)
      expect(here.browser.callback.get('error')).toBe('invalid_request')
      expect(here.browser.callback.get('error_description')).toContain(name)
      expect(here.browser.callback.get('code')).toBeNull()
    },
  )
  test('in a request: client_id, on a page, as nobody knows where to send it', async () => {
    await here.browser.open(`${certifier.request().url}&client_id=other`)
    expect(here.browser.page.status).toBe(400)
    expect(certifier.world.view).toBe('oidc/error')
  })
  test('in a request: redirect_uri, at the only one registered, or on a page if there are more', async () => {
    const several = await certifier.client({ redirect_uris: ['https://rp.example/cb', 'https://rp.example/more'] })
    const further = new URLSearchParams({ redirect_uri: 'https://evil.example/cb' })
    await here.browser.open(`${certifier.request({}, several).url}&${further}`)
    expect(here.browser.page.status).toBe(400)
    expect(certifier.world.view).toBe('oidc/error')
    const asked = certifier.request()
    await here.browser.open(`${asked.url}&${further}`)
    expect(certifier.received(here.browser, asked).get('error')).toBe('invalid_request')
  })
  test.each(['grant_type', 'code', 'redirect_uri'])('at the token endpoint: %s', async (name) => {
    const code = await newCode()
    const pairs = redemption(code)
    const { status, body } = await post('/oauth2/token', [...pairs, pairs.find(([known]) => known === name)!])
    expect(status).toBe(400)
    expect(body).toMatchObject({ error: 'invalid_request', error_description: expect.stringContaining(name) })
    expect((await post('/oauth2/token', redemption(code))).status).toBe(200)
  })
})

describe('an empty parameter counts as left out', () => {
  test.each([
    'prompt',
    'max_age',
    'display',
    'login_hint',
    'id_token_hint',
    'acr_values',
    'claims',
    'ui_locales',
    'response_mode',
    'code_challenge',
    'request',
    'request_uri',
    'nonce',
    'state',
  ])('in a request: %s', async (name) => {
    const asked = certifier.request({ [name]: '' })
    await here.browser.open(asked.url)
    expect(here.browser.callback.get('error_description')).toBeNull()
    expect(here.browser.callback.get('code')).toBeTypeOf('string')
    if (name === 'state') expect(here.browser.callback.has('state')).toBe(false)
  })
  test('at the token endpoint: code_verifier, scope', async () => {
    const pairs: [string, string][] = [...redemption(await newCode()), ['code_verifier', ''], ['scope', '']]
    expect((await post('/oauth2/token', pairs)).status).toBe(200)
  })
})

describe('an unknown parameter is ignored', () => {
  test('at the token endpoint', async () => {
    const pairs: [string, string][] = [...redemption(await newCode()), ['extra', 'foobar'], ['extra', 'again']]
    expect((await post('/oauth2/token', pairs)).status).toBe(200)
  })
  test('when a request is pushed', async () => {
    const { searchParams } = new URL(certifier.request({ extra: 'foobar' }).url)
    expect((await post('/oauth2/par', [...searchParams])).status).toBe(201)
  })
  test('at introspection and revocation', async () => {
    const { tokens } = await certifier.flow({ browser: here.browser })
    const pairs: [string, string][] = [
      ['token', tokens.access_token],
      ['token_type_hint', 'something_else'],
      ['extra', 'foobar'],
    ]
    expect(await post('/oauth2/introspect', pairs)).toMatchObject({ status: 200, body: { active: true } })
    expect((await post('/oauth2/revoke', pairs)).status).toBe(200)
    expect(await post('/oauth2/introspect', pairs)).toMatchObject({ status: 200, body: { active: false } })
  })
  test('the client’s own client_id beside its credentials is no second authentication', async () => {
    const own: [string, string] = ['client_id', certifier.party.registration.client_id]
    expect((await post('/oauth2/token', [...redemption(await newCode()), own])).status).toBe(200)
  })
})
