import * as oauth from 'oauth4webapi'
import { beforeAll, describe, expect, test } from 'vitest'
import type { ActingParty } from '../relying-party.ts'
import { worldOfFile } from '../world.ts'
import { discovered } from './oauth4webapi.ts'
import { Traveller } from './traveller.ts'

const world = worldOfFile()
let party: ActingParty
let server: oauth.AuthorizationServer
beforeAll(async () => {
  party = await world.relyingParty()
  server = await discovered(world)
})

const STATE = 'the-state'

type Changes = Readonly<Record<string, string | undefined | readonly string[]>>

function authorizationUrl(changes: Changes): string {
  const parameters = new URLSearchParams({
    client_id: party.registration.client_id,
    response_type: 'code',
    redirect_uri: party.redirectUri,
    scope: 'openid',
    state: STATE,
    code_challenge: 'x'.repeat(43),
    code_challenge_method: 'S256',
  })
  for (const [name, value] of Object.entries(changes)) {
    parameters.delete(name)
    for (const one of value === undefined ? [] : [value].flat()) parameters.append(name, one)
  }
  return `${server.authorization_endpoint}?${parameters}`
}

/** Where the browser ends up that is sent there. */
async function arrival(changes: Changes): Promise<URL> {
  const traveller = new Traveller(world)
  return new URL((await traveller.open(authorizationUrl(changes))).url)
}

describe('a malformed authorization request comes back as an error that oauth4webapi reads:', () => {
  test.each<[string, Changes, string]>([
    ['no response_type', { response_type: undefined }, 'invalid_request'],
    ['an unknown response_type', { response_type: 'telepathy' }, 'unsupported_response_type'],
    ['an unknown response_mode', { response_mode: 'telepathy' }, 'unsupported_response_mode'],
    ['an answer in the query that would show tokens', { response_type: 'id_token' }, 'unsupported_response_type'],
    ['two scopes', { scope: ['openid', 'openid email'] }, 'invalid_request'],
    ['two nonces', { nonce: ['a', 'b'] }, 'invalid_request'],
    ['two challenges', { code_challenge: ['x'.repeat(43), 'y'.repeat(43)] }, 'invalid_request'],
    ['prompts that contradict each other', { prompt: 'none login' }, 'invalid_request'],
    ['a prompt that does not exist', { prompt: 'telepathy' }, 'invalid_request'],
    ['a max_age that is no number', { max_age: 'soon' }, 'invalid_request'],
    ['a max_age below zero', { max_age: '-1' }, 'invalid_request'],
    ['claims that are no JSON', { claims: '{' }, 'invalid_request'],
    ['claims that are no object', { claims: '[]' }, 'invalid_request'],
    ['a hint that is no token', { id_token_hint: 'nothing' }, 'invalid_request'],
    ['a request object that is none', { request: 'nothing' }, 'invalid_request_object'],
    ['a request by an address', { request_uri: 'https://rp.example/request' }, 'request_uri_not_supported'],
    ['a pushed request that is none', { request_uri: 'urn:ietf:params:oauth:request_uri:x' }, 'invalid_request_uri'],
    // The only registered address is where the error goes, whatever else was named.
    ['two addresses', { redirect_uri: ['https://evil.example/cb', 'https://rp.example/cb'] }, 'invalid_request'],
    ['a registration of its own', { registration: '{}' }, 'registration_not_supported'],
    ['a challenge without a method', { code_challenge_method: undefined }, 'invalid_request'],
  ])('%s', async (_what, changes, error) => {
    const url = await arrival(changes)
    expect(url.origin, url.href).toBe('https://rp.example')
    const answer = url.hash === '' ? url : new URL(`?${url.hash.slice(1)}`, url)
    const read = () => oauth.validateAuthResponse(server, { client_id: 'rp1' }, answer, STATE)
    expect(read).toThrow(oauth.AuthorizationResponseError)
    expect(answer.searchParams.get('error')).toBe(error)
    expect(answer.searchParams.get('error_description') ?? '').toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]*$/)
  })

  test('two states, of which none can be trusted', async () => {
    const url = await arrival({ state: ['a', 'b'] })
    expect(url.searchParams.get('error')).toBe('invalid_request')
    const read = () => oauth.validateAuthResponse(server, { client_id: 'rp1' }, url, oauth.expectNoState)
    expect(read).toThrow(oauth.AuthorizationResponseError)
  })
})

describe('an authorization request that cannot be answered ends on a page of the provider:', () => {
  test.each<[string, Changes]>([
    ['no client', { client_id: undefined }],
    ['two clients', { client_id: ['rp1', 'rp2'] }],
    ['an unknown client', { client_id: 'nobody' }],
    ['a client with NUL in its name', { client_id: 'rp1\0' }],
    ['an address that is not registered', { redirect_uri: 'https://rp.example/other' }],
  ])('%s', async (_what, changes) => {
    const url = await arrival(changes)
    expect(url.origin).toBe(world.origin)
    expect(world.view).toBe('oidc/error')
  })
})

test('what an authorization request may hold superfluously is ignored', async () => {
  const superfluous = { access_type: 'offline', approval_prompt: 'force', foo: ['bar', 'baz'], ui_locales: 'xx zz' }
  const mere = { display: 'page', scope: 'openid eye_colour', acr_values: '', login_hint: 'x'.repeat(300) }
  await arrival({ ...superfluous, ...mere })
  expect(world.view).toBe('login/password')
})
