import * as client from 'openid-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RelyingParty } from '#src/oidc/clients.ts'
import type { ActingParty } from '../relying-party.ts'
import { type Citizen, startWorld, type World } from '../world.ts'
import { type ClientKeys, clientKeys } from './client-keys.ts'
import { begin, discover, wayBack } from './openid-client.ts'

let world: World
let citizen: Citizen
let keys: ClientKeys
beforeAll(async () => {
  ;[world, keys] = await Promise.all([startWorld(), clientKeys('ES256')])
  citizen = await world.citizen()
})
afterAll(() => world.stop())

/** A client without a person: what it proves is all that counts. */
const machine = (metadata: Partial<RelyingParty> = {}) =>
  world.relyingParty({ grant_types: ['client_credentials'], response_types: [], redirect_uris: [], ...metadata })

const withKey = ({ publicJwk }: ClientKeys): Partial<RelyingParty> => ({
  token_endpoint_auth_method: 'private_key_jwt',
  client_secret: undefined as never,
  jwks: { keys: [publicJwk] },
})

describe('openid-client with a signed assertion', () => {
  const change = (claims: object): client.ModifyAssertionOptions => ({
    [client.modifyAssertion]: (_header, payload) => void Object.assign(payload, claims),
  })
  let party: ActingParty
  beforeAll(async () => {
    party = await machine(withKey(keys))
  })

  test.each<[string, object]>([
    ['for another server', { aud: 'https://another.example' }],
    ['that has expired', { exp: 1_700_000_000 }],
    ['that does not expire', { exp: undefined }],
    ['that cannot be told from another', { jti: undefined }],
  ])('%s is refused', async (_what, claims) => {
    const theirs = await discover(world, party, { auth: client.PrivateKeyJwt(keys.privateKey, change(claims)) })
    await expect(client.clientCredentialsGrant(theirs)).rejects.toMatchObject({ error: 'invalid_client', status: 401 })
  })

  test('of another client is refused', async () => {
    const foreign = change({ sub: 'somebody', iss: 'somebody' })
    const theirs = await discover(world, party, { auth: client.PrivateKeyJwt(keys.privateKey, foreign) })
    await expect(client.clientCredentialsGrant(theirs)).rejects.toMatchObject({ error: 'invalid_request' })
  })

  test('by a key that is not registered is refused', async () => {
    const other = await clientKeys('ES256')
    const theirs = await discover(world, party, { auth: client.PrivateKeyJwt(other.privateKey) })
    await expect(client.clientCredentialsGrant(theirs)).rejects.toMatchObject({ error: 'invalid_client' })
  })

  test('twice the same is refused', async () => {
    const once = change({ jti: 'only-once' })
    const theirs = await discover(world, party, { auth: client.PrivateKeyJwt(keys.privateKey, once) })
    await client.clientCredentialsGrant(theirs)
    await expect(client.clientCredentialsGrant(theirs)).rejects.toMatchObject({ error: 'invalid_client' })
  })

  test.each(['ES256', 'PS256', 'RS256', 'Ed25519', 'ES384'])('by %s gets a token of its own', async (alg) => {
    const own = await clientKeys(alg)
    const theirs = await discover(world, await machine(withKey(own)), { auth: client.PrivateKeyJwt(own.privateKey) })
    const tokens = await client.clientCredentialsGrant(theirs)
    expect(tokens).toMatchObject({ token_type: 'bearer', access_token: expect.any(String) })
  })

  test('by a shared secret is not offered', async () => {
    const theirs = await discover(world, party)
    expect(theirs.serverMetadata().token_endpoint_auth_methods_supported).not.toContain('client_secret_jwt')
  })
})

describe('openid-client with DPoP', () => {
  async function signInBound(party: ActingParty) {
    const configuration = await discover(world, party)
    const DPoP = client.getDPoPHandle(configuration, await client.randomDPoPKeyPair())
    const { url, checks } = await begin(configuration, party)
    const back = await wayBack(world, citizen, url)
    const tokens = await client.authorizationCodeGrant(configuration, back, checks, undefined, { DPoP })
    return { configuration, DPoP, tokens }
  }

  test('finds its token useless without the proof, or with that of another key', async () => {
    const { configuration, tokens } = await signInBound(await world.relyingParty())
    const asking = (options?: client.DPoPOptions) =>
      client.fetchUserInfo(configuration, tokens.access_token, String(citizen.oid), options)
    await expect(asking()).rejects.toMatchObject({ status: 401 })
    const DPoP = client.getDPoPHandle(configuration, await client.randomDPoPKeyPair())
    await expect(asking({ DPoP })).rejects.toMatchObject({ status: 401 })
  })

  test('is refused a code without a proof where its registration demands one', async () => {
    const party = await world.relyingParty({ dpop_bound_access_tokens: true })
    const configuration = await discover(world, party)
    const { url, checks } = await begin(configuration, party)
    const refusal = client.authorizationCodeGrant(configuration, await wayBack(world, citizen, url), checks)
    await expect(refusal).rejects.toMatchObject({ status: 400 })
  })

  test('reads userinfo, refreshes, and is told what its token is bound to', async () => {
    const { configuration, DPoP, tokens } = await signInBound(await world.relyingParty())
    expect(tokens.token_type).toBe('dpop')
    const renewed = await client.refreshTokenGrant(configuration, tokens.refresh_token!, undefined, { DPoP })
    const person = await client.fetchUserInfo(configuration, renewed.access_token, String(citizen.oid), { DPoP })
    expect(person.sub).toBe(String(citizen.oid))
    const told = await client.tokenIntrospection(configuration, renewed.access_token)
    expect(told).toMatchObject({ active: true, token_type: 'DPoP', cnf: { jkt: await DPoP.calculateThumbprint() } })
  })

  test('as a public client holds a refresh token that is bound as well', async () => {
    const party = await world.relyingParty({ token_endpoint_auth_method: 'none', client_secret: undefined as never })
    const { configuration, DPoP, tokens } = await signInBound(party)
    await expect(client.refreshTokenGrant(configuration, tokens.refresh_token!)).rejects.toMatchObject({ status: 400 })
    const renewed = await client.refreshTokenGrant(configuration, tokens.refresh_token!, undefined, { DPoP })
    expect(renewed.token_type).toBe('dpop')
  })
})
