import * as client from 'openid-client'
import { beforeAll, describe, expect, test } from 'vitest'
import type { ActingParty } from '../relying-party.ts'
import { type Citizen, worldOfFile } from '../world.ts'
import { begin, discover, signIn, wayBack } from './openid-client.ts'
import { Traveller } from './traveller.ts'

const world = worldOfFile()
let party: ActingParty
let citizen: Citizen
let configuration: client.Configuration
beforeAll(async () => {
  ;[party, citizen] = await Promise.all([world.relyingParty(), world.citizen()])
  configuration = await discover(world, party)
})

describe('openid-client reads a refusal:', () => {
  test('the person declines', async () => {
    const { url, checks } = await begin(configuration, party)
    const traveller = new Traveller(world)
    await traveller.open(url.href)
    const undecided = await world.citizen()
    await traveller.submit({ identifier: undecided.phone, password: undecided.password }, '/identify')
    await traveller.submit({ decision: 'deny' }, '/consent')
    const refusal = client.authorizationCodeGrant(configuration, new URL(traveller.page.url), checks)
    await expect(refusal).rejects.toMatchObject({ name: 'AuthorizationResponseError', error: 'access_denied' })
  })

  test('nobody is signed in and nobody may be asked', async () => {
    const { url, checks } = await begin(configuration, party, { prompt: 'none' })
    const refusal = client.authorizationCodeGrant(configuration, await wayBack(world, citizen, url), checks)
    await expect(refusal).rejects.toMatchObject({ name: 'AuthorizationResponseError', error: 'login_required' })
  })

  test('the level cannot be reached', async () => {
    const { url, checks } = await begin(configuration, party, { acr_values: 'urn:example:eye-scan' })
    const refusal = client.authorizationCodeGrant(configuration, await wayBack(world, citizen, url), checks)
    await expect(refusal).rejects.toMatchObject({ error: 'unmet_authentication_requirements' })
  })

  const inHeader = { status: 401, cause: [{ scheme: 'basic', parameters: { error: 'invalid_client' } }] }
  test.each<[string, () => client.ClientAuth, object]>([
    ['a wrong secret', () => client.ClientSecretBasic('wrong'), inHeader],
    ['no authentication', () => client.None(), { status: 401, error: 'invalid_client' }],
  ])('%s', async (_what, auth, refusal) => {
    const stranger = await discover(world, party, { auth: auth() })
    await expect(signIn(world, { configuration: stranger, party, citizen })).rejects.toMatchObject(refusal)
  })

  test('a code redeemed with another verifier', async () => {
    const { url, checks } = await begin(configuration, party)
    const back = await wayBack(world, citizen, url)
    const stolen = client.authorizationCodeGrant(configuration, back, {
      ...checks,
      pkceCodeVerifier: client.randomPKCECodeVerifier(),
    })
    await expect(stolen).rejects.toMatchObject({ name: 'ResponseBodyError', error: 'invalid_grant', status: 400 })
  })

  test('userinfo with a token that is none', async () => {
    const refusal = client.fetchUserInfo(configuration, 'nothing', client.skipSubjectCheck)
    await expect(refusal).rejects.toMatchObject({
      name: 'WWWAuthenticateChallengeError',
      status: 401,
      cause: [{ scheme: 'bearer', parameters: { error: 'invalid_token' } }],
    })
  })

  test('a refresh token that is none', async () => {
    const refusal = client.refreshTokenGrant(configuration, 'nothing')
    await expect(refusal).rejects.toMatchObject({ error: 'invalid_grant', status: 400 })
  })
})

test('openid-client sees an answer of another provider by its `iss` (RFC 9207)', async () => {
  const { url, checks } = await begin(configuration, party)
  const back = await wayBack(world, citizen, url)
  back.searchParams.set('iss', 'https://another.example')
  await expect(client.authorizationCodeGrant(configuration, back, checks)).rejects.toMatchObject({
    cause: { message: expect.stringContaining('unexpected "iss"') },
  })
  back.searchParams.delete('iss')
  await expect(client.authorizationCodeGrant(configuration, back, checks)).rejects.toMatchObject({
    cause: { message: expect.stringContaining('"iss" (issuer) missing') },
  })
})

