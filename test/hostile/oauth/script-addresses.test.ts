import { beforeAll, describe, expect, test, vi } from 'vitest'
import type { Browser } from '#test/browser-http.ts'
import type { ActingParty } from '#test/relying-party.ts'
import { PAYMENTS, payment, registerResourceServer } from '#test/resource-server.ts'
import { type Citizen, worldOfFile } from '#test/world.ts'
import { asked, messageOf } from '../../oidc/ciba/acting-client.ts'
import { beginDevice } from '../../oidc/device/acting-device.ts'
import { invited, minimal, register } from '../../oidc/registration/newcomer.ts'
import { versatileParty } from './holdings.ts'

/** Scripts in place of addresses, and markup in place of text, wherever a client or a stranger may write something. */

vi.setConfig({ testTimeout: 60_000 })

const world = worldOfFile()
let citizen: Citizen
beforeAll(async () => {
  await registerResourceServer(world)
  citizen = await world.citizen()
})

const scripts = [
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'javascript://rp.example/%0aalert(1)',
  ' javascript:alert(1)',
  'java\tscript:alert(1)',
  'vbscript:msgbox(1)',
  'data:text/html,<script>alert(1)</script>',
  'blob:https://rp.example/x',
  'file:///etc/passwd',
  'about:blank',
  'https://rp.example/"><script>alert(1)</script>',
]

