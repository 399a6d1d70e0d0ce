import { beforeAll, describe, expect, test } from 'vitest'
import type { ActingParty } from '#test/relying-party.ts'
import { signedIn } from '#test/signing-in.ts'
import { type SigningParty, signingParty } from '#test/signing-party.ts'
import { type Citizen, worldOfFile } from '#test/world.ts'
import { cookiesOf, exchange } from '../raw-http.ts'

/** Addresses that look like a registered one, at every door that takes an address; plain ones are in test/flows. */

const REGISTERED = 'https://rp.example/cb'

const world = worldOfFile()
let party: SigningParty
let citizen: Citizen
beforeAll(async () => {
  party = await signingParty(world)
  citizen = await world.citizen()
})

const lookalikes: readonly [string, string][] = [
  ['an escaped path above', 'https://rp.example/cb/%2e%2e/steal'],
  ['a twice escaped path above', 'https://rp.example/cb/%252e%252e/steal'],
  ['an escaped slash', 'https://rp.example%2fcb'],
  ['a path parameter', 'https://rp.example/cb;/../steal'],
  ['another case of the scheme', 'HTTPS://rp.example/cb'],
  ['a dot after the host', 'https://rp.example./cb'],
  ['a host in front', 'https://evil.example/https://rp.example/cb'],
  ['an empty user', 'https://@rp.example/cb'],
  ['a user and a password', 'https://rp.example:443@evil.example/cb'],
  ['an escaped @', 'https://rp.example%40evil.example/cb'],
  ['an empty port', 'https://rp.example:/cb'],
  ['an empty query', `${REGISTERED}?`],
  ['an empty fragment', `${REGISTERED}#`],
  ['a letter of another alphabet', 'https://rр.example/cb'],
  ['the same in Punycode', 'https://xn--r-9tb.example/cb'],
  ['a wide full stop', 'https://rp。example/cb'],
  ['a wide slash', 'https://rp.example／cb'],
  ['one slash', 'https:/rp.example/cb'],
  ['three slashes', 'https:///rp.example/cb'],
  ['backslashes', 'https:\\\\rp.example\\cb'],
  ['a tab inside', 'https://rp.exa\tmple/cb'],
  ['a line break after', `${REGISTERED}\r\nSet-Cookie: a=b`],
  ['a NUL after', `${REGISTERED}\0`],
  ['javascript that carries it', `javascript://rp.example/cb%0aalert(1)`],
]

describe('in front of the browser', () => {
  test.each(lookalikes)('%s is answered by a page', async (_what, uri) => {
    const browser = world.browser()
    await browser.open(party.acting.authorizationUrl({ redirect_uri: uri }))
    expect(browser.page.status).toBe(400)
    expect(browser.page.url.startsWith(`${world.origin}/oauth2/authorize`)).toBe(true)
  })
  test.each([
    [
      'the registered one first',
      `redirect_uri=${encodeURIComponent(REGISTERED)}`,
      'redirect_uri=https://evil.example/',
    ],
    ['the registered one last', 'redirect_uri=https://evil.example/', `redirect_uri=${encodeURIComponent(REGISTERED)}`],
  ])('of two neither counts: the only registered one hears of it: %s', async (_which, first, second) => {
    const rest = new URL(party.acting.authorizationUrl({ redirect_uri: undefined })).search.slice(1)
    const { headers } = await exchange(world.listens, {
      target: `/oauth2/authorize?${first}&${rest}&${second}`,
      headers: { Accept: 'text/html' },
    })
    const location = new URL(headers.get('location')![0]!)
    expect([location.origin + location.pathname, location.searchParams.get('error')]).toEqual([
      REGISTERED,
      'invalid_request',
    ])
  })
  test('one in the body counts, and not another in the address of a POST', async () => {
    const { search } = new URL(party.acting.authorizationUrl({ prompt: 'none' }))
    const { headers } = await exchange(world.listens, {
      method: 'POST',
      target: '/oauth2/authorize?redirect_uri=https://evil.example/',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: search.slice(1),
    })
    const [location = ''] = headers.get('location') ?? []
    expect(location).toMatch(/^\/oauth2\/authorize\?/)
    expect(location).not.toContain('evil.example')
  })
})