describe('openid-client signs a person in', () => {
  test('and reads who it is, how and when', async () => {
    const tokens = await signIn(world, { configuration, party, citizen })
    expect(tokens.expires_in).toBe(600)
    expect(tokens.claims()).toMatchObject({
      iss: world.origin,
      aud: party.registration.client_id,
      sub: String(citizen.oid),
      acr: 'aal1',
      amr: ['pwd'],
      sid: expect.any(String),
    })
    const person = await client.fetchUserInfo(configuration, tokens.access_token, String(citizen.oid))
    expect(person).toMatchObject({ email: citizen.email, email_verified: true, family_name: 'Ветрова' })
  })

  test.each<[string, (secret: string) => client.ClientAuth]>([
    ['client_secret_basic', client.ClientSecretBasic],
    ['client_secret_post', client.ClientSecretPost],
  ])('as a client by %s', async (token_endpoint_auth_method, auth) => {
    const authenticated = await world.relyingParty({ token_endpoint_auth_method })
    const theirs = await discover(world, authenticated, { auth: auth(authenticated.registration.client_secret!) })
    const tokens = await signIn(world, { configuration: theirs, party: authenticated, citizen })
    expect(tokens.claims()?.sub).toBe(String(citizen.oid))
  })

  test('as a public client', async () => {
    const open = await world.relyingParty({ token_endpoint_auth_method: 'none', client_secret: undefined as never })
    const theirs = await discover(world, open, { auth: client.None() })
    const tokens = await signIn(world, { configuration: theirs, party: open, citizen })
    expect(tokens.claims()?.sub).toBe(String(citizen.oid))
  })

  test('with two factors where it asks for them', async () => {
    const tokens = await signIn(world, { configuration, party, citizen, parameters: { acr_values: 'aal2' } })
    expect(tokens.claims()).toMatchObject({ acr: 'aal2' })
  })

  test('not longer ago than it takes', async () => {
    const { url, checks } = await begin(configuration, party, { max_age: '300' })
    const back = await wayBack(world, citizen, url)
    const tokens = await client.authorizationCodeGrant(configuration, back, { ...checks, maxAge: 300 })
    expect(tokens.claims()?.auth_time).toEqual(expect.any(Number))
  })

  test('with the claims that it names', async () => {
    const claims = JSON.stringify({ id_token: { email: { essential: true } }, userinfo: { phone_number: null } })
    const tokens = await signIn(world, { configuration, party, citizen, parameters: { scope: 'openid', claims } })
    expect(tokens.claims()).toMatchObject({ email: citizen.email })
    const person = await client.fetchUserInfo(configuration, tokens.access_token, String(citizen.oid))
    expect(person).toMatchObject({ phone_number: citizen.phone })
    expect(person).not.toHaveProperty('name')
  })

  test('and takes the answer of `response_mode=form_post`', async () => {
    const { url, checks } = await begin(configuration, party, { response_mode: 'form_post' })
    const traveller = new Traveller(world)
    await traveller.open(url.href)
    await traveller.signIn(citizen)
    const { action, hidden } = traveller.at(world.origin).form()
    const request = new Request(action, { method: 'POST', body: new URLSearchParams(hidden) })
    const tokens = await client.authorizationCodeGrant(configuration, request, checks)
    expect(tokens.claims()?.sub).toBe(String(citizen.oid))
  })

  test('and checks the signatures of the tokens with the published keys', async () => {
    const checking = await discover(world, party, { execute: [client.enableNonRepudiationChecks] })
    const tokens = await signIn(world, { configuration: checking, party, citizen })
    expect(tokens.claims()?.sub).toBe(String(citizen.oid))
  })

  test('with RS256 where the client knows nothing else', async () => {
    const classic = await world.relyingParty({ id_token_signed_response_alg: 'RS256' })
    const theirs = await discover(world, classic, {
      metadata: { id_token_signed_response_alg: 'RS256' },
      execute: [client.enableNonRepudiationChecks],
    })
    const tokens = await signIn(world, { configuration: theirs, party: classic, citizen })
    expect(tokens.claims()?.sub).toBe(String(citizen.oid))
  })
})

test('openid-client refreshes, and the new id_token is about the same sign-in', async () => {
  const first = await signIn(world, { configuration, party, citizen })
  const second = await client.refreshTokenGrant(configuration, first.refresh_token!)
  expect(second.refresh_token).not.toBe(first.refresh_token)
  const { sub, sid, auth_time } = first.claims()!
  expect(second.claims()).toMatchObject({ sub, sid, auth_time })
  await client.fetchUserInfo(configuration, second.access_token, sub)
})

test('openid-client sends the person to sign out, and its tokens end', async () => {
  const traveller = new Traveller(world)
  const { url, checks } = await begin(configuration, party)
  await traveller.open(url.href)
  await traveller.signIn(citizen)
  const tokens = await client.authorizationCodeGrant(configuration, new URL(traveller.page.url), checks)
  const out = client.buildEndSessionUrl(configuration, {
    id_token_hint: tokens.id_token!,
    post_logout_redirect_uri: 'https://rp.example/out',
    state: 'bye',
  })
  await traveller.open(out.href)
  await traveller.submit({ logout: 'yes' })
  expect(traveller.page.url).toBe('https://rp.example/out?state=bye')
  const refusal = client.refreshTokenGrant(configuration, tokens.refresh_token!)
  await expect(refusal).rejects.toMatchObject({ error: 'invalid_grant' })
})
