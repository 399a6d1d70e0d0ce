import supertest from 'supertest'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Certifier, type ResponseMode } from '../certifier.ts'
import { checkAuthorizationError, checkTokenError, checkUserinfo } from '../checks.ts'

/** Modules about codes, tokens and userinfo; the same in the plans Basic and Form Post. */
export function answerModules(mode: ResponseMode): void {
  let certifier: Certifier
  beforeAll(async () => {
    certifier = await Certifier.start(mode)
  })
  afterAll(() => certifier.world.stop())

  const reused = async (waitSeconds: number) => {
    const { code, tokens } = await certifier.flow()
    if (waitSeconds > 0) certifier.world.travel(waitSeconds)
    checkTokenError(await certifier.redeem(code), 'invalid_grant')
    expect((await certifier.party.userinfo(tokens.access_token)).status).toBe(401)
  }

  describe('refused', () => {
    test('oidcc-response-type-missing: a request without response_type comes back as an error', async () => {
      const browser = certifier.world.browser()
      const asked = certifier.request({ response_type: undefined })
      await browser.open(asked.url)
      const answer = certifier.received(browser, asked)
      checkAuthorizationError(answer, ['invalid_request', 'unsupported_response_type'])
      expect(answer.has('code')).toBe(false)
    })
    test('oidcc-ensure-registered-redirect-uri: one that is not registered ends on a page, not at that address', async () => {
      const browser = certifier.world.browser()
      await browser.open(certifier.request({ redirect_uri: `${certifier.party.redirectUri}/other` }).url)
      expect(browser.page.status).toBe(400)
      expect(certifier.world.view).toBe('oidc/error')
    })
    test('oidcc-codereuse: a code redeemed again is invalid_grant', () => reused(0))
    test('oidcc-codereuse-30seconds: also later, and the tokens of its first use end', () => reused(30))
    test('oidcc-idtoken-unsigned: nobody is offered alg none, and a client registered so gets nothing', async () => {
      const { body } = await supertest(certifier.world.listens).get('/.well-known/openid-configuration')
      expect(body.id_token_signing_alg_values_supported).not.toContain('none')
      const unsigned = await certifier.client({ id_token_signed_response_alg: 'none' })
      const browser = certifier.world.browser()
      await browser.open(certifier.request({}, unsigned).url)
      expect(browser.page.status).toBe(400)
      expect(certifier.world.view).toBe('oidc/error')
    })
  })

  describe('answered', () => {
    test('oidcc-server: a code, tokens, an id_token without personal claims, userinfo', async () => {
      const { code, pages, idToken } = await certifier.flow({ party: await certifier.client() })
      expect(code).toMatch(/^[\w-]{22,}$/)
      expect(pages).toEqual(['identify', 'consent'])
      expect(idToken.claims.sub).toBe(String(certifier.citizen.oid))
    })
    test('oidcc-idtoken-signature: RS256 for who is registered so, with the kid of a published key', async () => {
      const classic = await certifier.client({ id_token_signed_response_alg: 'RS256' })
      const { idToken } = await certifier.flow({ party: classic })
      expect(idToken.header).toMatchObject({ alg: 'RS256', kid: expect.any(String) })
    })
    test('oidcc-ensure-request-without-nonce-succeeds-for-code-flow: neither nonce nor PKCE is forced on it', async () => {
      const { idToken } = await certifier.flow({ parameters: { nonce: undefined } })
      expect(idToken.claims).not.toHaveProperty('nonce')
    })
    test('oidcc-ensure-request-with-valid-pkce-succeeds: who sends a challenge must redeem with its verifier', async () => {
      const { party, world } = certifier
      const url = new URL(party.authorizationUrl())
      const pkce = {
        code_challenge: url.searchParams.get('code_challenge')!,
        code_challenge_method: 'S256',
      }
      const verifier = party.verifier
      const coded = async () => {
        const browser = world.browser()
        const asked = certifier.request(pkce)
        await browser.open(asked.url)
        await certifier.answerPages(browser)
        return { asked, code: certifier.code(browser, asked) }
      }
      checkTokenError(await certifier.redeem((await coded()).code), 'invalid_grant')
      const { asked, code } = await coded()
      await certifier.tokens(await certifier.redeem(code, party, { code_verifier: verifier }), asked)
    })
    test('oidcc-server-client-secret-post: the secret may come in the body', async () => {
      const poster = await certifier.client({ token_endpoint_auth_method: 'client_secret_post' })
      const browser = certifier.world.browser()
      const asked = certifier.request({}, poster)
      await browser.open(asked.url)
      await certifier.answerPages(browser)
      const { client_id, client_secret } = poster.registration
      const { status, body, headers } = await supertest(certifier.world.listens)
        .post('/oauth2/token')
        .type('form')
        .send({ grant_type: 'authorization_code', code: certifier.code(browser, asked), client_id, client_secret })
        .send({ redirect_uri: poster.redirectUri })
      await certifier.tokens({ status, body, headers }, asked)
    })
    test('oidcc-refresh-token: another id_token of the same sign-in, and bound to its client', async () => {
      const { party, world } = certifier
      const asked = certifier.request({ scope: 'openid offline_access', prompt: 'consent' })
      const { tokens: first, idToken } = await certifier.flow({
        parameters: { scope: 'openid offline_access', prompt: 'consent' },
      })
      world.travel(1)
      const { tokens: second, idToken: renewed } = await certifier.tokens(
        await party.refresh(first.refresh_token!, { scope: 'openid offline_access' }),
        { ...asked, nonce: idToken.claims.nonce as string },
      )
      expect(second.access_token).not.toBe(first.access_token)
      for (const claim of ['iss', 'sub', 'aud', 'auth_time', 'azp'])
        expect(renewed.claims[claim], claim).toEqual(idToken.claims[claim])
      expect(renewed.claims.iat).toBeGreaterThan(idToken.claims.iat)
      const other = await certifier.client()
      checkTokenError(await other.refresh(second.refresh_token!, { scope: 'openid offline_access' }), 'invalid_grant')
      expect((await party.refresh(second.refresh_token!)).status).toBe(200)
    })
  })

  describe('userinfo', () => {
    let token: string
    let sub: string
    beforeAll(async () => {
      const { tokens, idToken } = await certifier.flow()
      token = tokens.access_token
      sub = idToken.claims.sub
    })
    const userinfo = () => supertest(certifier.world.listens)

    test('oidcc-userinfo-get: by GET with the token in the header', async () => {
      checkUserinfo(await userinfo().get('/oauth2/userinfo').auth(token, { type: 'bearer' }), sub)
    })
    test('oidcc-userinfo-post-header: by POST with the token in the header', async () => {
      checkUserinfo(await userinfo().post('/oauth2/userinfo').auth(token, { type: 'bearer' }), sub)
    })
    test('oidcc-userinfo-post-body: by POST with the token in the body', async () => {
      checkUserinfo(await userinfo().post('/oauth2/userinfo').type('form').send({ access_token: token }), sub)
    })
    test('a token in the query opens nothing (RFC 9700, section 4.3.2)', async () => {
      const { status } = await userinfo()
        .get('/oauth2/userinfo')
        .query({ access_token: token })
        .ok(() => true)
      expect(status).toBe(400)
    })
  })
}
