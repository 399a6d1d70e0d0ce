import { randomUUID } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { CompactEncrypt, CompactSign, generateKeyPair, SignJWT } from 'jose'
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { endpoints } from '#src/oidc/endpoints.ts'
import { TOKEN_EXCHANGE } from '#src/oidc/exchange/token-types.ts'
import { now, type SigningParty, signingParty } from '#test/signing-party.ts'
import { worldOfFile } from '#test/world.ts'
import { type Asked, type Exchanged, exchange } from '../raw-http.ts'

/** Requests of a size, depth or shape that nobody needs, and JWTs likewise; each is refused, and the provider goes on. */

vi.setConfig({ testTimeout: 60_000 })

const FORM = 'application/x-www-form-urlencoded'

const world = worldOfFile()
let party: SigningParty
beforeAll(async () => {
  party = await signingParty(world, {
    grant_types: ['authorization_code', 'client_credentials', TOKEN_EXCHANGE],
    exchange_audiences: ['anything'],
  })
})
afterEach(async () => {
  expect((await exchange(world.listens, { target: '/ready' })).status).toBe(200)
  expect(world.logLines.filter((line) => /"level":(50|60)/.test(line)).slice(0, 2)).toEqual([])
})

async function refuses(asked: Asked): Promise<Exchanged> {
  const answer = await exchange(world.listens, asked)
  expect(answer.status, `${asked.method} ${asked.target}`).toBeGreaterThanOrEqual(300)
  expect(answer.status, answer.text.slice(0, 1_000)).toBeLessThan(500)
  expect(answer.text).not.toMatch(/node_modules|\/src\/|\.ts:\d|\.js:\d|\n\s+at [\w.<]|node:internal|"access_token"/)
  return answer
}

const posted = endpoints.filter(({ methods, path }) => methods.includes('POST') && !path.includes(':'))
const MB = 1024 * 1024
const nested = (depth: number, [open, close] = ['[', ']']) => `${open.repeat(depth)}1${close.repeat(depth)}`

describe.each(posted.map(({ path }) => path))('%s', (path) => {
  const post = (body: string | Buffer, headers: Record<string, string> = {}) =>
    refuses({ method: 'POST', target: path, body, headers: { 'Content-Type': FORM, ...headers } })

  test('a body of ten megabytes', async () => {
    await post(`a=${'x'.repeat(10 * MB)}`)
    await post(`{"a":"${'x'.repeat(10 * MB)}"}`, { 'Content-Type': 'application/json' })
  })
  test('fifty thousand parameters', async () => {
    await post(Array.from({ length: 50_000 }, (_, n) => `a${n}=`).join('&'))
    await post(`${'client_id=a&'.repeat(4_000)}scope=openid`)
    await post('&'.repeat(50_000))
  })
  test('a body that is compressed beyond measure', async () => {
    await post(gzipSync(Buffer.alloc(64 * MB, 'a=b&')), { 'Content-Encoding': 'gzip' })
  })
  test('a length that is not the body’s', async () => {
    for (const length of ['-1', '1e3', '99999999999999999999', 'x'])
      await post('client_id=a', { 'Content-Length': length })
  })
  test.each([
    'application/json',
    'application/xml',
    'text/plain',
    'multipart/form-data; boundary=x',
    `${FORM}; charset=utf-7`,
    `${FORM}; charset=utf-16le`,
    `${FORM}; charset=${'x'.repeat(200)}`,
    `${FORM}, application/json`,
    'nonsense',
    '*/*',
  ])('a body of the type %s', async (type) => {
    for (const body of ['client_id=rp1&grant_type=client_credentials', '{"client_id":"rp1"}', '<a/>', '\0'])
      await post(body, { 'Content-Type': type })
  })
  test.each(['%00', '%ED%A0%80', '%FF%FE', '%', '%zz', '\xff', '%0d%0a', '__proto__'])(
    'parameters of %s, in names and values',
    async (odd) => {
      for (const name of ['client_id', 'token', 'code', 'scope', 'request', 'client_assertion', 'user_code', odd])
        await post(Buffer.from(`client_id=${party.clientId}&${name}=${odd}&${odd}=${name}`, 'latin1'))
    },
  )
})

