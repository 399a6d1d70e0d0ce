import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ActingParty, Tokens } from '../../relying-party.ts'
import { introspect, PAYMENTS, registerResourceServer, send, tokenFor } from '../../resource-server.ts'
import { signedIn } from '../../signing-in.ts'
import { type Citizen, worldOfFile } from '../../world.ts'

/** Token revocation (RFC 7009). */

const world = worldOfFile()
let party: ActingParty
let citizen: Citizen
let tokens: Tokens
beforeAll(async () => {
  await registerResourceServer(world)
  ;[party, citizen] = await Promise.all([
    world.relyingParty({
      grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
      resource_indicators: [PAYMENTS],
    }),
    world.citizen(),
  ])
})
beforeEach(async () => {
  tokens = (await signedIn(world, { party, citizen })).tokens
})

const revoke = (by: ActingParty, token: string, hint?: string) =>
  send(world, by, '/oauth2/revoke', { token, token_type_hint: hint })

describe('refused is', () => {
  test('a token of another client, which stays good', async () => {
    const other = await world.relyingParty()
    for (const token of [tokens.access_token, tokens.refresh_token!])
      expect(await revoke(other, token)).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    expect((await party.userinfo(tokens.access_token)).status).toBe(200)
    expect((await party.refresh(tokens.refresh_token!)).status).toBe(200)
  })
  test('whoever does not prove to be the client', async () => {
    const { registration } = party
    const impostor = Object.assign(Object.create(party), { registration: { ...registration, client_secret: 'wrong' } })
    expect(await revoke(impostor, tokens.access_token)).toMatchObject({
      status: 401,
      body: { error: 'invalid_client' },
    })
    expect((await party.userinfo(tokens.access_token)).status).toBe(200)
  })
  test('a JWT, which nobody could take back', async () => {
    const { body } = await tokenFor(world, party, { grant_type: 'client_credentials', resource: PAYMENTS })
    const refused = await revoke(party, body.access_token)
    expect(refused).toMatchObject({ status: 400, body: { error: 'unsupported_token_type' } })
  })
  test('a request without a token, or with two', async () => {
    for (const token of [undefined, [tokens.access_token, tokens.refresh_token!]])
      expect(await send(world, party, '/oauth2/revoke', { token })).toMatchObject({ status: 400 })
  })
})

describe('an accepted revocation', () => {
  test.each(['access_token', 'refresh_token'] as const)('of the %s ends all that came with it', async (kind) => {
    expect((await revoke(party, tokens[kind]!)).status).toBe(200)
    expect((await party.userinfo(tokens.access_token)).status).toBe(401)
    expect((await party.refresh(tokens.refresh_token!)).status).toBe(400)
  })
  test.each(['access_token', 'refresh_token', 'unheard_of'])('takes a wrong hint (%s) for a hint', async (hint) => {
    await revoke(party, tokens.access_token, hint)
    expect((await party.userinfo(tokens.access_token)).status).toBe(401)
  })
  test('of what is no token is one all the same', async () => {
    for (const token of ['nothing', 'x'.repeat(10_000)]) expect((await revoke(party, token)).status).toBe(200)
  })
  test('leaves other sign-ins of the person alone', async () => {
    const other = (await signedIn(world, { party, citizen })).tokens
    await revoke(party, tokens.refresh_token!)
    expect((await introspect(world, party, other.access_token)).body).toMatchObject({ active: true })
  })
  test('is answered with nothing, which has no type', async () => {
    const { text, headers } = await revoke(party, tokens.access_token)
    expect(text).toBe('')
    expect(headers).not.toHaveProperty('content-type')
  })
})
