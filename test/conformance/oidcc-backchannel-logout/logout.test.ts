import { createLocalJWKSet, jwtVerify } from 'jose'
import supertest from 'supertest'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Listener } from '../../oidc/backchannel-logout/listener.ts'
import { signedIn } from '../../signing-in.ts'
import { startWorld, type World } from '../../world.ts'

/** Plan oidcc-backchannel-rp-initiated-logout-certification-test-plan. */

let listener: Listener
let world: World
beforeAll(async () => {
  listener = await Listener.start()
  world = await startWorld({ env: { OUTBOUND_ORIGINS: listener.origin } })
})
afterAll(async () => {
  await world?.stop()
  await listener?.stop()
})

test('oidcc-backchannel-logout-discovery-endpoint-verification: the document tells of back-channel logout with sessions', async () => {
  const { body } = await supertest(world.listens).get('/.well-known/openid-configuration')
  expect(body).toMatchObject({
    end_session_endpoint: `${world.origin}/oauth2/logout`,
    backchannel_logout_supported: true,
    backchannel_logout_session_supported: true,
  })
})

test('oidcc-backchannel-rp-initiated-logout: the client hears of the logout, the person comes back, and is signed out', async () => {
  const party = await world.relyingParty({
    backchannel_logout_uri: `${listener.origin}/backchannel_logout`,
    backchannel_logout_session_required: true,
  })
  const { browser, tokens } = await signedIn(world, { party, citizen: await world.citizen() })
  const { sub, sid } = await party.claims(tokens.id_token)
  const parameters = {
    id_token_hint: tokens.id_token,
    post_logout_redirect_uri: 'https://rp.example/out',
    state: 'of the client',
  }
  await browser.open(`/oauth2/logout?${new URLSearchParams(parameters)}`)
  await browser.submit({ logout: 'yes' })
  const back = new URL(browser.page.url)
  expect(back.origin + back.pathname).toBe('https://rp.example/out')
  expect(Object.fromEntries(back.searchParams)).toEqual({ state: 'of the client' })

  const { form } = await listener.next('/backchannel_logout')
  expect([...form.keys()]).toEqual(['logout_token'])
  const { body } = await supertest(world.listens).get('/oauth2/jwks')
  const { payload, protectedHeader } = await jwtVerify(form.get('logout_token')!, createLocalJWKSet(body), {
    issuer: world.origin,
    audience: party.registration.client_id,
    requiredClaims: ['iat', 'exp', 'jti', 'events'],
  })
  expect(protectedHeader.typ).toBe('logout+jwt')
  expect(payload).toMatchObject({ sub, sid, events: { 'http://schemas.openid.net/event/backchannel-logout': {} } })
  expect(payload).not.toHaveProperty('nonce')

  await browser.open(party.authorizationUrl({ prompt: 'none' }))
  expect(browser.callback.get('error')).toBe('login_required')
})
