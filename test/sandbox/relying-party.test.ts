import { generateKeyPair } from 'jose'
import type Koa from 'koa'
import type { CustomFetch } from 'openid-client'
import { pino } from 'pino'
import supertest from 'supertest'
import { beforeEach, describe, expect, test } from 'vitest'
import { en as httpEn } from '#src/http/messages.en.ts'
import { ru as httpRu } from '#src/http/messages.ru.ts'
import { joinMessages, makeTexts } from '#src/http/texts.ts'
import { Secret } from '#src/kernel/secret.ts'
import { en } from '#src/sandbox/messages.en.ts'
import { ru } from '#src/sandbox/messages.ru.ts'
import { makeRelyingParty } from '#src/sandbox/relying-party.ts'
import { demoClient } from '#src/sandbox/relying-party-registration.ts'
import { makeStubProvider } from './stub-provider.ts'

const issuer = 'http://localhost:3000'
const origins = ['http://localhost:3001', 'http://127.0.0.1:3001']
const client = { issuer, clientId: 'demo', clientSecret: 'demo-secret' }
const log = pino({ level: 'silent' })
const texts = makeTexts({ ru: joinMessages(httpRu, ru), en: joinMessages(httpEn, en) }, log)

let provider: Awaited<ReturnType<typeof makeStubProvider>>
let app: Koa
beforeEach(async () => {
  provider = await makeStubProvider(client)
  app = makeRelyingParty({
    ...client,
    origins,
    clientSecret: new Secret(client.clientSecret),
    providerName: { ru: 'Пропуск', en: 'Propusk' },
    texts,
    log,
    fetch: provider.fetch as unknown as CustomFetch,
  })
})

/** A browser without scripts: keeps cookies, sends the forms it was shown. */
function openBrowser(host = 'localhost:3001') {
  const agent = supertest.agent(app.callback())
  const browser = {
    get: (path: string) => agent.get(path).set('Host', host),
    async press(path: string, fields: Record<string, string> = {}) {
      const page = await browser.get('/')
      const csrf = /name="csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? ''
      return agent
        .post(path)
        .set('Host', host)
        .type('form')
        .send({ csrf, ...fields })
    },
    /** Presses the button and gives the address of the provider it leads to. */
    async depart(path: string, fields?: Record<string, string>) {
      const answer = await browser.press(path, fields)
      expect(answer.status).toBe(303)
      return answer.headers.location as string
    },
    async signIn(fields?: Record<string, string>) {
      const answer = await browser.get(provider.allow(await browser.depart('/sign-in', fields)))
      expect([answer.status, answer.headers.location]).toEqual([303, '/'])
      return browser.get('/')
    },
  }
  return browser
}

const parametersOf = (url: string) => Object.fromEntries(new URL(url).searchParams)

describe('sign-in', () => {
  test('the request has PKCE, state, nonce and the language of the page', async () => {
    const browser = openBrowser()
    expect(parametersOf(await browser.depart('/sign-in'))).toEqual({
      client_id: 'demo',
      response_type: 'code',
      redirect_uri: 'http://localhost:3001/callback',
      scope: 'openid profile email phone identity_level',
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
      ui_locales: 'ru',
    })
    await browser.get('/language/en?return=/')
    expect(parametersOf(await browser.depart('/sign-in'))).toMatchObject({ ui_locales: 'en' })
  })

  test('the browser is sent back to the host it came from', async () => {
    const browser = openBrowser('127.0.0.1:3001')
    expect(parametersOf(await browser.depart('/sign-in')).redirect_uri).toBe('http://127.0.0.1:3001/callback')
  })

  test('to stay connected means offline access, which needs a consent prompt', async () => {
    expect(parametersOf(await openBrowser().depart('/sign-in', { offline: 'yes' }))).toMatchObject({
      scope: 'openid profile email phone identity_level offline_access',
      prompt: 'consent',
    })
  })

  test('shows the claims and fills in the form', async () => {
    provider.userinfo = {
      given_name: 'Мария',
      middle_name: 'Сергеевна',
      birthdate: '1985-03-27',
      email: '"><b>@example.org',
    }
    const { text } = await openBrowser().signIn()
    expect(text).toContain('Здравствуйте, Мария Сергеевна')
    expect(text).toMatch(/name="birth_date"[^>]*value="27\.03\.1985"/)
    expect(text).toContain('Обычный (aal1)')
    expect(text).not.toContain('"><b>')
  })

  test('the session gets a new id, so a planted one is worth nothing', async () => {
    const browser = openBrowser()
    const departure = await browser.press('/sign-in')
    const arrival = await browser.get(provider.allow(departure.headers.location as string))
    const cookieOf = (headers: Record<string, unknown>) =>
      /demo_rp_3001=([\w-]+)/.exec(String(headers['set-cookie']))?.[1]
    expect(cookieOf(departure.headers)).toBeDefined()
    expect(cookieOf(arrival.headers)).toBeDefined()
    expect(cookieOf(arrival.headers)).not.toBe(cookieOf(departure.headers))
    expect(String(arrival.headers['set-cookie'])).toMatch(/httponly/i)
  })
})

