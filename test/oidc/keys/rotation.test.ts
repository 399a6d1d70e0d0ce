import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose'
import supertest from 'supertest'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { keyAlgorithms } from '#src/oidc/algorithms.ts'
import { LEAD_SECONDS, RETIRED_SECONDS } from '#src/oidc/keys/schedule.ts'
import type { ActingParty } from '../../relying-party.ts'
import { signedIn } from '../../signing-in.ts'
import { type Citizen, worldOfFile } from '../../world.ts'

const world = worldOfFile()
let party: ActingParty
let citizen: Citizen
beforeAll(async () => {
  party = await world.relyingParty()
  citizen = await world.citizen()
})

const keys = () => world.house.signingKeys
const published = async (): Promise<JSONWebKeySet> => (await supertest(world.listens).get('/oauth2/jwks')).body
const kidOf = (jwt: string) => decodeProtectedHeader(jwt).kid
const activeKid = async () => (await keys().list()).find(({ alg, state }) => alg === 'ES256' && state === 'active')!.kid
/** Takes what is due and lets the process know, as its upkeep does. */
async function upkeep(): Promise<void> {
  await keys().advance()
  await world.house.providers.renew()
}
async function pass(seconds: number): Promise<void> {
  world.travel(seconds)
  await upkeep()
}

test.each([...keyAlgorithms, 'Ed25519'])('%s signs id_tokens and userinfo', async (alg) => {
  const choosing = await world.relyingParty({ id_token_signed_response_alg: alg, userinfo_signed_response_alg: alg })
  const { tokens } = await signedIn(world, { party: choosing, citizen })
  const userinfo = await supertest(world.listens).get('/oauth2/userinfo').auth(tokens.access_token, { type: 'bearer' })
  for (const jwt of [tokens.id_token, userinfo.text]) {
    const { protectedHeader } = await jwtVerify(jwt, createLocalJWKSet(await published()))
    expect(protectedHeader.alg).toBe(alg)
  }
})

test('a provider is not built anew while its keys stay', async () => {
  expect(await world.house.providers.renew()).toBe(false)
})

test('signatures change to the next key, what the old one signed stays good, opaque tokens know nothing of it', async () => {
  const { tokens, browser } = await signedIn(world, { party, citizen })
  const before = await activeKid()
  expect(kidOf(tokens.id_token)).toBe(before)
  await keys().rotate(['ES256'])
  await upkeep()
  const cached = await published()
  expect(cached.keys.filter(({ alg }) => alg === 'ES256')).toHaveLength(2)
  const refreshed = await party.refresh(tokens.refresh_token!)
  expect(kidOf(refreshed.body.id_token)).toBe(before)

  // Within the life of a session and a refresh token, beyond that of a code or an id_token.
  await pass(LEAD_SECONDS)
  await browser.open(party.authorizationUrl())
  const { body: later } = await party.redeem(browser.callback.get('code')!)
  expect(kidOf(later.id_token)).toBe(await activeKid())
  expect(kidOf(later.id_token)).not.toBe(before)
  await party.claims(later.id_token)
  // A relying party that has not fetched the keys since they were announced, and one that looks at an old token now.
  const now = { currentDate: new Date() }
  await jwtVerify(later.id_token, createLocalJWKSet(cached), now)
  await jwtVerify(tokens.id_token, createLocalJWKSet(await published()), { currentDate: new Date(0) })
  expect((await party.refresh(refreshed.body.refresh_token!)).status).toBe(200)
})

describe('an id_token whose key is gone, as a hint at sign-out', () => {
  let hint: string
  const signOut = async (parameters: Record<string, string>) => {
    const browser = world.browser()
    const uri = 'https://rp.example/out'
    await browser.open(`/oauth2/logout?${new URLSearchParams({ post_logout_redirect_uri: uri, ...parameters })}`)
    if (browser.page.status === 200) await browser.submit({ logout: 'yes' })
    return browser.page
  }

  beforeEach(async () => {
    hint = (await signedIn(world, { party, citizen })).tokens.id_token
    await keys().rotate(['ES256'])
    await pass(LEAD_SECONDS)
    await pass(RETIRED_SECONDS)
    expect((await published()).keys.map(({ kid }) => kid)).not.toContain(kidOf(hint))
  })

  test('is refused with one byte changed, by a page', async () => {
    const [head, body, signature] = hint.split('.') as [string, string, string]
    const other = signature.startsWith('A') ? 'B' : 'A'
    const page = await signOut({ id_token_hint: `${head}.${body}.${other}${signature.slice(1)}` })
    expect(page.status).toBe(400)
  })
  test('is refused for another client', async () => {
    const { registration } = await world.relyingParty()
    expect((await signOut({ id_token_hint: hint, client_id: registration.client_id })).status).toBe(400)
    const [, body] = hint.split('.') as [string, string]
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString('utf8'))
    const forged = Buffer.from(JSON.stringify({ ...claims, aud: registration.client_id })).toString('base64url')
    expect((await signOut({ id_token_hint: hint.replace(body, forged) })).status).toBe(400)
  })
  test('is refused in the authorization request of another client, and taken in that of its own', async () => {
    const browser = world.browser()
    const ask = async (by: ActingParty) => {
      await browser.open(by.authorizationUrl({ id_token_hint: hint, prompt: 'none' }))
      return browser.callback.get('error')
    }
    expect(await ask(await world.relyingParty())).toBe('invalid_request')
    expect(await ask(party)).toBe('login_required')
  })
  test('leads back to the service that it was issued for', async () => {
    expect((await signOut({ id_token_hint: hint })).url).toBe('https://rp.example/out')
  })
  test('is refused by a page when its key has leaked', async () => {
    await keys().replace(['ES256'])
    await upkeep()
    const page = await signOut({ id_token_hint: hint })
    expect(page.status).toBe(400)
    expect(world.view).toBe('oidc/error')
  })
})

test('what a leaked key signs is refused at once, and new tokens are signed by another', async () => {
  const { tokens, browser } = await signedIn(world, { party, citizen })
  await keys().replace(['ES256'])
  await world.house.providers.renew()
  await expect(party.claims(tokens.id_token)).rejects.toThrow('no applicable key found')
  await browser.open(`/oauth2/logout?${new URLSearchParams({ id_token_hint: tokens.id_token })}`)
  expect(browser.page.status).toBe(400)
  const { body } = await party.refresh(tokens.refresh_token!)
  await party.claims(body.id_token)
})
