import request from 'supertest'
import { describe, expect, test } from 'vitest'
import type { AppError } from '#src/kernel/errors.ts'
import { failingUnit, tinyApp } from './fixture.ts'

const world = tinyApp()
const get = (path: string) => request(world.callback).get(path)

describe('error pages', () => {
  test('an address that nobody serves: a page with the incident id', async () => {
    const answer = await get('/nowhere')
    expect(answer.status).toBe(404)
    expect(answer.type).toBe('text/html')
    expect(answer.text).toContain('Страница не найдена')
    expect(answer.text).toContain(answer.headers['x-request-id'])
    expect(answer.headers['cache-control']).toBe('no-store')
  })

  test('a path of ours with another method: 405 and what is allowed', async () => {
    const answer = await request(world.callback).delete('/form')
    expect(answer.status).toBe(405)
    expect(answer.headers.allow).toBe('HEAD, GET, POST')
  })

  test.each(['/person/%FF', '/person/%00', '/%c0%af'])('the undecodable path %s: 400', async (path) => {
    expect((await get(path)).status).toBe(400)
  })

  test('an unexpected error: incident id, no stack, no half-made cookie, the unit told', async () => {
    const answer = await get('/fault')
    expect(answer.status).toBe(500)
    expect(answer.text).not.toMatch(/hunter2|app\.ts|Error:/)
    expect(answer.headers['set-cookie']).toBeUndefined()
    expect(world.discarded).toContain(answer.headers['x-request-id'])
    const line = world.lines.find((entry) => entry.includes('kernel.internal'))!
    expect(JSON.parse(line)).toMatchObject({ requestId: answer.headers['x-request-id'], route: '/fault', level: 50 })
    expect(line).toContain('hunter2')
  })

  test('a unit that cannot be stored: 503 without the cookie and redirect that were prepared', async () => {
    const answer = await request(tinyApp({ unitOfWork: failingUnit }).callback).get('/storing')
    expect(answer.status).toBe(503)
    expect(answer.headers).not.toHaveProperty('set-cookie')
    expect(answer.headers).not.toHaveProperty('location')
    expect(answer.text).toContain('Изменения не сохранились')
  })

  test('a template that fails even on the error page: plain text with the incident id', async () => {
    const views = {
      names: [],
      render: () => {
        throw new Error('no such file: /etc/views')
      },
    }
    const answer = await request(tinyApp({ views }).callback).get('/leaving')
    expect([answer.status, answer.type]).toEqual([500, 'text/plain'])
    expect(answer.text).toBe(`kernel.internal ${answer.headers['x-request-id']}`)
  })

  test('a refusal leaves through the unit of work, so that its counters are stored', async () => {
    const seen: string[] = []
    const unitOfWork = async (_ctx: unknown, next: () => Promise<unknown>) => {
      await next().catch((error: AppError) => seen.push(error.code))
      seen.push('stored')
    }
    await request(tinyApp({ unitOfWork }).callback).get('/nowhere')
    expect(seen).toEqual(['stored'])
  })

  test('the way back is the page before, if it is ours', async () => {
    const ours = await get('/nowhere').set('Referer', 'https://id.example/form?a=1&b=2')
    expect(ours.text).toContain('href="/form?a=1&amp;b=2"')
    expect((await get('/nowhere').set('Referer', 'https://evil.example/form')).text).not.toContain('evil')
  })

  test('a client that asks for JSON gets a problem document', async () => {
    const answer = await get('/nowhere').set('Accept', 'application/json').set('Accept-Language', 'en')
    expect(answer.type).toBe('application/problem+json')
    expect(JSON.parse(answer.text)).toEqual({
      type: 'urn:propusk:error:http.not_found',
      title: 'There is no such page. Check the address: a part of it may be missing.',
      status: 404,
      code: 'http.not_found',
      instance: `urn:propusk:incident:${answer.headers['x-request-id']}`,
    })
  })

  test.each(['text/html,application/json', 'text/html;q=0.5,application/json', '*/*', 'image/png'])(
    'Accept %s gets the page',
    async (accept) => {
      expect((await get('/nowhere').set('Accept', accept)).type).toBe('text/html')
    },
  )

  test('what the template prints is escaped', async () => {
    const answer = await get('/leaving')
    expect(answer.text).toContain('<h1 class="govuk-heading-l">&lt;b&gt;</h1>')
  })
})

describe('where the request comes from', () => {
  test('Host and X-Forwarded headers do not get into addresses', async () => {
    const forged = { Host: 'evil.example', 'X-Forwarded-Host': 'evil.example', 'X-Forwarded-Proto': 'http' }
    const answer = await get('/provider?a=b').set(forged)
    expect(answer.body).toEqual({
      href: 'https://id.example/provider?a=b',
      host: 'id.example',
      secure: true,
      parsed: false,
    })
  })

  test('the client behind the trusted proxy', async () => {
    const answer = await get('/form').set('X-Forwarded-For', '9.9.9.9, 203.0.113.5')
    expect(answer.body.address).toBe('203.0.113.5')
  })

  test('an incoming request id is not taken over', async () => {
    const answer = await get('/nowhere').set('X-Request-Id', 'forged')
    expect(answer.headers['x-request-id']).toMatch(/^[2-9A-Z]{8}$/)
  })

  test('the log knows the route, not the address', async () => {
    await get('/person/Иванова?phone=79000000000'.replace('Иванова', encodeURIComponent('Иванова')))
    const line = world.lines.at(-1)!
    expect(JSON.parse(line)).toMatchObject({ method: 'GET', route: '/person/:name', status: 200, msg: 'request' })
    expect(line).not.toMatch(/79000000000|%D0/)
  })
})

