import { decodeJwt } from 'jose'
import supertest from 'supertest'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { TOKEN_EXCHANGE } from '#src/oidc/exchange/token-types.ts'
import type { ActingParty } from '#test/relying-party.ts'
import { PAYMENTS, registerResourceServer, send } from '#test/resource-server.ts'
import { worldOfFile } from '#test/world.ts'
import { CIBA_GRANT } from '../../oidc/ciba/acting-client.ts'
import { invited, newcomer, type Registered } from '../../oidc/registration/newcomer.ts'
import { cookiesOf } from '../raw-http.ts'
import { type Holdings, holdingsOf, uses, versatileParty } from './holdings.ts'

/** Every kind of token at every place that takes another, cut, changed and in its own place. */

vi.setConfig({ testTimeout: 60_000 })

const world = worldOfFile()
let party: ActingParty
let held: Holdings
let client: Registered
let tokens: Readonly<Record<string, string>>
beforeAll(async () => {
  await registerResourceServer(world)
  party = await versatileParty(world)
  held = await holdingsOf(world, party)
  client = await newcomer(world)
  const { access_token, refresh_token, id_token } = held.tokens
  const cookies = new URLSearchParams(cookiesOf(held.browser, '/').replaceAll('; ', '&'))
  tokens = {
    'access token': access_token,
    'refresh token': refresh_token!,
    id_token,
    JWT: held.payments,
    'jti of the JWT': String(decodeJwt(held.payments).jti),
    'name of the session': String(decodeJwt(id_token).sid),
    'token of the client': held.own,
    code: held.code,
    'device code': held.deviceCode,
    'approved request': held.authReqId,
    'pushed request': held.requestUri,
    'end of the pushed request': held.requestUri.split(':').at(-1)!,
    'session cookie': cookies.get('session')!,
    'initial access token': await invited(world, { uses: 100 }),
    'registration access token': client.registration_access_token,
    'client secret': party.registration.client_secret!,
    'client id': party.registration.client_id,
    subject: String(held.citizen.oid),
  }
}, 60_000)

/** Where tokens are shown, and the kinds that are right there. @returns whether the place let it pass */
const places: Readonly<Record<string, { right: readonly string[]; passes: (token: string) => Promise<boolean> }>> = {
  userinfo: {
    right: ['access token'],
    passes: async (token) => (await party.userinfo(ascii(token))).status === 200,
  },
  introspection: {
    right: ['access token', 'refresh token', 'token of the client'],
    passes: async (token) => (await sent('/oauth2/introspect', { token })).body.active === true,
  },
  'a code': { right: ['code'], passes: (code) => granted({ ...codeGrant(), code }) },
  'a refresh': {
    right: ['refresh token'],
    passes: (refresh_token) => granted({ grant_type: 'refresh_token', refresh_token }),
  },
  'a device': {
    right: ['device code'],
    passes: (device_code) => granted({ grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code }),
  },
  'the back channel': {
    right: ['approved request'],
    passes: (auth_req_id) => granted({ grant_type: CIBA_GRANT, auth_req_id }),
  },
  'an exchange': {
    right: ['access token', 'JWT'],
    passes: (subject_token) => granted({ ...exchangeGrant, subject_token }),
  },
  'an actor': {
    right: ['access token', 'JWT', 'token of the client'],
    passes: (actor_token) =>
      granted({
        ...exchangeGrant,
        subject_token: held.tokens.access_token,
        actor_token,
        actor_token_type: exchangeGrant.subject_token_type,
      }),
  },
  'a pushed request': {
    right: ['pushed request'],
    passes: async (request_uri) => {
      const { client_id } = party.registration
      const browser = world.browser()
      await browser.open(`/oauth2/authorize?${new URLSearchParams({ client_id, request_uri })}`)
      return browser.page.url.includes('/login/')
    },
  },
  'a hint': {
    right: ['id_token'],
    passes: async (id_token_hint) => {
      const browser = world.browser()
      await browser.open(`/oauth2/logout?${new URLSearchParams({ id_token_hint })}`)
      return browser.page.status < 400
    },
  },
  registration: {
    right: ['initial access token'],
    passes: async (token) => {
      const metadata = { client_name: 'Новичок', redirect_uris: ['https://new.example/cb'] }
      const { status } = await supertest(world.listens)
        .post('/oauth2/register')
        .set('Authorization', `Bearer ${ascii(token)}`)
        .send(metadata)
        .ok(() => true)
      return status === 201
    },
  },
}

const exchangeGrant = {
  grant_type: TOKEN_EXCHANGE,
  subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
  audience: PAYMENTS,
}
const codeGrant = () => ({
  grant_type: 'authorization_code',
  redirect_uri: party.redirectUri,
  code_verifier: held.verifier,
})
/** What a header can hold at all. */
const ascii = (token: string) => token.replace(/[^\x20-\x7e]/g, '?')

async function sent(path: string, parameters: Record<string, string>) {
  const answer = await send(world, party, path, parameters)
  expect(answer.status).toBeLessThan(500)
  return answer
}
async function granted(parameters: Record<string, string>): Promise<boolean> {
  return (await sent('/oauth2/token', parameters)).status === 200
}

describe.each(Object.entries(places))('for %s', (_place, { right, passes }) => {
  test('no other token will do', async () => {
    for (const [kind, token] of Object.entries(tokens))
      if (!right.includes(kind)) expect([kind, await passes(token)]).toEqual([kind, false])
  })
  test('none will do that is cut, prolonged or changed', async () => {
    for (const kind of right) {
      const token = tokens[kind]!
      const at = token.lastIndexOf('.') + 1
      const forged = [
        token.slice(0, -2),
        token.slice(1),
        `${token}x`,
        `x${token}`,
        // Of a request_uri the provider reads what follows the last prefix: whoever can write it twice holds it.
        kind === 'pushed request' ? `${token}:${token}` : `${token}${token}`,
        `${token}\0`,
        `${token} x`,
        swapped(token),
        token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1),
        [...token].reverse().join(''),
        `${token}\ud800`.toWellFormed(),
      ]
      for (const [index, forgery] of forged.entries())
        expect([kind, index, await passes(forgery)]).toEqual([kind, index, false])
    }
  })
})

const swapped = (text: string) => text.replace(/[a-z]/gi, (c) => (c < 'a' ? c.toLowerCase() : c.toUpperCase()))

test('for a registration no other token will do', async () => {
  const other = await newcomer(world)
  for (const [kind, token] of Object.entries({ ...tokens, other: other.registration_access_token })) {
    if (kind === 'registration access token') continue
    const { status } = await supertest(world.listens)
      .get(`/oauth2/register/${client.client_id}`)
      .set('Authorization', `Bearer ${ascii(token)}`)
      .ok(() => true)
    expect([kind, status]).toEqual([kind, 401])
  }
})

test('a revocation of what is no token revokes nothing', async () => {
  for (const [kind, token] of Object.entries(tokens)) {
    if (['access token', 'refresh token', 'token of the client'].includes(kind)) continue
    expect((await sent('/oauth2/revoke', { token })).status).toBeLessThan(500)
  }
  expect((await party.userinfo(held.tokens.access_token)).status).toBe(200)
})

test('after all this each one is still good in its own place', async () => {
  for (const [kind, place] of [
    ['id_token', 'a hint'],
    ['initial access token', 'registration'],
    ['token of the client', 'introspection'],
  ] as const)
    expect([kind, await places[place]!.passes(tokens[kind]!)]).toEqual([kind, true])
  for (const [name, use] of Object.entries(uses(world, party, held))) expect([name, await use()]).toEqual([name, true])
})
