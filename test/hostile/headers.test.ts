import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ActingParty } from '../relying-party.ts'
import { signedIn } from '../signing-in.ts'
import { startWorld, type World } from '../world.ts'
import { type Asked, cookiesOf, type Exchanged, exchange, prepare } from './raw-http.ts'
import { clash, linkSentTo } from './registering.ts'

const EVIL = 'evil.example'
/** What an attacker, or a proxy that passes things on, may put in front of us. */
const FORWARDED = {
  Host: EVIL,
  'X-Forwarded-Host': EVIL,
  'X-Forwarded-Proto': 'https',
  'X-Forwarded-Port': '4443',
  'X-Forwarded-For': '203.0.113.7',
  Forwarded: `host=${EVIL};proto=https`,
  'X-Original-URL': `https://${EVIL}/`,
  'X-Rewrite-URL': `https://${EVIL}/`,
}

let world: World
let party: ActingParty
/** Cookies of a browser with a live session. */
let session: string

beforeAll(async () => {
  world = await startWorld()
  party = await world.relyingParty()
  const { browser } = await signedIn(world, { party, citizen: await world.citizen() })
  session = cookiesOf(browser, '/')
})
afterAll(() => world.stop())

const ask = (asked: Asked) => exchange(world.listens, asked)
const one = (answer: Exchanged, name: string) => answer.headers.get(name)?.[0]
const pathOf = (url: string) => url.slice(new URL(url).origin.length)

describe('Host and X-Forwarded-* reach nothing:', () => {
  test('the discovery document', async () => {
    const { body } = await ask({ target: '/.well-known/openid-configuration', headers: FORWARDED })
    expect(body).not.toContain(EVIL)
    const document = JSON.parse(body) as Record<string, unknown>
    expect(document.issuer).toBe(world.origin)
    for (const [name, value] of Object.entries(document))
      if (/(_endpoint|_uri)$/.test(name)) expect(value).toMatch(new RegExp(`^${world.origin}/`))
  })

  test('the redirect to the sign-in page, its cookies and its links', async () => {
    const answer = await ask({ target: pathOf(party.authorizationUrl()), headers: FORWARDED })
    expect(answer.status).toBe(303)
    expect(answer.text).not.toContain(EVIL)
    expect(new URL(one(answer, 'location')!, world.origin).origin).toBe(world.origin)
    const page = await ask({ target: '/registration', headers: FORWARDED })
    expect(page.text).not.toContain(EVIL)
  })

  test('the answer to the relying party, its iss, and the id_token', async () => {
    const back = await ask({
      target: pathOf(party.authorizationUrl()),
      headers: { ...FORWARDED, Cookie: session },
    })
    const callback = new URL(one(back, 'location')!)
    expect(callback.origin + callback.pathname).toBe(party.redirectUri)
    expect(callback.searchParams.get('iss')).toBe(world.origin)
    const { client_id, client_secret } = party.registration
    const tokens = await ask({
      method: 'POST',
      target: '/oauth2/token',
      headers: {
        ...FORWARDED,
        'Content-Type': 'application/x-www-form-urlencoded',
        Authorization: `Basic ${Buffer.from(`${client_id}:${client_secret}`).toString('base64')}`,
      },
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code: callback.searchParams.get('code')!,
        redirect_uri: party.redirectUri,
        code_verifier: party.verifier,
      }).toString(),
    })
    expect(tokens.status).toBe(200)
    expect(decodeJwt(JSON.parse(tokens.body).id_token).iss).toBe(world.origin)
  })

  test('messages', async () => {
    const browser = world.browser()
    await browser.open('/registration')
    await browser.submit({}, '/registration')
    const phone = '+79264440001'
    const form = prepare(browser, { phone }, '/registration/phone', world.origin)
    const answer = await ask({
      method: 'POST',
      ...form,
      headers: { ...form.headers, ...FORWARDED, 'Accept-Language': 'en' },
    })
    expect(answer.status).toBe(303)
    const { text } = await world.message(phone)
    expect(text).not.toContain(EVIL)
    expect(text).toMatch(/^\d{6} /)
  })

  test('links in mails', async () => {
    const citizen = await world.citizen()
    const browser = world.browser()
    await clash(world, browser, citizen.phone)
    const form = prepare(browser, {}, '/registration/clash/detach', world.origin)
    await ask({ method: 'POST', ...form, headers: { ...form.headers, ...FORWARDED } })
    expect(await linkSentTo(world, citizen.email)).toMatch(new RegExp(`^${world.origin}/contact/keep/`))
  })

  test('the way back from an error page, which a foreign Referer does not choose', async () => {
    for (const referer of [`https://${EVIL}/`, 'javascript:alert(1)', `${world.origin}.${EVIL}/`, `//${EVIL}/`]) {
      const { body } = await ask({ target: '/nowhere', headers: { Referer: referer, Accept: 'text/html' } })
      expect(body).not.toContain(EVIL)
      expect(body).not.toContain('javascript:')
    }
  })
})

