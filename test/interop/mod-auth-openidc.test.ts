import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { ActingParty } from '../relying-party.ts'
import { type Citizen, startWorld, type World } from '../world.ts'
import { type Apache, reserveOrigin, startApache } from './apache.ts'
import { APACHE, leftOut, MODULES } from './debian.ts'
import { Traveller } from './traveller.ts'

const reason = leftOut([APACHE, `${MODULES}/mod_auth_openidc.so`])

/** What the module tells about a session at its information hook. */
interface Session {
  readonly access_token: string
  readonly refresh_token?: string
  readonly id_token: Readonly<Record<string, unknown>>
  readonly userinfo: Readonly<Record<string, unknown>>
}

describe.skipIf(reason)(`Apache with mod_auth_openidc ${reason ?? ''}`, () => {
  let world: World
  let apache: Apache
  let party: ActingParty
  let citizen: Citizen
  let traveller: Traveller
  beforeAll(async () => {
    const origin = await reserveOrigin()
    world = await startWorld({ env: { OUTBOUND_ORIGINS: origin } })
    party = await world.relyingParty({
      redirect_uris: [`${origin}/protected/cb`],
      post_logout_redirect_uris: [`${origin}/bye`],
      backchannel_logout_uri: `${origin}/protected/cb?logout=backchannel`,
      backchannel_logout_session_required: true,
    })
    apache = await startApache(origin, [
      `OIDCProviderMetadataURL ${world.origin}/.well-known/openid-configuration`,
      `OIDCClientID ${party.registration.client_id}`,
      `OIDCClientSecret ${party.registration.client_secret}`,
      'OIDCPKCEMethod S256',
      // Without it, this version answers an error that carries an `iss` (RFC 9207) with a broken page.
      `OIDCDefaultURL ${origin}/index.html`,
      'OIDCScope "openid profile email phone offline_access"',
      'OIDCInfoHook access_token refresh_token id_token userinfo',
      '<Location /strong.html>',
      '  OIDCPathAuthRequestParams acr_values=aal2',
      '</Location>',
    ])
  })
  beforeEach(async () => {
    citizen = await world.citizen()
    traveller = new Traveller(world)
  })
  afterAll(async () => {
    await apache?.stop()
    await world?.stop()
  })

  const signIn = async () => {
    await traveller.open(`${apache.origin}/index.html`)
    await traveller.signIn(citizen)
    expect(traveller.page.html, await apache.log()).toContain('Inside')
  }
  const session = async () => {
    await traveller.open(`${apache.redirectUri}?info=json`)
    return traveller.json<Session>()
  }

  test('lets nobody in who declines; it takes the `iss` beside the error for a start by the provider, and asks again', async () => {
    await traveller.open(`${apache.origin}/index.html`)
    await traveller.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
    await traveller.submit({ decision: 'deny' }, '/consent')
    expect(traveller.page.url.startsWith(world.origin)).toBe(true)
    expect(traveller.page.html).toContain('/identify')
  })

  test('signs a person in and reads who it is', async () => {
    await signIn()
    expect(await session()).toMatchObject({
      id_token: { sub: String(citizen.oid), acr: 'aal1' },
      userinfo: { sub: String(citizen.oid), email: citizen.email },
    })
  })

  test('asks for a stronger sign-in on a page that needs it', async () => {
    await traveller.open(`${apache.origin}/strong.html`)
    await traveller.signIn(citizen)
    expect(traveller.page.html).toContain('Inside')
    expect((await session()).id_token).toMatchObject({ acr: 'aal2' })
  })

  test('refreshes with the scopes of the first request, though one of them was not granted', async () => {
    await signIn()
    const { access_token } = await session()
    const back = `${apache.origin}/index.html`
    await traveller.open(`${apache.redirectUri}?${new URLSearchParams({ refresh: back, access_token })}`)
    expect(traveller.page.url, await apache.log()).toBe(back)
    expect((await session()).access_token).not.toBe(access_token)
  })

  test('signs out here and at the provider', async () => {
    await signIn()
    await traveller.open(`${apache.redirectUri}?${new URLSearchParams({ logout: `${apache.origin}/bye` })}`)
    expect(traveller.page.url.startsWith(`${world.origin}/oauth2/logout`), traveller.page.url).toBe(true)
    await traveller.submit({ logout: 'yes' })
    await traveller.open(`${apache.origin}/index.html`)
    expect(traveller.page.html).toContain('/identify')
  })

  test('ends its session when the provider says over the back channel that the person has signed out', async () => {
    await signIn()
    const elsewhere = new Traveller(world)
    await elsewhere.open(`${apache.origin}/index.html`)
    await elsewhere.signIn(citizen)
    await traveller.open(`${world.origin}/oauth2/logout`)
    await traveller.submit({ logout: 'yes' })
    await vi.waitFor(async () => {
      await traveller.open(`${apache.origin}/index.html`)
      expect(traveller.page.html, await apache.log()).toContain('/identify')
    }, 10_000)
    await elsewhere.open(`${apache.origin}/index.html`)
    expect(elsewhere.page.html, 'the session of another device').toContain('Inside')
  })
})
