import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { SigningParty } from '#test/signing-party.ts'
import { type SigningKey, signingKey, signingParty } from '#test/signing-party.ts'
import { startWorld, type World } from '#test/world.ts'
import { invited, minimal, register } from '../../oidc/registration/newcomer.ts'
import { Inside, poisonNames } from './inside.ts'

/** Addresses in a client's registration that lead into the house, and answers that never end. */

vi.setConfig({ testTimeout: 30_000 })

let world: World
let inside: Inside
let outside: Server
let answer: RequestListener
let key: SigningKey
let names: ReturnType<typeof poisonNames>
beforeAll(async () => {
  inside = await Inside.start()
  outside = createServer((request, response) => answer(request, response))
  await new Promise<void>((done) => outside.listen(0, 'localhost', done))
  names = poisonNames({
    'inside.example': [['127.0.0.1']],
    'inside6.example': [['::1']],
    'mapped.example': [['::ffff:127.0.0.1']],
    'metadata.example': [['169.254.169.254']],
    'both.example': [['203.0.113.1', '127.0.0.1']],
    'rebound.example': [['203.0.113.1'], ['127.0.0.1']],
  })
  key = await signingKey()
  world = await startWorld({ env: { OUTBOUND_ORIGINS: outsideOrigin() } })
})
beforeEach(() => {
  inside.connections = 0
})
afterAll(async () => {
  names.restore()
  await world.stop()
  outside.closeAllConnections()
  outside.close()
  await inside.stop()
})

const outsideOrigin = () => `http://localhost:${(outside.address() as AddressInfo).port}`
const keySet = () => JSON.stringify({ keys: [key.publicJwk] })

/** A client whose keys are elsewhere, stored without the check of registrations. */
const keyedAt = (jwks_uri: string) =>
  signingParty(
    world,
    { grant_types: ['client_credentials'], response_types: [], redirect_uris: [], jwks: undefined as never, jwks_uri },
    { key },
  )
const authenticate = async (party: SigningParty) =>
  (await party.send('/oauth2/token', { grant_type: 'client_credentials' })).status

const houses = [
  '127.0.0.1',
  '127.0.0.2',
  '127.1',
  '2130706433',
  '0x7f000001',
  '0x7f.0.0.1',
  '0177.0.0.1',
  '017700000001',
  '0.0.0.0',
  '0',
  'localhost',
  'LOCALHOST.',
  'x.localhost',
  '１２７.0.0.1',
  '[::1]',
  '[::]',
  '[::127.0.0.1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[0:0:0:0:0:ffff:7f00:0001]',
  'inside.example',
  'inside6.example',
  'mapped.example',
  'both.example',
  'user:password@127.0.0.1',
]