describe('a line break in a parameter makes no header:', () => {
  const BREAK = '%0d%0aSet-Cookie:%20evil=1%0d%0aX-Evil:%201'
  test.each([
    ['state, on its way back', () => `${pathOf(party.authorizationUrl({ prompt: 'none' }))}&state=${BREAK}`],
    ['state alone', () => `${pathOf(party.authorizationUrl({ state: undefined }))}&state=${BREAK}`],
    ['redirect_uri', () => `${pathOf(party.authorizationUrl({ redirect_uri: undefined }))}&redirect_uri=${BREAK}`],
    ['client_id', () => `${pathOf(party.authorizationUrl({ client_id: undefined }))}&client_id=${BREAK}`],
    ['login_hint', () => `${pathOf(party.authorizationUrl())}&login_hint=${BREAK}`],
    ['ui_locales', () => `${pathOf(party.authorizationUrl())}&ui_locales=${BREAK}`],
    ['return', () => `/language/en?return=/${BREAK}`],
    ['a path', () => `/login/${BREAK}`],
    ['post_logout_redirect_uri', () => `/oauth2/logout?post_logout_redirect_uri=${BREAK}&state=${BREAK}`],
  ])('%s', async (_where, target) => {
    for (const cookie of ['', session]) {
      const answer = await ask({ target: target(), headers: { ...(cookie !== '' && { Cookie: cookie }) } })
      expect(answer.status).toBeLessThan(500)
      expect(answer.headers.has('x-evil')).toBe(false)
      for (const set of answer.headers.get('set-cookie') ?? []) expect(set).not.toMatch(/^evil=/)
    }
  })
})

describe('security headers stand on', () => {
  const answers: readonly [what: string, status: number, asked: () => Asked][] = [
    ['a page', 200, () => ({ target: '/registration' })],
    ['the page of a sign-in that is over', 400, () => ({ target: '/login/none' })],
    ['a page that does not exist', 404, () => ({ target: '/nowhere', headers: { Accept: 'text/html' } })],
    ['a problem document', 404, () => ({ target: '/nowhere', headers: { Accept: 'application/json' } })],
    ['a redirect', 303, () => ({ target: '/language/en' })],
    ['an authorization redirect', 303, () => ({ target: pathOf(party.authorizationUrl()) })],
    ['a redirect to the relying party', 303, () => ({ target: pathOf(party.authorizationUrl({ prompt: 'none' })) })],
    ['a page of an OAuth error', 400, () => ({ target: '/oauth2/authorize', headers: { Accept: 'text/html' } })],
    ['the logout page', 200, () => ({ target: '/oauth2/logout', headers: { Cookie: session } })],
    ['discovery', 200, () => ({ target: '/.well-known/openid-configuration' })],
    ['keys', 200, () => ({ target: '/oauth2/jwks' })],
    ['a token error', 400, () => ({ method: 'POST', target: '/oauth2/token', body: '' })],
    ['a userinfo error', 401, () => ({ target: '/oauth2/userinfo', headers: { Authorization: 'Bearer x' } })],
    ['an asset', 200, () => ({ target: '/assets/x/propusk.css' })],
    ['health', 200, () => ({ target: '/health' })],
    ['a wrong method', 405, () => ({ method: 'PUT', target: '/registration' })],
    ['a form of nobody', 403, () => ({ method: 'POST', target: '/registration' })],
    ['a body of another type', 415, () => json('/registration', '{}')],
    ['a body that is too long', 413, () => form('/registration', `a=${'x'.repeat(100_000)}`)],
    ['a broken address', 400, () => ({ target: '/%' })],
  ]
  test.each(answers)('%s (%i)', async (_what, status, asked) => {
    const answer = await ask(asked())
    expect(answer.status).toBe(status)
    expect(one(answer, 'content-security-policy')).toContain("default-src 'none'")
    expect(one(answer, 'content-security-policy')).toContain("frame-ancestors 'none'")
    expect(one(answer, 'content-security-policy')).not.toMatch(/unsafe|\*/)
    expect(one(answer, 'x-content-type-options')).toBe('nosniff')
    expect(one(answer, 'referrer-policy')).toBe('same-origin')
    expect(one(answer, 'cross-origin-opener-policy')).toBe('same-origin')
    expect(answer.headers.has('permissions-policy')).toBe(true)
    expect(answer.headers.has('x-powered-by')).toBe(false)
    expect(answer.headers.has('server')).toBe(false)
    if (one(answer, 'content-type')?.startsWith('text/html')) expect(one(answer, 'cache-control')).toBe('no-store')
  })

  function form(target: string, body: string): Asked {
    return { method: 'POST', target, body, headers: { 'Content-Type': 'application/x-www-form-urlencoded' } }
  }
  function json(target: string, body: string): Asked {
    return { method: 'POST', target, body, headers: { 'Content-Type': 'application/json' } }
  }
})

