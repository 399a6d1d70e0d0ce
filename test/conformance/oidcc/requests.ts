import { randomBytes } from 'node:crypto'
import { UnsecuredJWT } from 'jose'
import supertest from 'supertest'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Certifier, type Flow, type ResponseMode } from '../certifier.ts'
import { checkAuthorizationError } from '../checks.ts'

/** Errors that say "a page would be needed" (Core, section 3.1.2.6). */
const PAGE_NEEDED = ['login_required', 'interaction_required', 'account_selection_required', 'consent_required']

/** Modules about the parameters of a request; the same in the plans Basic and Form Post. */
export function requestModules(mode: ResponseMode): void {
  let certifier: Certifier
  let metadata: Record<string, string[]>
  /** A person who is signed in and has consented. */
  let here: Flow
  beforeAll(async () => {
    certifier = await Certifier.start(mode)
    const { body } = await supertest(certifier.world.listens).get('/.well-known/openid-configuration')
    metadata = body
    here = await certifier.flow({ parameters: { max_age: '15000' } })
  })
  afterAll(() => certifier.world.stop())

  describe('refused', () => {
    test('oidcc-prompt-none-not-logged-in: an error at once, with a long state unharmed', async () => {
      const browser = certifier.world.browser()
      const asked = certifier.request({ prompt: 'none', state: randomBytes(64).toString('hex') })
      await browser.open(asked.url)
      const answer = certifier.received(browser, asked)
      checkAuthorizationError(answer, PAGE_NEEDED)
      expect(answer.has('code')).toBe(false)
    })
    test('who does not consent sends the client access_denied, and its state', async () => {
      const newcomer = await certifier.client()
      const browser = certifier.world.browser()
      const asked = certifier.request({}, newcomer)
      const { phone, password } = certifier.citizen
      await browser.open(asked.url)
      await browser.submit({ identifier: phone, password }, '/identify')
      await browser.submit({ decision: 'deny' }, '/consent')
      checkAuthorizationError(certifier.received(browser, asked), ['access_denied'])
    })
    test('oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported: not offered, refused by name', async () => {
      expect(metadata.request_object_signing_alg_values_supported).not.toContain('none')
      const asked = certifier.request()
      const { searchParams } = new URL(asked.url)
      const request = new UnsecuredJWT(Object.fromEntries(searchParams)).encode()
      await here.browser.open(`${asked.url}&${new URLSearchParams({ request })}`)
      checkAuthorizationError(certifier.received(here.browser, asked), ['invalid_request_object'])
    })
    test('oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported: not offered, refused by name', async () => {
      expect(metadata).toMatchObject({ request_uri_parameter_supported: false })
      const asked = certifier.request({ request_uri: 'https://rp.example/request.jwt' })
      await here.browser.open(asked.url)
      checkAuthorizationError(certifier.received(here.browser, asked), ['request_uri_not_supported'])
    })
    test('oidcc-ensure-request-object-with-redirect-uri: a wrong one beside the object ends on a page', async () => {
      const { searchParams } = new URL(certifier.request().url)
      const request = new UnsecuredJWT(Object.fromEntries(searchParams)).encode()
      await here.browser.open(certifier.request({ request, redirect_uri: 'https://rp.example/other' }).url)
      expect(here.browser.page.status).toBe(400)
      expect(certifier.world.view).toBe('oidc/error')
    })
  })

  describe('with a person who is signed in', () => {
    const again = (parameters: Record<string, string>) => certifier.flow({ parameters, browser: here.browser })
    const sameSignIn = (flow: Flow) => {
      expect(flow.pages).toEqual([])
      expect(flow.idToken.claims).toMatchObject({
        sub: here.idToken.claims.sub,
        auth_time: here.idToken.claims.auth_time,
      })
    }
    test('oidcc-prompt-none-logged-in: no page, the same sign-in', async () => {
      sameSignIn(await again({ prompt: 'none' }))
    })
    test('oidcc-id-token-hint: the hint of an earlier id_token is taken', async () => {
      sameSignIn(await again({ prompt: 'none', id_token_hint: here.tokens.id_token }))
    })
    test('oidcc-max-age-10000: young enough; auth_time is told', async () => {
      const flow = await again({ max_age: '10000' })
      expect(flow.idToken.claims.auth_time).toBeTypeOf('number')
      sameSignIn(flow)
    })
    test('oidcc-ensure-post-request-succeeds: the request comes by POST from the client’s page', async () => {
      const asked = certifier.request()
      const body = new URL(asked.url).search.slice(1)
      const stranger = { Origin: 'https://rp.example', 'Sec-Fetch-Site': 'cross-site' }
      await here.browser.post(`${certifier.world.origin}/oauth2/authorize`, body, stranger)
      const answer = await certifier.redeem(certifier.code(here.browser, asked))
      const { idToken } = await certifier.tokens(answer, asked)
      expect(idToken.claims.sub).toBe(here.idToken.claims.sub)
    })
  })

  describe('with a person whose sign-in does not do', () => {
    const anew = async (parameters: Record<string, string>) => {
      const first = await certifier.flow()
      certifier.world.travel(2)
      const second = await certifier.flow({ parameters, browser: first.browser })
      expect(second.pages).toContain('identify')
      expect(second.idToken.claims.sub).toBe(first.idToken.claims.sub)
      expect(second.idToken.claims.auth_time).toBeGreaterThan(first.idToken.claims.auth_time!)
      expect(second.idToken.claims.auth_time).toBeGreaterThan(Date.now() / 1000 - 300)
    }
    test('oidcc-prompt-login: the sign-in page again, a later auth_time', () => anew({ prompt: 'login' }))
    test('oidcc-max-age-1: the sign-in page again, a later auth_time', () => anew({ max_age: '1' }))
  })

  describe('with a person who comes for the first time', () => {
    test.each<[string, Record<string, string>]>([
      ['oidcc-display-page', { display: 'page' }],
      ['oidcc-display-popup', { display: 'popup' }],
      ['oidcc-ensure-request-with-unknown-parameter-succeeds', { extra: 'foobar' }],
      ['oidcc-login-hint', { login_hint: 'buffy@id.example' }],
      ['oidcc-ui-locales', { ui_locales: 'se' }],
      ['oidcc-claims-locales', { claims_locales: 'se' }],
    ])('%s: %j is no error', async (_module, parameters) => {
      const { pages } = await certifier.flow({ parameters })
      expect(pages).toContain('identify')
    })
    test('oidcc-login-hint: the sign-in page has it filled in', async () => {
      const browser = certifier.world.browser()
      await browser.open(certifier.request({ login_hint: certifier.citizen.email }).url)
      expect(browser.page.html).toContain(`value="${certifier.citizen.email}"`)
    })
    test('oidcc-ui-locales: the first that we speak is spoken', async () => {
      const browser = certifier.world.browser()
      await browser.open(certifier.request({ ui_locales: 'se en ru' }).url)
      expect(browser.page.html).toContain('lang="en"')
    })
    test('oidcc-ensure-request-with-acr-values-succeeds: all that discovery names; one of them is reached', async () => {
      const values = metadata.acr_values_supported!
      const { idToken } = await certifier.flow({ parameters: { acr_values: values.join(' ') } })
      expect(values).toContain(idToken.claims.acr)
    })
  })
}