describe('an answer that is not believed', () => {
  const failed = 'Войти не получилось'

  test.each(['?code=x&state=made-up', '?code=x', '?code=x&state=a&state=b', ''])(
    'state mismatch: /callback%s',
    async (query) => {
      const browser = openBrowser()
      await browser.depart('/sign-in')
      const { status, text } = await browser.get(`/callback${query}`)
      expect(status).toBe(400)
      expect(text).toContain(failed)
      expect(text).toContain('Попробовать ещё раз')
    },
  )

  test('words that came with a foreign state are not shown', async () => {
    const { text } = await openBrowser().get('/callback?error=access_denied&error_description=call+900&state=x')
    expect(text).not.toContain('call 900')
  })

  test('an answer counts once', async () => {
    const browser = openBrowser()
    const answer = provider.allow(await browser.depart('/sign-in'))
    expect((await browser.get(answer)).status).toBe(303)
    expect((await browser.get(answer)).status).toBe(400)
  })

  test("another browser's answer signs nobody in", async () => {
    const answer = provider.allow(await openBrowser().depart('/sign-in'))
    const victim = openBrowser()
    await victim.depart('/sign-in')
    expect((await victim.get(answer)).status).toBe(400)
    expect((await victim.get('/')).text).toContain('Войти через Пропуск')
  })

  test.each([{ nonce: 'another' }, { aud: 'another' }, { iss: 'http://evil' }, { exp: 1 }, { sub: '2' }])(
    'an id_token with %o',
    async (claims) => {
      const browser = openBrowser()
      provider.claims = claims
      const { status, text } = await browser.get(provider.allow(await browser.depart('/sign-in')))
      expect([status, text]).toEqual([502, expect.stringContaining('не прошёл проверку')])
    },
  )

  test("an id_token signed by another's key", async () => {
    const browser = openBrowser()
    provider.signingKey = (await generateKeyPair('ES256')).privateKey
    const { status, text } = await browser.get(provider.allow(await browser.depart('/sign-in')))
    expect([status, text]).toEqual([502, expect.stringContaining('не прошёл проверку')])
  })

  test('an answer in the name of another issuer (RFC 9207)', async () => {
    const browser = openBrowser()
    const answer = provider.allow(await browser.depart('/sign-in'))
    expect((await browser.get(answer.replace(/iss=[^&]+/, 'iss=http%3A%2F%2Fevil'))).status).toBe(502)
  })

  test('the reason of a refusal is shown with a way to try again', async () => {
    const browser = openBrowser()
    const answer = provider.refuse(await browser.depart('/sign-in'), 'access_denied', 'End-User <b>aborted</b>')
    const { status, text } = await browser.get(answer)
    expect(status).toBe(400)
    expect(text).toContain('access_denied')
    expect(text).toContain('End-User &lt;b&gt;aborted&lt;/b&gt;')
    expect(text).toContain('action="/sign-in"')
  })

  test('a provider that is down is said to be down, and discovered again later', async () => {
    const browser = openBrowser()
    provider.reachable = false
    const { status, text } = await browser.press('/sign-in')
    expect([status, text]).toEqual([502, expect.stringContaining('не отвечает')])
    provider.reachable = true
    expect((await browser.press('/sign-in')).status).toBe(303)
  })
})