describe('in a pushed request, a request object and one pushed', () => {
  test.each(lookalikes)('%s is refused', async (_what, uri) => {
    const pushed = await party.push({ redirect_uri: uri })
    expect([pushed.status, pushed.body.error]).toEqual([400, 'invalid_request'])
    const request = await party.requestObject({ redirect_uri: uri })
    const { client_id, response_type, scope } = party.request()
    const both = await party.push({ client_id, request })
    expect([both.status, both.body.error]).toEqual([400, 'invalid_request'])
    const browser = world.browser()
    const query = { client_id, request, response_type, scope } as Record<string, string>
    await browser.open(`/oauth2/authorize?${new URLSearchParams(query)}`)
    expect([browser.page.status, browser.page.url.startsWith(world.origin)]).toEqual([400, true])
  })
  test('one beside the signed one has no word', async () => {
    const request = await party.requestObject({ prompt: 'none' })
    const query = new URLSearchParams({
      client_id: party.clientId,
      request,
      response_type: 'code',
      scope: 'openid',
      redirect_uri: 'https://evil.example/cb',
    })
    const browser = world.browser()
    await browser.open(`/oauth2/authorize?${query}`)
    expect(browser.page.url.startsWith(world.origin) ? browser.page.status : browser.callback.get('error')).toBe(
      'login_required',
    )
    expect(browser.page.url).toMatch(/^https:\/\/rp\.example\/cb\?/)
  })
})

describe('an application on a machine of its own (RFC 8252, section 7.3)', () => {
  let native: ActingParty
  beforeAll(async () => {
    native = await world.relyingParty({
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      client_secret: undefined as never,
      redirect_uris: ['http://127.0.0.1/cb', 'http://[::1]/cb', 'com.example.app:/cb'],
      post_logout_redirect_uris: ['http://127.0.0.1/out'],
    })
  })
  const sent = async (redirect_uri: string) => {
    const browser = world.browser()
    await browser.open(native.authorizationUrl({ redirect_uri, prompt: 'none' }))
    return browser.page
  }
  test.each([
    'http://localhost:50001/cb',
    'http://127.0.0.2:50001/cb',
    'http://127.1:50001/cb',
    'http://2130706433/cb',
    'http://0x7f000001:50001/cb',
    'http://[::ffff:127.0.0.1]:50001/cb',
    'http://[0:0:0:0:0:0:0:1]:50001/cb',
    'http://127.0.0.1.evil.example:50001/cb',
    'http://127.0.0.1:50001@evil.example/cb',
    'http://evil@127.0.0.1:50001/cb',
    'http://127.0.0.1:50001\\@evil.example/cb',
    'https://127.0.0.1:50001/cb',
    'HTTP://127.0.0.1:50001/cb',
    'http://127.0.0.1:50001/cb/',
    'http://127.0.0.1:50001/cb?x=1',
    'http://127.0.0.1:50001/cb#x',
    'http://127.0.0.1:99999/cb',
    'http://127.0.0.1:50001:1/cb',
    'http://127.0.0.1:50001/../cb',
    'com.example.app:/cb/more',
    'com.example.app://cb',
    'COM.EXAMPLE.APP:/cb',
    'com.example.app.evil:/cb',
  ])('%s is another address', async (uri) => {
    const page = await sent(uri)
    expect([page.status, page.url.startsWith(world.origin)]).toEqual([400, true])
  })
  test.each(['http://127.0.0.1:50001/cb', 'http://[::1]:50001/cb', 'com.example.app:/cb'])(
    '%s is its own: the system chooses the port',
    async (uri) => expect((await sent(uri)).url.startsWith(`${uri}?error=login_required`)).toBe(true),
  )
  test('the port of a web application is not free, on loopback either', async () => {
    const web = await world.relyingParty({ redirect_uris: ['http://127.0.0.1:8080/cb'] })
    const browser = world.browser()
    await browser.open(web.authorizationUrl({ redirect_uri: 'http://127.0.0.1:8081/cb' }))
    expect([browser.page.status, browser.page.url.startsWith(world.origin)]).toEqual([400, true])
  })
  test('a code for one port is not redeemed for another', async () => {
    const browser = world.browser()
    await browser.open(native.authorizationUrl({ redirect_uri: 'http://127.0.0.1:50001/cb' }))
    await browser.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
    await browser.submit({ decision: 'allow' }, '/consent')
    const redirect_uri = 'http://127.0.0.1:50002/cb'
    expect(await native.redeem(browser.callback.get('code')!, { redirect_uri })).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    })
  })
})

describe('after a sign-out', () => {
  test.each(lookalikes)('%s is no place to go back to', async (_what, uri) => {
    const acting = await world.relyingParty({ post_logout_redirect_uris: [REGISTERED] })
    const { browser } = await signedIn(world, { party: acting, citizen })
    const query = new URLSearchParams({ client_id: acting.registration.client_id, post_logout_redirect_uri: uri })
    const { status, headers } = await exchange(world.listens, {
      target: `/oauth2/logout?${query}`,
      headers: { Accept: 'text/html', Cookie: cookiesOf(browser, '/') },
    })
    expect([status, headers.has('location')]).toEqual([400, false])
  })
})
