import * as client from 'openid-client'
import { beforeAll, describe, expect, test } from 'vitest'
import type { ActingParty } from '../relying-party.ts'
import { PAYMENTS, payment, readJwt, registerResourceServer } from '../resource-server.ts'
import { type Citizen, worldOfFile } from '../world.ts'
import { begin, discover, wayBack } from './openid-client.ts'

const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange'
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token'

const world = worldOfFile()
let citizen: Citizen
let party: ActingParty
let configuration: client.Configuration
beforeAll(async () => {
  await registerResourceServer(world)
  ;[citizen, party] = await Promise.all([
    world.citizen(),
    world.relyingParty({ resource_indicators: [PAYMENTS], authorization_details_types: ['payment'] }),
  ])
  configuration = await discover(world, party)
})

const ASKED = { scope: 'openid payments:read', resource: PAYMENTS }

async function tokensFor(parameters: Record<string, string> = ASKED) {
  const { url, checks } = await begin(configuration, party, parameters)
  return client.authorizationCodeGrant(configuration, await wayBack(world, citizen, url), checks, {
    resource: PAYMENTS,
  })
}

describe('openid-client with resource indicators', () => {
  test('is refused a resource that its registration does not name', async () => {
    const { url, checks } = await begin(configuration, party, { ...ASKED, resource: 'https://other.example' })
    const refusal = client.authorizationCodeGrant(configuration, await wayBack(world, citizen, url), checks)
    await expect(refusal).rejects.toMatchObject({ error: 'invalid_target' })
  })

  test('gets a JWT that the resource server can read by itself, and renews it', async () => {
    const tokens = await tokensFor()
    expect(await readJwt(world, tokens.access_token)).toMatchObject({
      sub: String(citizen.oid),
      client_id: party.registration.client_id,
      scope: 'payments:read',
    })
    const renewed = await client.refreshTokenGrant(configuration, tokens.refresh_token!, { resource: PAYMENTS })
    expect(await readJwt(world, renewed.access_token)).toMatchObject({ sub: String(citizen.oid) })
  })
})

describe('openid-client with rich authorization requests', () => {
  const rich = (details: object) => ({ ...ASKED, authorization_details: JSON.stringify([details]) })

  test('is refused a detail that is not as described, by the name of the member', async () => {
    const { url, checks } = await begin(configuration, party, rich({ ...payment, amount: 'much' }))
    const refusal = client.authorizationCodeGrant(configuration, await wayBack(world, citizen, url), checks)
    await expect(refusal).rejects.toMatchObject({
      error: 'invalid_authorization_details',
      error_description: expect.stringContaining('amount'),
    })
  })

  test('learns what was agreed to', async () => {
    const tokens = await tokensFor(rich(payment))
    expect(tokens.authorization_details).toEqual([payment])
    expect(await readJwt(world, tokens.access_token)).toMatchObject({ authorization_details: [payment] })
  })
})

describe('openid-client exchanges a token', () => {
  const exchange = async (exchanging: ActingParty, parameters: Record<string, string>) =>
    client.genericGrantRequest(await discover(world, exchanging), TOKEN_EXCHANGE, {
      subject_token_type: ACCESS_TOKEN,
      ...parameters,
    })
  const exchanger = (exchange_audiences: string[]) =>
    world.relyingParty({ grant_types: [TOKEN_EXCHANGE], response_types: [], redirect_uris: [], exchange_audiences })

  /** A token of the party that is meant for the one who exchanges it. */
  async function handedOver() {
    const middle = await exchanger(['next'])
    const { client_id } = middle.registration
    const resource = `urn:${client_id}`
    await registerResourceServer(world, {
      identifier: resource,
      scopes: [{ name: `${client_id}:all`, title: 'Всё' }],
      token_format: 'opaque',
      client_id,
    })
    const first = await world.relyingParty({ resource_indicators: [resource] })
    const theirs = await discover(world, first)
    const { url, checks } = await begin(theirs, first, { scope: `openid ${client_id}:all`, resource })
    const back = await wayBack(world, citizen, url)
    const tokens = await client.authorizationCodeGrant(theirs, back, checks, { resource })
    return { subject_token: tokens.access_token, middle, resource }
  }

  test('for nobody whom its registration does not name', async () => {
    const { subject_token, middle } = await handedOver()
    const refusal = exchange(middle, { subject_token, audience: party.registration.client_id })
    await expect(refusal).rejects.toMatchObject({ error: 'invalid_target' })
  })

  test('that is none, for nothing', async () => {
    const refusal = exchange(await exchanger(['next']), { subject_token: 'nothing', audience: 'next' })
    await expect(refusal).rejects.toMatchObject({ error: 'invalid_request' })
  })

  test('for one within its audience, and the next one sees who acts', async () => {
    const { subject_token, middle, resource } = await handedOver()
    await world.house.clients.save({ ...middle.registration, exchange_audiences: [resource] }, { replace: true })
    const tokens = await exchange(middle, { subject_token, resource })
    expect(tokens).toMatchObject({ issued_token_type: ACCESS_TOKEN, access_token: expect.any(String) })
    const told = await client.tokenIntrospection(await discover(world, middle), tokens.access_token)
    expect(told).toMatchObject({ active: true, act: { client_id: middle.registration.client_id } })
  })
})