describe('step-up', () => {
  test('asks for aal2 and shows that it was reached', async () => {
    const browser = openBrowser()
    await browser.signIn()
    const url = await browser.depart('/step-up')
    expect(parametersOf(url)).toMatchObject({ acr_values: 'aal2' })
    provider.claims = { acr: 'aal2', amr: ['pwd', 'otp'] }
    await browser.get(provider.allow(url))
    const { text } = await browser.get('/')
    expect(text).toContain('Второй фактор подтверждён')
    expect(text).toContain('Усиленный (aal2)')
    expect(text).not.toContain('action="/step-up"')
    expect((await browser.get('/')).text).not.toContain('Второй фактор подтверждён')
  })

  test('a refusal leaves the person signed in', async () => {
    const browser = openBrowser()
    await browser.signIn()
    const answer = provider.refuse(await browser.depart('/step-up'), 'unmet_authentication_requirements', 'no factor')
    expect((await browser.get(answer)).text).toContain('action="/step-up"')
    expect((await browser.get('/')).text).toContain('Здравствуйте, Мария')
  })
})

describe('refresh', () => {
  test('each refresh spends the token that came with the one before', async () => {
    const browser = openBrowser()
    await browser.signIn()
    await browser.press('/refresh')
    await browser.press('/refresh')
    expect(new Set(provider.spent).size).toBe(2)
    expect((await browser.get('/')).text).toContain('Обновлено после входа: 2')
  })

  test('two presses at once spend one token', async () => {
    const browser = openBrowser()
    await browser.signIn()
    const answers = await Promise.all([browser.press('/refresh'), browser.press('/refresh')])
    expect(answers.map(({ status }) => status)).toEqual([303, 303])
    expect(new Set(provider.spent).size).toBe(provider.spent.length)
  })

  test('a withdrawn grant signs the person out', async () => {
    const browser = openBrowser()
    await browser.signIn()
    await browser.press('/refresh')
    provider.spent.push(...Array.from({ length: 9 }, (_, n) => `r${n}`))
    const { status, text } = await browser.press('/refresh')
    expect([status, text]).toEqual([400, expect.stringContaining('Доступ закончился')])
    expect((await browser.get('/')).text).toContain('Войти через Пропуск')
  })
})

test('signing out forgets the person here and leads to the provider', async () => {
  const browser = openBrowser()
  await browser.signIn()
  const url = await browser.depart('/sign-out')
  expect(url.startsWith(`${issuer}/session/end?`)).toBe(true)
  expect(parametersOf(url)).toMatchObject({
    id_token_hint: expect.stringMatching(/^ey/),
    post_logout_redirect_uri: 'http://localhost:3001/signed-out',
  })
  expect((await browser.get('/signed-out')).text).toContain('Вы вышли.')
  expect((await browser.get('/')).text).toContain('Войти через Пропуск')
})

test('forms without a token of this browser are refused', async () => {
  const answer = await supertest(app.callback()).post('/sign-in').set('Host', 'localhost:3001').type('form').send({})
  expect(answer.status).toBe(403)
})

test('pages whose forms lead to the provider do without form-action', async () => {
  const browser = openBrowser()
  expect((await browser.get('/')).headers['content-security-policy']).not.toContain('form-action')
})

test('unknown paths are 404, unknown hosts 421', async () => {
  expect((await openBrowser().get('/nowhere')).status).toBe(404)
  expect((await openBrowser('evil.example').get('/')).status).toBe(421)
})

test('both origins are registered', () => {
  expect(demoClient(origins)).toMatchObject({
    client_id: 'demo',
    redirect_uris: ['http://localhost:3001/callback', 'http://127.0.0.1:3001/callback'],
    post_logout_redirect_uris: ['http://localhost:3001/signed-out', 'http://127.0.0.1:3001/signed-out'],
  })
})
