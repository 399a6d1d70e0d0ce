import { decodeJwt, decodeProtectedHeader } from 'jose'
import * as client from 'openid-client'
import { beforeAll, describe, expect, test } from 'vitest'
import type { ActingParty } from '../relying-party.ts'
import { type Citizen, worldOfFile } from '../world.ts'
import { discover, signIn } from './openid-client.ts'

const world = worldOfFile()
let citizen: Citizen
let party: ActingParty
let configuration: client.Configuration
beforeAll(async () => {
  ;[citizen, party] = await Promise.all([world.citizen(), world.relyingParty()])
  configuration = await discover(world, party)
})

const newTokens = () => signIn(world, { configuration, party, citizen })

describe('openid-client introspects', () => {
  test('a token that is none, and learns nothing', async () => {
    expect(await client.tokenIntrospection(configuration, 'nothing')).toEqual({ active: false })
  })

  test('a token of another client, and learns nothing', async () => {
    const { access_token } = await newTokens()
    const theirs = await discover(world, await world.relyingParty())
    expect(await client.tokenIntrospection(theirs, access_token)).toEqual({ active: false })
  })

  test('its own tokens', async () => {
    const { access_token, refresh_token } = await newTokens()
    const told = { active: true, client_id: party.registration.client_id, sub: String(citizen.oid) }
    expect(await client.tokenIntrospection(configuration, access_token)).toMatchObject({
      ...told,
      scope: 'openid profile email',
    })
    const hint = { token_type_hint: 'refresh_token' }
    expect(await client.tokenIntrospection(configuration, refresh_token!, hint)).toMatchObject(told)
  })

  test('and is answered by a signed JWT where it wants one', async () => {
    const signed = await world.relyingParty({ introspection_signed_response_alg: 'ES256' })
    const seen: string[] = []
    const theirs = await discover(world, signed, { metadata: { introspection_signed_response_alg: 'ES256' } })
    theirs[client.customFetch] = async (url, options) => {
      const response = await fetch(url, options as RequestInit)
      if (url.endsWith('/introspect')) seen.push(await response.clone().text())
      return response
    }
    const { access_token } = await signIn(world, { configuration: theirs, party: signed, citizen })
    expect(await client.tokenIntrospection(theirs, access_token)).toMatchObject({ active: true })
    expect(decodeProtectedHeader(seen[0]!)).toMatchObject({ typ: 'token-introspection+jwt', alg: 'ES256' })
    expect(decodeJwt(seen[0]!)).toMatchObject({ iss: world.origin, aud: signed.registration.client_id })
  })
})

describe('openid-client revokes', () => {
  test('a token that is none: that is no fault (RFC 7009, section 2.2)', async () => {
    await client.tokenRevocation(configuration, 'nothing')
  })

  test('no token of another client', async () => {
    const { access_token } = await newTokens()
    const theirs = await discover(world, await world.relyingParty())
    await client.tokenRevocation(theirs, access_token).catch(() => {})
    expect(await client.tokenIntrospection(configuration, access_token)).toMatchObject({ active: true })
  })

  test.each(['access_token', 'refresh_token'] as const)(
    'its %s, and everything that came with it (RFC 7009, section 2.1)',
    async (kind) => {
      const tokens = await newTokens()
      await client.tokenRevocation(configuration, tokens[kind]!, { token_type_hint: kind })
      const refreshing = client.refreshTokenGrant(configuration, tokens.refresh_token!)
      await expect(refreshing).rejects.toMatchObject({ error: 'invalid_grant' })
      const reading = client.fetchUserInfo(configuration, tokens.access_token, client.skipSubjectCheck)
      await expect(reading).rejects.toMatchObject({ status: 401 })
    },
  )
})

test('openid-client sees a pairwise subject that stays the same for one client and differs for another', async () => {
  const subjectAt = async (redirect_uri: string) => {
    const pairwise = await world.relyingParty({ subject_type: 'pairwise', redirect_uris: [redirect_uri] })
    const theirs = await discover(world, pairwise)
    const tokens = await signIn(world, { configuration: theirs, party: pairwise, citizen })
    const { sub } = tokens.claims()!
    expect((await client.fetchUserInfo(theirs, tokens.access_token, sub)).sub).toBe(sub)
    return sub
  }
  const [one, again, other] = [
    await subjectAt('https://rp.example/cb'),
    await subjectAt('https://rp.example/cb'),
    await subjectAt('https://other.example/cb'),
  ]
  expect(again).toBe(one)
  expect(new Set([one, other, String(citizen.oid)]).size).toBe(3)
})
