import * as oauth from 'oauth4webapi'
import { beforeAll, describe, expect, test } from 'vitest'
import type { ActingParty } from '../relying-party.ts'
import { type Citizen, worldOfFile } from '../world.ts'
import { authorized, type Break, broken, discovered, form, refusal } from './oauth4webapi.ts'

const world = worldOfFile()
let party: ActingParty
let citizen: Citizen
let server: oauth.AuthorizationServer
let client: oauth.Client
let auth: oauth.ClientAuth
/** One code for all: a malformed request must not spend it. */
let code: Awaited<ReturnType<typeof authorized>>
beforeAll(async () => {
  ;[party, citizen] = await Promise.all([world.relyingParty(), world.citizen()])
  server = await discovered(world)
  client = { client_id: party.registration.client_id }
  auth = oauth.ClientSecretBasic(party.registration.client_secret!)
  code = await authorized(world, { server, party, citizen })
})

async function redeem(change?: Break, authentication = auth): Promise<oauth.TokenEndpointResponse> {
  const { parameters, verifier } = code
  const request = oauth.authorizationCodeGrantRequest
  const response = await request(
    server,
    client,
    authentication,
    parameters,
    party.redirectUri,
    verifier,
    broken(change),
  )
  return oauth.processAuthorizationCodeResponse(server, client, response)
}

const basic = (credentials: string) => (request: { headers: Headers }) =>
  request.headers.set('authorization', `Basic ${credentials}`)
const base64 = (text: string) => Buffer.from(text).toString('base64')

const body =
  (text: string): Break =>
  (request) => {
    request.body = text
  }

const more =
  (text: string): Break =>
  (request) => {
    request.body += text
  }

const json: Break = (request) => {
  request.headers.set('content-type', 'application/json')
  request.body = JSON.stringify(Object.fromEntries(new URLSearchParams(request.body as string)))
}

const multipart: Break = (request) => {
  request.headers.delete('content-type')
  const data = new FormData()
  for (const [name, value] of new URLSearchParams(request.body as string)) data.append(name, value)
  request.body = data
}

describe('a malformed token request gets an answer that oauth4webapi reads as an OAuth error:', () => {
  const invalid = { status: 400, error: 'invalid_request' }
  test.each<[string, Break, { status: number; error: string }]>([
    ['no grant_type', form({ grant_type: undefined }), invalid],
    ['an empty grant_type', form({ grant_type: '' }), invalid],
    ['two grant_types', form({ grant_type: ['authorization_code', 'authorization_code'] }), invalid],
    ['an unknown grant_type', form({ grant_type: 'telepathy' }), { status: 400, error: 'unsupported_grant_type' }],
    ['the password grant', form({ grant_type: 'password' }), { status: 400, error: 'unsupported_grant_type' }],
    ['no code', form({ code: undefined }), invalid],
    ['an empty code', form({ code: '' }), invalid],
    ['two codes', form({ code: ['a', 'b'] }), invalid],
    ['a code with NUL in it', form({ code: 'a\0b' }), { status: 400, error: 'invalid_grant' }],
    ['no body', body(''), invalid],
    ['JSON', json, invalid],
    ['multipart', multipart, invalid],
    ['percent signs that mean nothing', more('&code_verifier=%'), invalid],
    ['a verifier whose bytes are no UTF-8', more('&code_verifier=%ff%fe'), invalid],
    ['a secret beside another', form({ client_secret: 'x' }), invalid],
    ['another client_id beside', form({ client_id: 'somebody' }), invalid],
    ['an assertion beside a secret', form({ client_assertion: 'a.b.c', client_assertion_type: 'x' }), invalid],
    ['Basic without a colon', basic(base64('rp1')), invalid],
    ['Basic that is no base64', basic('%%%'), invalid],
    ['Basic with a broken escape', basic(base64('%:%')), invalid],
    ['an unknown client', basic(base64('nobody:secret')), { status: 401, error: 'invalid_client' }],
    ['a wrong secret', basic(base64('rp1:secret')), { status: 401, error: 'invalid_client' }],
    ['an empty secret', basic(base64('rp1:')), invalid],
    ['a client_id with NUL in it', basic(base64('a%00b:secret')), invalid],
  ])('%s', async (_what, change, expected) => {
    expect(await refusal(redeem(change))).toEqual(expected)
  })
})

test('a token request that is far too long is refused as JSON', async () => {
  const { status, error } = await refusal(redeem(form({ padding: 'x'.repeat(300_000) })))
  expect([400, 413]).toContain(status)
  expect(error).toBe('invalid_request')
})

test('after all these the code is still good, and what is superfluous is ignored', async () => {
  const superfluous = {
    scope: 'openid email',
    client_id: client.client_id,
    state: 'x',
    nonce: '\0',
    foo: ['bar', '\ud800'],
  }
  const tokens = await redeem(form(superfluous))
  expect(tokens.access_token).toEqual(expect.any(String))
  const again = await refusal(redeem())
  expect(again).toEqual({ status: 400, error: 'invalid_grant' })
})