describe('headers', () => {
  test('a page forbids everything that it does not need', async () => {
    const { headers } = await get('/nowhere')
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; img-src 'self' data:; style-src 'self'; script-src 'self'; connect-src 'self'; " +
        "font-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'",
    )
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
      'strict-transport-security': 'max-age=63072000',
    })
  })

  test('a page whose form leads off this origin does without form-action', async () => {
    expect((await get('/leaving')).headers['content-security-policy']).not.toContain('form-action')
  })

  test('no HSTS under http', async () => {
    const answer = await request(tinyApp({ issuer: 'http://localhost:3000' }).callback).get('/nowhere')
    expect(answer.headers).not.toHaveProperty('strict-transport-security')
  })
})

describe('language', () => {
  const languageOf = async (path: string, headers: Record<string, string> = {}) => (await get(path).set(headers)).text

  test.each([
    ['Russian when nothing is said', '/person/a', {}, 'ru'],
    ['Accept-Language by weight', '/person/a', { 'Accept-Language': 'de, ru;q=0.5, en-GB;q=0.8' }, 'en'],
    ['Russian for languages that we lack', '/person/a', { 'Accept-Language': 'de' }, 'ru'],
    ['ui_locales goes before Accept-Language', '/person/a?ui_locales=fr+en-US+ru', { 'Accept-Language': 'ru' }, 'en'],
    ['a repeated ui_locales is ignored', '/person/a?ui_locales=en&ui_locales=en', {}, 'ru'],
    ['the choice goes before all', '/person/a?ui_locales=ru', { Cookie: 'locale=en' }, 'en'],
    ['an unknown choice is none', '/person/a', { Cookie: 'locale=xx' }, 'ru'],
    ['the relying party can ask later', '/asked/en', {}, 'en'],
    ['the choice goes before that too', '/asked/en', { Cookie: 'locale=ru' }, 'ru'],
    ['and what it asks for may be unknown', '/asked/fr', { 'Accept-Language': 'en' }, 'en'],
  ])('%s', async (_rule, path, headers: Record<string, string>, locale) => {
    expect(await languageOf(path, headers)).toBe(locale)
  })

  test('the switch of a page keeps the page', async () => {
    const page = await get('/nowhere?a=b')
    expect(page.text).toContain('href="/language/en?return=%2Fnowhere%3Fa%3Db"')
    const answer = await get('/language/en?return=%2Fnowhere%3Fa%3Db')
    expect(answer.status).toBe(303)
    expect(answer.headers.location).toBe('/nowhere?a=b')
    expect(answer.headers['set-cookie']?.[0]).toMatch(
      /^locale=en; path=\/; expires=.*; samesite=lax; secure; httponly$/,
    )
  })

  test.each(['//evil.example', 'https://evil.example', '/\\evil.example', '/a\r\nX: y'])(
    'it does not lead to %j',
    async (to) => {
      const answer = await get(`/language/en?return=${encodeURIComponent(to)}`)
      expect(answer.headers.location).toBe('/')
    },
  )

  test('a language that we lack is no page', async () => {
    expect((await get('/language/fr')).status).toBe(404)
  })
})

describe('beside the pages', () => {
  test('health and readiness', async () => {
    expect((await get('/health')).body).toEqual({ status: 'ok' })
    expect((await get('/ready')).status).toBe(200)
    const broken = tinyApp({ ready: () => Promise.reject(new Error('no database')) })
    const answer = await request(broken.callback).get('/ready')
    expect([answer.status, answer.body]).toEqual([503, { status: 'unavailable' }])
    expect((await request(broken.callback).get('/health')).status).toBe(200)
  })

  test.each([
    ['govuk-frontend.min.css', 'text/css'],
    ['govuk-frontend.min.js', 'text/javascript'],
    ['propusk.js', 'text/javascript'],
    ['brand.css', 'text/css'],
    ['mark.svg', 'image/svg+xml'],
  ])('%s is served for ever', async (name, type) => {
    const answer = await get(world.assets.href(name))
    expect([answer.status, answer.type]).toEqual([200, type])
    expect(answer.headers['cache-control']).toBe('public, max-age=31536000, immutable')
  })

  test("govuk's typeface is not served", async () => {
    const css = (await get(world.assets.href('govuk-frontend.min.css'))).text
    expect(css).not.toMatch(/GDS Transport|@font-face|url\(/)
    expect(css).toContain('system-ui')
  })

  test("another release's address answers, but is not kept", async () => {
    const answer = await get('/assets/older/propusk.css')
    expect([answer.status, answer.headers['cache-control']]).toEqual([200, 'no-cache'])
  })

  test.each(['/assets/x/../../package.json', '/assets/x/..%2f..%2fpackage.json', '/assets/x/constructor', '/assets/'])(
    '%s is no file',
    async (path) => {
      expect((await get(path)).status).toBe(404)
    },
  )
})
