import type { ConfigParams } from 'express-openid-connect'
import session from 'express-session'
import { exportPKCS8 } from 'jose'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import type { RelyingParty } from '#src/oidc/clients.ts'
import { type Citizen, startWorld, type World } from '../world.ts'
import { clientKeys } from './client-keys.ts'
import { expressService, type SignedIn } from './express-openid-connect.ts'
import { type Listening, startListening } from './listening.ts'
import { Traveller } from './traveller.ts'

let world: World
let service: Listening
let citizen: Citizen
let traveller: Traveller
beforeAll(async () => {
  service = await startListening()
  world = await startWorld({ env: { OUTBOUND_ORIGINS: service.origin } })
  citizen = await world.citizen()
})
beforeEach(() => {
  traveller = new Traveller(world)
})
afterAll(async () => {
  await service?.close()
  await world?.stop()
})

const open = async (options: ConfigParams = {}, metadata: Partial<RelyingParty> = {}) => {
  const party = await world.relyingParty({
    redirect_uris: [`${service.origin}/callback`],
    post_logout_redirect_uris: [service.origin],
    ...metadata,
  })
  service.serve(expressService({ issuer: world.origin, origin: service.origin, party, options }))
}

const signIn = async () => {
  await traveller.open(`${service.origin}/`)
  await traveller.signIn(citizen)
  expect(traveller.page, traveller.page.html).toMatchObject({ status: 200, url: `${service.origin}/` })
  return traveller.json<SignedIn>()
}

test('express-openid-connect with a wrong secret is refused, and shows why', async () => {
  await open({ clientSecret: 'wrong' })
  await traveller.open(`${service.origin}/`)
  await traveller.signIn(citizen)
  expect(traveller.page.status).toBe(400)
  expect(traveller.json()).toHaveProperty('message')
})

test('express-openid-connect as it comes asks for an implicit id_token, which is refused by name', async () => {
  await open({ authorizationParams: { response_type: 'id_token', response_mode: 'form_post' } })
  await traveller.open(`${service.origin}/`)
  await traveller.submit({})
  expect(traveller.json()).toMatchObject({ error: 'unsupported_response_type' })
})

test('express-openid-connect signs a person in and reads userinfo', async () => {
  await open()
  const { claims, userinfo } = await signIn()
  expect(claims).toMatchObject({ sub: String(citizen.oid), acr: 'aal1', iss: world.origin })
  expect(userinfo).toMatchObject({ sub: String(citizen.oid), email: citizen.email, name: 'Ветрова Ольга Игоревна' })
})

test('express-openid-connect takes the code by form_post, with its secret in the body', async () => {
  await open(
    { authorizationParams: { response_mode: 'form_post' }, clientAuthMethod: 'client_secret_post' },
    { token_endpoint_auth_method: 'client_secret_post' },
  )
  await traveller.open(`${service.origin}/`)
  await traveller.signIn(citizen)
  await traveller.submit({})
  expect(traveller.json<SignedIn>().claims).toMatchObject({ sub: String(citizen.oid) })
})

test('express-openid-connect refreshes', async () => {
  await open()
  const first = await signIn()
  await traveller.open(`${service.origin}/refresh`)
  const second = traveller.json<SignedIn>()
  expect(second.userinfo).toEqual(first.userinfo)
  expect(second.refreshToken).not.toBe(first.refreshToken)
})

test('express-openid-connect tries silently first, and finds whoever is signed in', async () => {
  await open({ attemptSilentLogin: true })
  await traveller.open(`${service.origin}/open`)
  expect(traveller.page).toMatchObject({ status: 200, url: `${service.origin}/open` })
  await signIn()
})

test('express-openid-connect signs out at the provider as well', async () => {
  await open({ attemptSilentLogin: false })
  await signIn()
  await traveller.open(`${service.origin}/logout`)
  expect(traveller.page.url.startsWith(`${world.origin}/oauth2/logout`)).toBe(true)
  await traveller.submit({ logout: 'yes' })
  await traveller.open(`${service.origin}/`)
  expect(traveller.page.html).toContain('/identify')
})

test('express-openid-connect pushes its requests and authenticates by a signed assertion', async () => {
  const { privateKey, publicJwk } = await clientKeys('ES256')
  const clientAssertionSigningKey = await exportPKCS8(privateKey)
  await open(
    {
      pushedAuthorizationRequests: true,
      clientAuthMethod: 'private_key_jwt',
      clientAssertionSigningKey,
      clientAssertionSigningAlg: 'ES256',
    },
    {
      token_endpoint_auth_method: 'private_key_jwt',
      client_secret: undefined as never,
      jwks: { keys: [publicJwk] },
      require_pushed_authorization_requests: true,
    },
  )
  expect((await signIn()).claims).toMatchObject({ sub: String(citizen.oid) })
})

test('express-openid-connect ends its session when it hears over the back channel of a sign-out', async () => {
  const store = new session.MemoryStore()
  await open(
    { backchannelLogout: { store } as unknown as NonNullable<ConfigParams['backchannelLogout']> },
    { backchannel_logout_uri: `${service.origin}/backchannel-logout`, backchannel_logout_session_required: true },
  )
  await signIn()
  await traveller.open(`${world.origin}/oauth2/logout`)
  await traveller.submit({ logout: 'yes' })
  await vi.waitFor(async () => {
    await traveller.open(`${service.origin}/`)
    expect(traveller.page.html).toContain('/identify')
  }, 10_000)
})
