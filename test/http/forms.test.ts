import request, { type Response } from 'supertest'
import { describe, expect, test } from 'vitest'
import { tinyApp } from './fixture.ts'

const { callback } = tinyApp()

/** A browser that has seen a page with a form. */
async function browser() {
  const page = await request(callback).get('/form')
  return { cookie: page.headers['set-cookie']?.[0]?.split(';')[0] ?? '', token: String(page.body.csrf), page }
}

interface Sending {
  readonly body: string
  readonly cookie?: string
  readonly headers?: Readonly<Record<string, string>>
}

function send({ body, cookie = '', headers = {} }: Sending): Promise<Response> {
  const post = request(callback).post('/form').set('Content-Type', 'application/x-www-form-urlencoded')
  return post
    .set('Cookie', cookie)
    .set(headers)
    .send(body)
    .then((answer) => answer)
}

async function sendOurs(fields: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  const { cookie, token } = await browser()
  return send({ body: `csrf=${token}&${fields}`, cookie, headers })
}

describe('CSRF', () => {
  test('the cookie belongs to this host alone and no script reads it', async () => {
    const { page } = await browser()
    expect(page.headers['set-cookie']?.[0]).toMatch(/^__Host-csrf=[\w-]{43}; path=\/; samesite=lax; secure; httponly$/)
  })

  test('under http it has a plain name with the port, as ports of one host share their cookies', async () => {
    const page = await request(tinyApp({ issuer: 'http://localhost:3000' }).callback).get('/form')
    expect(page.headers['set-cookie']?.[0]).toMatch(/^csrf_3000=[\w-]{43}; path=\/; samesite=lax; httponly$/)
  })

  test('tokens of one browser differ in each page, and each works', async () => {
    const { cookie, token } = await browser()
    const next = await request(callback).get('/form').set('Cookie', cookie)
    expect(next.headers).not.toHaveProperty('set-cookie')
    expect(next.body.csrf).not.toBe(token)
    for (const csrf of [token, next.body.csrf])
      expect((await send({ body: `csrf=${csrf}&name=a`, cookie })).status).toBe(200)
  })

  test.each<Record<string, string>>([
    { 'Sec-Fetch-Site': 'same-origin', Origin: 'https://id.example' },
    { 'Sec-Fetch-Site': 'none' },
    { Origin: 'https://id.example' },
  ])('accepted with %j', async (headers) => {
    expect((await sendOurs('name=a', headers)).status).toBe(200)
  })

  test.each<Record<string, string>>([
    { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'same-site' },
    { Origin: 'https://evil.example' },
    { Origin: 'http://id.example' },
    { Origin: 'null' },
  ])('refused with %j', async (headers) => {
    expect((await sendOurs('name=a', headers)).status).toBe(403)
  })

  test('refused without cookie, without token, with a stranger\u2019s token, with a cookie as the token', async () => {
    const [one, other] = [await browser(), await browser()]
    const value = one.cookie.split('=')[1]
    const refused = [
      { body: `csrf=${one.token}&name=a` },
      { body: 'name=a', cookie: one.cookie },
      { body: `csrf=${other.token}&name=a`, cookie: one.cookie },
      { body: `csrf=${value}&name=a`, cookie: one.cookie },
      { body: 'csrf=&name=a', cookie: '__Host-csrf=' },
      { body: `csrf=${one.token}&csrf=${one.token}&name=a`, cookie: one.cookie },
      { body: `csrf=${'A'.repeat(86)}&name=a`, cookie: one.cookie },
      { body: '', cookie: one.cookie },
    ]
    for (const sending of refused) expect((await send(sending)).status, sending.body).toBe(403)
  })
})

describe('what a form may carry', () => {
  test('fields as they were typed', async () => {
    const answer = await sendOurs(`name=${encodeURIComponent('Пётр & Ко <+> \uFFFD')}&other=a+b`)
    expect(answer.body).toEqual({ ok: true, values: { name: 'Пётр & Ко <+> \uFFFD', other: 'a b' } })
  })

  test.each([
    ['name=a&name=b', 'name', 'http.repeated_field'],
    ['name[]=a', 'name', 'http.repeated_field'],
    ['name[x]=a', 'name', 'http.repeated_field'],
    ['name.x=a', 'name', 'http.repeated_field'],
    ['name=a&extra=b', 'extra', 'http.unknown_field'],
    ['name=a%00b', 'name', 'http.bad_characters'],
  ])('%s: %s is refused as %s', async (fields, field, code) => {
    const answer = await sendOurs(fields)
    expect(answer.status).toBe(422)
    expect(answer.body.errors).toMatchObject([{ field, code }])
  })

  test.each(['name=%FF', 'name=%ED%A0%80', 'name=%', 'name=%u0041', 'name=\uFFFD'])(
    '%s is not UTF-8: 400',
    async (fields) => {
      expect((await sendOurs(fields)).status).toBe(400)
    },
  )

  test('above 64 KB: 413', async () => {
    expect((await sendOurs(`name=${'a'.repeat(70_000)}`)).status).toBe(413)
  })

  test.each(['application/json', 'text/plain', 'multipart/form-data; boundary=x'])('%s: 415', async (type) => {
    const answer = await send({ body: '{}', headers: { 'Content-Type': type } })
    expect(answer.status).toBe(415)
  })
})