describe('nothing inside is called', () => {
  test.each(houses)('for keys at %s', async (host) => {
    const party = await keyedAt(`http://${host}:${inside.port}/keys`)
    expect(await authenticate(party)).toBeGreaterThanOrEqual(400)
    expect(inside.connections).toBe(0)
  })
  test.each(houses)('for a sector at %s, whoever registers', async (host) => {
    const { status } = await register(world, await invited(world), {
      ...minimal,
      subject_type: 'pairwise',
      sector_identifier_uri: `https://${host}:${inside.port}/sector`,
    })
    expect(status).toBe(400)
    expect(inside.connections).toBe(0)
  })
  test.each([
    'jwks_uri',
    'backchannel_logout_uri',
    'logo_uri',
    'policy_uri',
    'tos_uri',
    'client_uri',
    'initiate_login_uri',
  ])('when %s is registered, nor on the pages that follow', async (field) => {
    const { body } = await register(world, await invited(world), {
      ...minimal,
      [field]: `https://127.0.0.1:${inside.port}/x`,
    })
    const browser = world.browser()
    const query = { client_id: body.client_id ?? 'none', response_type: 'code', scope: 'openid' }
    await browser.open(`/oauth2/authorize?${new URLSearchParams(query)}`)
    expect(browser.page.html).not.toContain(`:${inside.port}`)
    expect(inside.connections).toBe(0)
  })
  test.each(['request_uri', 'client_id', 'login_hint', 'id_token_hint', 'resource'])(
    'for an address in %s',
    async (parameter) => {
      const party = await world.relyingParty()
      const browser = world.browser()
      await browser.open(party.authorizationUrl({ [parameter]: `http://127.0.0.1:${inside.port}/x` }))
      expect(inside.connections).toBe(0)
    },
  )
  test('for the metadata service of a cloud, by number or by name', async () => {
    for (const host of ['169.254.169.254', '[::ffff:a9fe:a9fe]', '[fd00:ec2::254]', '2852039166', 'metadata.example'])
      expect(await authenticate(await keyedAt(`http://${host}/latest/meta-data/`))).toBeGreaterThanOrEqual(400)
  })
  test('a name that resolves to the outside first and to the inside then is asked for once', async () => {
    expect(await authenticate(await keyedAt(`http://rebound.example:${inside.port}/keys`))).toBeGreaterThanOrEqual(400)
    expect(names.asked.get('rebound.example')).toBe(1)
    expect(inside.connections).toBe(0)
    // The next request asks again and is refused by what it hears.
    expect(await authenticate(await keyedAt(`http://rebound.example:${inside.port}/keys`))).toBeGreaterThanOrEqual(400)
    expect(inside.connections).toBe(0)
  })
  test.each([301, 302, 303, 307, 308])('by a redirect (%i) from an address that may be called', async (status) => {
    answer = (_request, response) =>
      response.writeHead(status, { Location: `http://127.0.0.1:${inside.port}/keys` }).end()
    expect(await authenticate(await keyedAt(`${outsideOrigin()}/keys`))).toBe(401)
    expect(inside.connections).toBe(0)
  })
  test.each(['data:application/json,KEYS', 'file:///etc/hostname', 'ftp://127.0.0.1/keys', 'blob:x', 'about:blank'])(
    'nor by another scheme: %s',
    async (uri) => {
      const party = await keyedAt(uri.replace('KEYS', encodeURIComponent(keySet())))
      expect(await authenticate(party)).toBeGreaterThanOrEqual(400)
    },
  )
})

describe('keys that can be had', () => {
  const fill = ' '.repeat(1024 * 1024)
  test('are taken, so that the refusals below mean something', async () => {
    answer = (_request, response) => response.end(keySet())
    expect(await authenticate(await keyedAt(`${outsideOrigin()}/keys`))).toBe(200)
  })
  test.each<[string, RequestListener]>([
    ['in a document that is too long', (_request, response) => response.end(keySet() + fill)],
    [
      'in one that says so beforehand',
      (_request, response) =>
        response.writeHead(200, { 'Content-Length': String(keySet().length + fill.length) }).end(keySet() + fill),
    ],
    [
      'in one that a compression hides',
      (_request, response) =>
        response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(gzipSync(keySet() + fill.repeat(32))),
    ],
    ['with another status', (_request, response) => response.writeHead(404).end(keySet())],
    [
      'in a document without end',
      (_request, response) => {
        response.write(keySet())
        const timer = setInterval(() => response.write(fill.slice(0, 8192)), 1)
        response.on('close', () => clearInterval(timer))
      },
    ],
    [
      'in one that drips',
      (_request, response) => {
        response.write(keySet().slice(0, 10))
        const timer = setInterval(() => response.write(' '), 200)
        response.on('close', () => clearInterval(timer))
      },
    ],
    ['in one that never comes', () => {}],
  ])('are not taken %s', async (_how, listener) => {
    const closed = new Promise<void>((done) => {
      answer = (request, response) => {
        response.on('close', () => done())
        listener(request, response)
      }
    })
    expect(await authenticate(await keyedAt(`${outsideOrigin()}/keys`))).toBe(401)
    await closed
  })
  test('what a client learns from a refusal names neither address nor answer', async () => {
    answer = (_request, response) => response.writeHead(500).end('internal secret')
    const party = await keyedAt(`${outsideOrigin()}/keys`)
    const { body } = await party.send('/oauth2/token', { grant_type: 'client_credentials' })
    expect(JSON.stringify(body)).not.toMatch(/secret|500|localhost|127\.0/)
  })
})