describe('JSON that goes too deep, is too wide, or is something else', () => {
  const odd = [
    nested(20_000),
    nested(5_000, ['{"a":', '}']),
    `[${'{},'.repeat(10_000)}{}]`,
    `{${Array.from({ length: 5_000 }, (_, n) => `"k${n}":1`).join(',')}}`,
    '{"__proto__":{"x":1}}',
    '{"constructor":{"prototype":{"x":1}}}',
    '"\\ud800"',
    '1e999',
    'null',
    '[null]',
    `"${'x'.repeat(50_000)}"`,
  ]
  test.each(['claims', 'authorization_details'])('as %s of a pushed request', async (parameter) => {
    for (const value of odd) {
      const { status } = await party.push({ [parameter]: value })
      expect([parameter, value.slice(0, 40), status < 500]).toEqual([parameter, value.slice(0, 40), true])
    }
  })
  test('as claims of a request object', async () => {
    for (const value of odd) {
      const request = await signedText(`{"claims":${value},"authorization_details":${value}}`)
      expect((await party.push({ client_id: party.clientId, request })).status).toBe(400)
    }
  })
  test('as a claim of a proof of possession', async () => {
    const { kid: _kid, use: _use, alg: _alg, ...jwk } = party.dpopKey.publicJwk
    for (const depth of [2_000, 3_000, 3_900]) {
      const claims = { jti: randomUUID(), htm: 'POST', htu: `${world.origin}/oauth2/token`, iat: now() }
      const payload = `${JSON.stringify(claims).slice(0, -1)},"fill":${nested(depth)}}`
      const proof = await new CompactSign(Buffer.from(payload))
        .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
        .sign(party.dpopKey.privateKey)
      expect((await party.token({ grant_type: 'client_credentials' }, { proof })).status).toBeLessThan(500)
    }
  })
  test('as a claim of a client assertion that is valid', async () => {
    for (const value of odd) {
      const text = JSON.stringify({ iss: party.clientId, sub: party.clientId, aud: world.origin, jti: randomUUID() })
      const assertion = await signedText(`${text.slice(0, -1)},"exp":${now() + 60},"fill":${value}}`)
      const { status } = await party.send('/oauth2/token', { grant_type: 'client_credentials' }, { assertion })
      expect([value.slice(0, 40), status < 500]).toEqual([value.slice(0, 40), true])
    }
  })
  test('as a registration, with a token that is good', async () => {
    const { token } = await world.house.invitations.make({ uses: 50, days: 1, allowance: {} })
    const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` }
    for (const value of odd)
      for (const body of [value, `{"client_name":"x","redirect_uris":${value}}`, `{"client_name":"x","jwks":${value}}`])
        await refuses({ method: 'POST', target: '/oauth2/register', headers, body })
    expect(Object.hasOwn(Object.prototype, 'x')).toBe(false)
  })
})

/** Not by a library's way to sign claims, which would refuse some of these itself. */
const signedText = (payload: string) =>
  new CompactSign(Buffer.from(payload))
    .setProtectedHeader({ alg: 'ES256', kid: party.key.kid })
    .sign(party.key.privateKey)

describe('a JWT', () => {
  const claims = () => ({
    iss: party.clientId,
    sub: party.clientId,
    aud: world.origin,
    jti: randomUUID(),
    iat: now(),
    exp: now() + 60,
  })
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const raw = (header: string, payload: string) =>
    `${Buffer.from(header).toString('base64url')}.${Buffer.from(payload).toString('base64url')}.AAAA`
  const signed = (payload: object, header: object = {}) =>
    new SignJWT({ ...claims(), ...payload })
      .setProtectedHeader({ alg: 'ES256', kid: party.key.kid, ...header })
      .sign(party.key.privateKey)

  const kinds: readonly [string, () => Promise<string> | string][] = [
    ['without a signature', () => `${part({ alg: 'none' })}.${part(claims())}.`],
    ['of two parts', () => `${part({ alg: 'ES256' })}.${part(claims())}`],
    ['of five empty parts', () => '....'],
    ['of dots', () => '.'.repeat(20_000)],
    ['whose header is null', () => raw('null', '{}')],
    ['whose header is a list', () => raw('[]', '{}')],
    ['whose header is deep', () => raw(nested(9_000), '{}')],
    ['whose payload is null', () => raw('{"alg":"ES256"}', 'null')],
    ['whose payload is text', () => raw('{"alg":"ES256"}', '"x"')],
    ['whose payload is deep', () => raw('{"alg":"ES256"}', nested(9_000))],
    ['whose payload is no UTF-8', () => `${part({ alg: 'ES256' })}._v8.AAAA`],
    ['whose payload is no base64', () => `${part({ alg: 'ES256' })}.!!!.AAAA`],
    ['whose alg is an object', () => raw('{"alg":{"a":1}}', JSON.stringify(claims()))],
    [
      'of ten thousand members',
      () => signed(Object.fromEntries(Array.from({ length: 4_000 }, (_, n) => [`k${n}`, 1]))),
    ],
    ['of a hundred kilobytes', () => signed({ fill: 'x'.repeat(100_000) })],
    ['in a JWT', async () => signed({}, { cty: 'JWT', inner: await signed({}) })],
    [
      'that is encrypted to nobody here',
      async () => {
        const { publicKey } = await generateKeyPair('ECDH-ES', { crv: 'P-256' })
        return new CompactEncrypt(Buffer.from(await signed({})))
          .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A128GCM', cty: 'JWT' })
          .encrypt(publicKey)
      },
    ],
    [
      'that is encrypted by a password of endless rounds',
      () => `${part({ alg: 'PBES2-HS256+A128KW', enc: 'A128GCM', p2c: 2 ** 31 - 1, p2s: 'AAAA' })}.AAAA.AAAA.AAAA.AAAA`,
    ],
    ['that is compressed', () => `${part({ alg: 'dir', enc: 'A128GCM', zip: 'DEF' })}..AAAA.AAAA.AAAA`],
  ]
  const query = (parameters: Record<string, string>) => `/oauth2/authorize?${new URLSearchParams(parameters)}`
  const token = (parameters: Record<string, string>): Asked => ({
    method: 'POST',
    target: '/oauth2/token',
    headers: { 'Content-Type': FORM },
    body: new URLSearchParams({ client_id: party.clientId, ...parameters }).toString(),
  })

  test.each(kinds)('%s is refused wherever one is taken', async (what, make) => {
    const jwt = await make()
    // In ten thousand members a valid assertion is still one; only its size may be against it.
    const valid = /members|in a JWT/.test(what)
    if (!valid) {
      const client_assertion_type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
      await refuses(token({ grant_type: 'client_credentials', client_assertion: jwt, client_assertion_type }))
    }
    const request = { ...party.request(), request: jwt }
    await refuses({ target: query(request) })
    expect((await party.push(request)).status).toBeGreaterThanOrEqual(valid ? 200 : 400)
    await refuses({ target: query({ ...party.request(), id_token_hint: jwt, prompt: 'none' }) })
    await refuses({ target: `/oauth2/logout?${new URLSearchParams({ id_token_hint: jwt })}` })
    const exchanged = await party.token({
      grant_type: TOKEN_EXCHANGE,
      subject_token: jwt,
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      audience: 'anything',
    })
    expect(exchanged.status).toBe(400)
    for (const proof of [jwt, `${jwt}, ${jwt}`].filter((text) => text.length < 12_000)) {
      const { status } = await party.token({ grant_type: 'client_credentials' }, { proof })
      expect([400, 431]).toContain(status)
    }
    for (const path of ['/oauth2/introspect', '/oauth2/revoke'])
      expect((await party.send(path, { token: jwt })).status).toBeLessThan(500)
  })
})
