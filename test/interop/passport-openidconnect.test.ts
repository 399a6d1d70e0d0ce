import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { ActingParty } from '../relying-party.ts'
import { type Citizen, startWorld, type World } from '../world.ts'
import { type Listening, startListening } from './listening.ts'
import { passportService, type SignedIn } from './passport-openidconnect.ts'
import { Traveller } from './traveller.ts'

let world: World
let service: Listening
let party: ActingParty
let citizen: Citizen
let traveller: Traveller
beforeAll(async () => {
  ;[world, service] = await Promise.all([startWorld(), startListening()])
  party = await world.relyingParty({
    redirect_uris: [`${service.origin}/cb`],
    token_endpoint_auth_method: 'client_secret_post',
  })
  citizen = await world.citizen()
})
beforeEach(() => {
  traveller = new Traveller(world)
})
afterAll(async () => {
  await service?.close()
  await world?.stop()
})

const open = (settings: Partial<Parameters<typeof passportService>[0]> = {}) =>
  service.serve(passportService({ issuer: world.origin, origin: service.origin, party, pkce: true, ...settings }))

test('passport-openidconnect as it comes has no PKCE: it is refused at once, told what is missing', async () => {
  open({ pkce: false })
  await traveller.open(`${service.origin}/login`)
  expect(traveller.json()).toMatchObject({
    name: 'AuthorizationError',
    code: 'invalid_request',
    message: expect.stringContaining('PKCE'),
  })
})

test('passport-openidconnect as it comes signs in for a client that is set to do without PKCE', async () => {
  const lenient = await world.relyingParty({
    redirect_uris: [`${service.origin}/cb`],
    token_endpoint_auth_method: 'client_secret_post',
    pkce: 'optional',
  })
  open({ pkce: false, party: lenient })
  await traveller.open(`${service.origin}/login`)
  await traveller.signIn(citizen)
  expect(traveller.json<SignedIn>().id).toBe(String(citizen.oid))
})

test('passport-openidconnect learns why a client was refused at the token endpoint', async () => {
  open({ options: { clientSecret: 'wrong' } })
  await traveller.open(`${service.origin}/login`)
  await traveller.signIn(citizen)
  expect(traveller.json()).toMatchObject({ name: 'TokenError', code: 'invalid_client' })
})

test('passport-openidconnect takes a refusal of the person as failed authentication, not as a fault', async () => {
  const undecided = await world.citizen()
  open()
  await traveller.open(`${service.origin}/login`)
  await traveller.submit({ identifier: undecided.phone, password: undecided.password }, '/identify')
  await traveller.submit({ decision: 'deny' }, '/consent')
  expect(traveller.page.status).toBe(401)
  expect(traveller.json()).toMatchObject({ name: 'AuthenticationError' })
})

test('passport-openidconnect signs a person in and reads the profile from userinfo', async () => {
  open()
  expect((await traveller.open(`${service.origin}/`)).status).toBe(401)
  await traveller.open(`${service.origin}/login`)
  await traveller.signIn(citizen)
  expect(traveller.page).toMatchObject({ status: 200, url: `${service.origin}/` })
  const person = traveller.json<SignedIn>()
  expect(person).toMatchObject({
    id: String(citizen.oid),
    displayName: 'Ветрова Ольга Игоревна',
    emails: [{ value: citizen.email }],
  })
})

test('passport-openidconnect signs a person in with the level and the freshness that it asks for', async () => {
  open({ options: { acrValues: 'aal2', maxAge: '300', prompt: 'login', uiLocales: 'en' } })
  await traveller.open(`${service.origin}/login`)
  expect(traveller.page.html).toContain('lang="en"')
  await traveller.signIn(citizen)
  expect(traveller.page.status).toBe(200)
  expect(traveller.json<SignedIn>().class).toBe('aal2')
})