describe('nobody is sent where they did not agree to go:', () => {
  test.each([
    'javascript:alert(1)',
    'data:text/html,x',
    `https://${EVIL}/cb`,
    `https://rp.example.${EVIL}/cb`,
    `https://rp.example@${EVIL}/cb`,
    `https://a@rp.example@${EVIL}/cb`,
    'https://rp.example:4443/cb',
    'https://rp.example/cb/',
    'https://rp.example/CB',
    'https://RP.example/cb',
    'https://rp.example/cb/..;/cb',
    'https://rp.example/../cb',
    'https://rp.example/cb?x=1',
    'https://rp.example/cb#x',
    'https://rp.example\\cb',
    'https://rp.example/cb%00',
    'http://rp.example/cb',
    '//rp.example/cb',
    ' https://rp.example/cb',
  ])('redirect_uri %s', async (redirectUri) => {
    const target = pathOf(party.authorizationUrl({ redirect_uri: redirectUri }))
    for (const cookie of ['', session]) {
      const answer = await ask({ target, headers: { Accept: 'text/html', ...(cookie !== '' && { Cookie: cookie }) } })
      expect(answer.status).toBe(400)
      expect(answer.headers.has('location')).toBe(false)
      expect(answer.body).not.toMatch(/(href|action|src)="?(javascript|data|https?):/)
    }
  })

  test.each(['javascript:alert(1)', `https://${EVIL}/out`, 'https://rp.example/out/../..', 'https://rp.example/OUT'])(
    'post_logout_redirect_uri %s',
    async (uri) => {
      const query = new URLSearchParams({ client_id: party.registration.client_id, post_logout_redirect_uri: uri })
      const answer = await ask({ target: `/oauth2/logout?${query}`, headers: { Accept: 'text/html', Cookie: session } })
      expect(answer.status).toBe(400)
      expect(answer.headers.has('location')).toBe(false)
      expect(answer.body).not.toMatch(/(href|action|src)="?(javascript|data|https?):/)
    },
  )

  test.each([
    `https://${EVIL}/`,
    `//${EVIL}/`,
    `/\\${EVIL}/`,
    `\\\\${EVIL}/`,
    `/%09/${EVIL}`,
    `/%0a/${EVIL}`,
    `%2f%2f${EVIL}`,
    `/%5c${EVIL}`,
    `///${EVIL}`,
    'javascript:alert(1)',
    `@${EVIL}`,
    `.${EVIL}`,
    `a&return=//${EVIL}`,
    `/a&return=/b`,
  ])('return %s', async (value) => {
    const answer = await ask({ target: `/language/en?return=${value}` })
    expect(answer.status).toBe(303)
    const location = one(answer, 'location')!
    expect(location).toMatch(/^\//)
    expect(new URL(location, world.origin).origin).toBe(world.origin)
  })
})

describe('an https issuer', () => {
  let secure: World
  beforeAll(async () => {
    secure = await startWorld({ env: { ISSUER: 'https://id.example.org' } })
  })
  afterAll(() => secure.stop())

  test('has cookies that no neighbour can plant, and asks browsers to stay with https', async () => {
    const party = await secure.relyingParty()
    const page = await exchange(secure.listens, { target: '/registration' })
    const redirect = await exchange(secure.listens, { target: pathOf(party.authorizationUrl()) })
    for (const answer of [page, redirect]) {
      expect(one(answer, 'strict-transport-security')).toMatch(/^max-age=\d{8}/)
      for (const cookie of answer.headers.get('set-cookie') ?? []) {
        expect(cookie).toMatch(/^__(Host|Secure)-/)
        expect(cookie).toMatch(/; secure/i)
        expect(cookie).toMatch(/; httponly/i)
        expect(cookie).toMatch(/; samesite=lax/i)
      }
    }
    expect(page.headers.has('set-cookie')).toBe(true)
    expect(new URL(one(redirect, 'location')!, 'https://id.example.org').origin).toBe('https://id.example.org')
  })
})
