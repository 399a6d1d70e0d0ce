import * as oauth from 'oauth4webapi'
import { beforeAll, describe, expect, test } from 'vitest'
import type { ActingParty } from '../relying-party.ts'
import { signedIn } from '../signing-in.ts'
import { worldOfFile } from '../world.ts'
import { type Break, broken, discovered, form, refusal } from './oauth4webapi.ts'

const world = worldOfFile()
let party: ActingParty
let server: oauth.AuthorizationServer
let client: oauth.Client
let auth: oauth.ClientAuth
let accessToken: string
beforeAll(async () => {
  party = await world.relyingParty()
  ;({
    tokens: { access_token: accessToken },
  } = await signedIn(world, { party, citizen: await world.citizen() }))
  server = await discovered(world)
  client = { client_id: party.registration.client_id }
  auth = oauth.ClientSecretBasic(party.registration.client_secret!)
})

const header =
  (name: string, value: string | undefined): Break =>
  ({ headers }) =>
    value === undefined ? headers.delete(name) : headers.set(name, value)
const method =
  (name: string): Break =>
  (request) => {
    request.method = name
    if (name === 'GET') request.body = undefined
  }
const body =
  (text: string): Break =>
  (request) => {
    request.body = text
  }

/** Requests of every kind that the library makes of a form, and how it reads the answer. */
const requests: Readonly<Record<string, (change?: Break) => Promise<unknown>>> = {
  introspection: async (change) =>
    oauth.processIntrospectionResponse(
      server,
      client,
      await oauth.introspectionRequest(server, client, auth, accessToken, broken(change)),
    ),
  revocation: async (change) =>
    oauth.processRevocationResponse(await oauth.revocationRequest(server, client, auth, accessToken, broken(change))),
  'pushed request': async (change) =>
    oauth.processPushedAuthorizationResponse(
      server,
      client,
      await oauth.pushedAuthorizationRequest(server, client, auth, asked(), broken(change)),
    ),
}

const asked = () => ({
  response_type: 'code',
  redirect_uri: party.redirectUri,
  scope: 'openid',
  code_challenge: 'x'.repeat(43),
  code_challenge_method: 'S256',
})

describe.each(Object.entries(requests))('a malformed %s', (kind, send) => {
  const parameter = kind === 'pushed request' ? 'response_type' : 'token'
  const invalid = { status: 400, error: 'invalid_request' }
  test.each<[string, Break, { status: number; error: string }]>([
    ['without a body', body(''), invalid],
    ['in JSON', header('content-type', 'application/json'), invalid],
    ['without its main parameter', form({ [parameter]: undefined }), invalid],
    ['with that twice', form({ [parameter]: ['a', 'b'] }), invalid],
    [
      'without authentication',
      header('authorization', undefined),
      kind === 'pushed request' ? { status: 401, error: 'invalid_client' } : invalid,
    ],
    ['with a malformed one', header('authorization', 'Basic %%%'), invalid],
    ['with another scheme', header('authorization', 'Bearer nothing'), invalid],
    [
      'with a wrong secret',
      header('authorization', `Basic ${btoa('rp1:wrong')}`),
      { status: 401, error: 'invalid_client' },
    ],
    ['that is far too long', form({ padding: 'x'.repeat(300_000) }), invalid],
  ])('%s is refused as an OAuth error', async (_what, change, expected) => {
    const { status, error } = await refusal(send(change))
    expect(error).toBe(expected.error)
    expect(status === 413 ? 400 : status).toBe(expected.status)
  })

  test('by GET is refused as an OAuth error', async () => {
    const { status, error } = await refusal(send(method('GET')))
    expect(error).toBe('invalid_request')
    expect([400, 404, 405]).toContain(status)
  })
})

describe('userinfo', () => {
  const read = async (change: Break) =>
    oauth.processUserInfoResponse(
      server,
      client,
      oauth.skipSubjectCheck,
      await oauth.userInfoRequest(server, client, accessToken, broken(change)),
    )
  test.each<[string, Break, number, string | undefined]>([
    ['without a token (RFC 6750, section 3.1)', header('authorization', undefined), 401, undefined],
    ['with another scheme', header('authorization', 'Basic cnAxOng='), 400, 'invalid_request'],
    ['with a scheme alone', header('authorization', 'Bearer'), 400, 'invalid_request'],
    ['with two tokens', header('authorization', 'Bearer a b'), 400, 'invalid_request'],
    ['with a token that is none', header('authorization', 'Bearer nothing'), 401, 'invalid_token'],
    [
      'with a token in the address as well',
      ({ url }) => url.searchParams.set('access_token', 'x'),
      400,
      'invalid_request',
    ],
  ])('%s is refused in a way that the library reads', async (_what, change, status, error) => {
    expect(await refusal(read(change))).toEqual({ status, error })
  })
})

describe('what may be sent superfluously is ignored:', () => {
  const superfluous = form({
    foo: ['bar', 'baz'],
    state: 'x',
    '': 'nameless',
    scope: 'openid',
    token_type_hint: 'telepathy',
  })
  test.each(Object.entries(requests))('%s', async (_kind, send) => {
    await send(superfluous)
  })
})

test('an answer without content, as to a revocation, has no content type: some libraries refuse to read it otherwise', async () => {
  const response = await oauth.revocationRequest(server, client, auth, 'nothing', broken())
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBeNull()
  expect(await response.text()).toBe('')
})
