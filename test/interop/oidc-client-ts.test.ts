import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { RelyingParty } from '#src/oidc/clients.ts'
import { Visitor } from '../browser/visitor.ts'
import { openBrowser, type TestBrowser } from '../browser.ts'
import { type Citizen, startWorld, type World } from '../world.ts'
import { type BrowserService, startBrowserService } from './oidc-client-ts.ts'

let world: World
let browser: TestBrowser
let citizen: Citizen
let visitor: Visitor
const services = {} as Record<'localhost' | '127.0.0.1', BrowserService>
beforeAll(async () => {
  ;[world, browser, services.localhost, services['127.0.0.1']] = await Promise.all([
    startWorld(),
    openBrowser(),
    startBrowserService('localhost'),
    startBrowserService('127.0.0.1'),
  ])
  citizen = await world.citizen()
})
beforeEach(async () => {
  visitor = await Visitor.arrive(browser, { javaScript: true, width: 1100, locale: 'ru', baseUrl: world.origin })
})
afterEach(() => visitor.page.context().close())
afterAll(async () => {
  await browser?.close()
  await Promise.all(Object.values(services).map((service) => service.close()))
  await world?.stop()
})

/** Registers the service as a public client and opens its page. */
async function open(service: BrowserService, metadata: Partial<RelyingParty> = {}): Promise<void> {
  const { origin } = service
  const party = await world.relyingParty({
    token_endpoint_auth_method: 'none',
    client_secret: undefined as never,
    redirect_uris: [`${origin}/cb`, `${origin}/silent`],
    post_logout_redirect_uris: [`${origin}/bye`],
    cors_origins: [origin],
    ...metadata,
  })
  service.configure({ authority: world.origin, client_id: party.registration.client_id })
  await visitor.page.goto(origin)
}

/** Sends the person to the provider and answers its pages, up to the consent. */
async function begin(): Promise<void> {
  await leave('signinRedirect')
  await visitor.answer({ identifier: citizen.phone, password: citizen.password }, 'login.submit')
}

async function signIn(service: BrowserService): Promise<Record<string, unknown>> {
  await begin()
  await visitor.press('consent.allow')
  await visitor.page.waitForURL(`${service.origin}/cb*`)
  return visitor.page.evaluate(async () => (await window.manager.signinRedirectCallback()).profile)
}

/** The page is gone before the library is done, so there is nothing to wait for. */
const leave = (by: 'signinRedirect' | 'signoutRedirect') =>
  visitor.page.evaluate((method) => void window.manager[method]({ state: 'kept' }), by)

/** Calls the library in the page. @returns what it threw, as far as it crosses over from the browser */
function thrown(call: () => Promise<unknown>): Promise<{ name: string; message: string; error?: string }> {
  return visitor.page.evaluate(
    `(${call})().then(() => ({ name: 'nothing', message: '' }), ({ name, message, error }) => ({ name, message, error }))`,
  )
}

const renewed = () => visitor.page.evaluate(async () => (await window.manager.signinSilent())?.profile.sub)

describe('oidc-client-ts is refused:', () => {
  test('the person declines', async () => {
    citizen = await world.citizen()
    await open(services.localhost)
    await begin()
    await visitor.press('consent.deny')
    await visitor.page.waitForURL(`${services.localhost.origin}/cb*`)
    const fault = await thrown(() => window.manager.signinRedirectCallback())
    expect(fault).toMatchObject({ name: 'ErrorResponse', error: 'access_denied' })
  })

  test('its origin is not registered for requests by browsers', async () => {
    await open(services.localhost, { cors_origins: ['https://another.example'] })
    await begin()
    await visitor.press('consent.allow')
    await visitor.page.waitForURL(`${services.localhost.origin}/cb*`)
    const fault = await thrown(() => window.manager.signinRedirectCallback())
    expect(fault.message).toBe('Failed to fetch')
  })

  test('nobody is signed in when it renews in a frame', async () => {
    await open(services.localhost)
    expect(await thrown(() => window.manager.signinSilent())).toMatchObject({ error: 'login_required' })
  })

  test('it renews in a frame on another site, where no cookie of the provider goes', async () => {
    await open(services['127.0.0.1'], { grant_types: ['authorization_code'] })
    await signIn(services['127.0.0.1'])
    expect(await thrown(() => window.manager.signinSilent())).toMatchObject({ error: 'login_required' })
  })
})

test.each(['localhost', '127.0.0.1'] as const)(
  'oidc-client-ts on %s signs a person in by redirect and renews by its refresh token',
  async (host) => {
    await open(services[host])
    expect(await signIn(services[host])).toMatchObject({ sub: String(citizen.oid), email: citizen.email })
    expect(await renewed()).toBe(String(citizen.oid))
  },
)

test('oidc-client-ts renews silently in a frame on the same site', async () => {
  await open(services.localhost, { grant_types: ['authorization_code'] })
  await signIn(services.localhost)
  expect(await renewed()).toBe(String(citizen.oid))
})

test('oidc-client-ts revokes its tokens, both kinds', async () => {
  await open(services['127.0.0.1'])
  await signIn(services['127.0.0.1'])
  const kept = await visitor.page.evaluate(() => window.manager.getUser().then((user) => ({ ...user })))
  await visitor.page.evaluate(() => window.manager.revokeTokens())
  const userinfo = await fetch(`${world.origin}/oauth2/userinfo`, {
    headers: { authorization: `Bearer ${kept.access_token}` },
  })
  expect(userinfo.status).toBe(401)
  // A site of its own gets no cookie, so that nothing but the refresh token could have renewed.
  expect(await thrown(() => window.manager.signinSilent())).toMatchObject({ error: 'login_required' })
})

test('oidc-client-ts signs out', async () => {
  await open(services.localhost)
  await signIn(services.localhost)
  await leave('signoutRedirect')
  await visitor.press('oidc.logout_all')
  await visitor.page.waitForURL(`${services.localhost.origin}/bye*`)
  const signedOut = await visitor.page.evaluate(() => window.manager.signoutCallback())
  expect(signedOut).toMatchObject({ userState: 'kept' })
  await leave('signinRedirect')
  await visitor.sees('login.title')
})