describe.each([
  'client_uri',
  'logo_uri',
  'policy_uri',
  'tos_uri',
  'jwks_uri',
  'sector_identifier_uri',
  'initiate_login_uri',
  'backchannel_logout_uri',
  'redirect_uris',
  'post_logout_redirect_uris',
  'cors_origins',
  'resource_indicators',
  'tls_client_auth_san_uri',
  'backchannel_client_notification_endpoint',
])('%s', (field) => {
  test('is no script, whatever the application is', async () => {
    const token = await invited(world, { uses: 100, allowance: { resource_indicators: true } })
    for (const script of scripts)
      for (const application_type of ['web', 'native']) {
        const value = /uris$|origins|indicators/.test(field) ? [script] : script
        const { status, body } = await register(world, token, { ...minimal, application_type, [field]: value })
        expect([script, status]).toEqual([script, 400])
        expect(body.error_description).not.toMatch(/[<>"\\\t]/)
      }
  })
})

const MARKUP = `<script>alert(1)</script><img src=x onerror=alert(2)>"'--></title>{{7*7}}`

/** Every page has its policy, and shows no markup of others and no address that runs. */
function holds({ page }: Browser): void {
  expect(page.html).not.toMatch(/<script>|<img src=x|"'-->/)
  for (const [tag] of page.html.matchAll(/<[^>]*>/g)) {
    expect(tag).not.toMatch(/(?:href|action|src|formaction|srcdoc)="\s*(?:javascript|data|vbscript|blob):/i)
    expect(tag.replace(/"[^"]*"/g, '""')).not.toMatch(/\son\w+\s*=/i)
  }
  const policy = String(page.headers['content-security-policy'])
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("base-uri 'none'")
  expect(policy).toMatch(/script-src 'self'(;|$)/)
}

describe('a client whose name, purpose and pages are markup', () => {
  let party: ActingParty
  beforeAll(async () => {
    const { registration } = await versatileParty(world)
    party = await world.relyingParty({
      ...registration,
      client_id: 'markup',
      client_name: MARKUP,
      'client_name#en': MARKUP,
      purpose: MARKUP,
      authorization_details_types: ['payment'],
      logo_uri: `https://rp.example/${encodeURIComponent(MARKUP)}`,
      post_logout_redirect_uris: ['https://rp.example/out'],
    })
  })

  test('shows them as text from the sign-in to the sign-out', async () => {
    const browser = world.browser()
    const details = [{ ...payment, creditor: { name: MARKUP }, actions: [MARKUP, 'javascript:alert(1)'] }]
    const request = {
      scope: 'openid profile',
      login_hint: MARKUP,
      ui_locales: MARKUP,
      state: MARKUP,
      nonce: MARKUP,
      resource: PAYMENTS,
      authorization_details: JSON.stringify(details),
      response_mode: 'form_post',
    }
    await browser.open(party.authorizationUrl(request))
    holds(browser)
    expect(browser.page.html).toContain('&lt;script&gt;alert(1)')
    await browser.submit({ identifier: MARKUP, password: MARKUP }, '/identify')
    holds(browser)
    await browser.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
    expect(world.view).toBe('login/consent')
    holds(browser)
    expect(browser.page.html).toContain('&lt;script&gt;alert(1)')
    expect(browser.page.html).not.toContain('rp.example/%3Cscript')
    await browser.submit({ decision: 'allow' }, '/consent')
    expect(world.view).toBe('oidc/continue')
    holds(browser)
    expect(browser.form().hidden.state).toBe(MARKUP)
    await browser.open(`/oauth2/logout?${new URLSearchParams({ client_id: 'markup', state: MARKUP })}`)
    holds(browser)
    await browser.submit({})
    holds(browser)
  })

  test('of a device, with what that says of itself', async () => {
    const { client_secret = '' } = party.registration
    const secret = { client_id: 'markup', client_secret, scope: 'openid profile' }
    const browser = world.browser()
    for (const device of [MARKUP, 'javascript:alert(1)', '"><script>alert(1)</script>']) {
      const begun = await beginDevice(world, party, secret, device)
      await browser.open('/device')
      await browser.submit({ user_code: begun.user_code }, '/device')
      expect(world.view).toBe('oidc/device-confirm')
      holds(browser)
      expect(browser.page.html).toContain('&lt;script&gt;alert(1)')
    }
    await browser.open(`/device?user_code=${encodeURIComponent(MARKUP)}`)
    holds(browser)
  })

  test('that asks over the back channel, in messages and on the page', async () => {
    const before = world.sentTo(citizen.phone)
    await asked(world, party, { login_hint: citizen.phone })
    const { link, text } = await messageOf(world, citizen, before)
    expect(text.match(/https?:\/\/[^\s]+/g)?.every((url) => url.startsWith(world.origin))).toBe(true)
    const browser = world.browser()
    await browser.open(link)
    holds(browser)
    expect(browser.page.html).toContain('&lt;script&gt;alert(1)')
  })

  test('on the pages of errors', async () => {
    const browser = world.browser()
    for (const [name, value] of [
      ['redirect_uri', MARKUP],
      ['client_id', MARKUP],
      ['redirect_uri', 'javascript:alert(1)'],
    ] as const) {
      await browser.open(party.authorizationUrl({ [name]: value }))
      expect(browser.page.status).toBe(400)
      holds(browser)
    }
    for (const path of ['login', 'approve', 'device', 'oauth2/authorize', 'contact/keep']) {
      await browser.open(`/${path}/${encodeURIComponent(MARKUP)}`)
      holds(browser)
    }
  })
})

describe('through a page of our own', () => {
  const evil = ['https://evil.example/', '//evil.example', '/\\evil.example', 'javascript:alert(1)', '/\t/evil.example']
  test.each([...evil, '\\\\evil.example', '@evil.example', '/%0d%0aSet-Cookie:a=b', ''])(
    'nobody is sent to %j after the sign-in',
    async (state) => {
      const browser = world.browser()
      const query = {
        client_id: 'propusk:pages',
        response_type: 'none',
        scope: 'openid',
        redirect_uri: `${world.origin}/signed-in`,
        state,
      }
      await browser.open(`/oauth2/authorize?${new URLSearchParams(query)}`)
      await browser.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
      expect(new URL(browser.page.url).origin).toBe(world.origin)
      expect(browser.page.headers['set-cookie'] ?? []).not.toContainEqual(expect.stringMatching(/^a=/))
      await browser.open(`/signed-in?${new URLSearchParams({ state })}`)
      expect(new URL(browser.page.url).origin).toBe(world.origin)
    },
  )
})
