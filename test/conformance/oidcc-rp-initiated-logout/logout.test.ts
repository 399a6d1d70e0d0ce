import { randomBytes } from 'node:crypto'
import { decodeJwt, exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose'
import supertest from 'supertest'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Shown } from '../../browser-http.ts'
import { Certifier, type Flow } from '../certifier.ts'
import { checkAuthorizationError } from '../checks.ts'

let certifier: Certifier
let flow: Flow
let usual: { id_token_hint: string; post_logout_redirect_uri: string; state: string }
beforeAll(async () => {
  certifier = await Certifier.start()
})
beforeEach(async () => {
  flow = await certifier.flow()
  const [post_logout_redirect_uri] = certifier.party.registration.post_logout_redirect_uris!
  usual = {
    id_token_hint: flow.tokens.id_token,
    post_logout_redirect_uri: post_logout_redirect_uri!,
    state: randomBytes(64).toString('hex'),
  }
})
afterAll(() => certifier.world.stop())

/** Sends the person to sign out; parameters that are `undefined` are left out. */
function signOut(parameters: Partial<Record<keyof typeof usual, string | undefined>>): Promise<Shown> {
  const sent = Object.entries(parameters).filter((pair): pair is [string, string] => pair[1] !== undefined)
  return flow.browser.open(`/oauth2/logout?${new URLSearchParams(sent)}`)
}

/** Says yes on the page that asks. */
function confirm(): Promise<Shown> {
  expect(certifier.world.view).toBe('oidc/logout')
  return flow.browser.submit({ logout: 'yes' })
}

async function silently() {
  const asked = certifier.request({ prompt: 'none' })
  await flow.browser.open(asked.url)
  return certifier.received(flow.browser, asked)
}
const expectSignedOut = async () => checkAuthorizationError(await silently(), ['login_required'])
const expectSignedIn = async () => expect((await silently()).get('code')).toBeTypeOf('string')

test('oidcc-rp-initiated-logout-discovery-endpoint-verification: the metadata name the endpoint', async () => {
  const { body } = await supertest(certifier.world.listens).get('/.well-known/openid-configuration')
  expect(body.end_session_endpoint).toBe(`${certifier.world.origin}/oauth2/logout`)
})

describe('does not send the person back, and ends on an error page', () => {
  const refused = async (parameters: Parameters<typeof signOut>[0]) => {
    const page = await signOut(parameters)
    expect(page.status).toBe(400)
    expect(certifier.world.view).toBe('oidc/error')
    await expectSignedIn()
  }
  test('oidcc-rp-initiated-logout-bad-post-logout-redirect-uri: one that is not registered', () =>
    refused({ ...usual, post_logout_redirect_uri: 'https://rp.example/elsewhere' }))
  test('oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri: the registered one and ?foo=bar', () =>
    refused({ ...usual, post_logout_redirect_uri: `${usual.post_logout_redirect_uri}?foo=bar` }))
  test('oidcc-rp-initiated-logout-modified-id-token-hint: the hint turned into alg none', () =>
    refused({ ...usual, id_token_hint: new UnsecuredJWT(decodeJwt(usual.id_token_hint)).encode() }))
  test.each(['ES256', 'RS256'])(
    'oidcc-rp-initiated-logout-bad-id-token-hint: signed with an %s key of others',
    async (alg) => {
      const { privateKey, publicKey } = await generateKeyPair(alg)
      const signer = new SignJWT(decodeJwt(usual.id_token_hint)).setProtectedHeader({ alg })
      const embedding = new SignJWT(decodeJwt(usual.id_token_hint)).setProtectedHeader({
        alg,
        jwk: await exportJWK(publicKey),
      })
      await refused({ ...usual, id_token_hint: await signer.sign(privateKey) })
      await refused({ ...usual, id_token_hint: await embedding.sign(privateKey) })
    },
  )
})

test('oidcc-rp-initiated-logout-no-id-token-hint: asks, signs out, and stays, as nobody named a client', async () => {
  await signOut({ ...usual, id_token_hint: undefined })
  const page = await confirm()
  expect(page.url).not.toContain(usual.post_logout_redirect_uri)
  expect(certifier.world.view).toBe('oidc/signed-out')
  await expectSignedOut()
})

describe('sends the person back', () => {
  test('oidcc-rp-initiated-logout: with the state, unharmed, and nothing else', async () => {
    await signOut(usual)
    const page = await confirm()
    expect(page.url).toBe(`${usual.post_logout_redirect_uri}?state=${usual.state}`)
    await expectSignedOut()
  })
  test('oidcc-rp-initiated-logout-no-state: with nothing', async () => {
    await signOut({ ...usual, state: undefined })
    const page = await confirm()
    expect(page.url).toBe(usual.post_logout_redirect_uri)
    await expectSignedOut()
  })
  test('also when the request comes by POST (RP-Initiated Logout, section 2)', async () => {
    const headers = { Origin: 'https://rp.example', 'Sec-Fetch-Site': 'cross-site' }
    await flow.browser.post(`${certifier.world.origin}/oauth2/logout`, `${new URLSearchParams(usual)}`, headers)
    const page = await confirm()
    expect(page.url).toBe(`${usual.post_logout_redirect_uri}?state=${usual.state}`)
    await expectSignedOut()
  })
  test('also long after the id_token has expired, which a hint may be', async () => {
    certifier.world.travel(1200)
    await signOut(usual)
    const page = await confirm()
    expect(page.url).toContain(usual.post_logout_redirect_uri)
    await expectSignedOut()
  })
})

describe('shows a page that says so', () => {
  test.each<[string, (keyof typeof usual)[]]>([
    ['oidcc-rp-initiated-logout-no-params', []],
    ['oidcc-rp-initiated-logout-no-post-logout-redirect-uri', ['id_token_hint', 'state']],
    ['oidcc-rp-initiated-logout-only-state', ['state']],
  ])('%s: with %j', async (_module, sent) => {
    await signOut(Object.fromEntries(sent.map((name) => [name, usual[name]])))
    const page = await confirm()
    expect(page.status).toBe(200)
    expect(certifier.world.view).toBe('oidc/signed-out')
    await expectSignedOut()
  })
})
