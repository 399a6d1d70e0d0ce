import { compactDecrypt, createLocalJWKSet, exportJWK, generateKeyPair, type JWTPayload, jwtVerify } from 'jose'
import supertest from 'supertest'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Browser } from '../../browser-http.ts'
import type { ActingParty } from '../../relying-party.ts'
import { enter } from '../../signing-in.ts'
import { answerPages, now } from '../../signing-party.ts'
import { type Citizen, worldOfFile } from '../../world.ts'

/** Answers of the authorization endpoint as signed JWTs (JARM). */

const world = worldOfFile()
let party: ActingParty
let citizen: Citizen
beforeAll(async () => {
  party = await world.relyingParty()
  citizen = await world.citizen()
})

async function verified(
  response: string,
  by = party,
): Promise<JWTPayload & { code?: string; state?: string; error?: string }> {
  const { body } = await supertest(world.listens).get('/oauth2/jwks')
  const { payload } = await jwtVerify(response, createLocalJWKSet(body), {
    issuer: world.origin,
    audience: by.registration.client_id,
    currentDate: new Date(),
  })
  return payload
}

async function arrived(response_mode: string, by = party): Promise<Browser> {
  const browser = world.browser()
  await enter(browser, by, citizen, { response_mode })
  await answerPages(browser, citizen)
  return browser
}

describe('an answer comes as one parameter that the client can verify', () => {
  test.each(['jwt', 'query.jwt'])('%s: in the query', async (mode) => {
    const browser = await arrived(mode)
    expect([...browser.callback.keys()]).toEqual(['response'])
    const payload = await verified(browser.callback.get('response')!)
    expect(payload.exp! - now()).toBeLessThanOrEqual(600)
    expect((await party.redeem(payload.code!)).status).toBe(200)
  })
  test('fragment.jwt: in the fragment', async () => {
    const { hash } = new URL((await arrived('fragment.jwt')).page.url)
    const { code } = await verified(new URLSearchParams(hash.slice(1)).get('response')!)
    expect((await party.redeem(code!)).status).toBe(200)
  })
  test('form_post.jwt: in a form on a page of ours', async () => {
    const browser = await arrived('form_post.jwt')
    expect(world.view).toBe('oidc/continue')
    const { action, hidden } = browser.form()
    expect(action).toBe(party.redirectUri)
    expect(Object.keys(hidden)).toEqual(['response'])
    // The answer is made once: the way to the other language would lead back to a request that is over.
    expect(browser.page.html).not.toMatch(/hreflang|\/language/)
    expect((await party.redeem((await verified(hidden.response!)).code!)).status).toBe(200)
  })
  test('errors as well', async () => {
    const browser = world.browser()
    await browser.open(party.authorizationUrl({ response_mode: 'jwt', prompt: 'none', state: 's' }))
    const payload = await verified(browser.callback.get('response')!)
    expect(payload).toMatchObject({ error: 'login_required', state: 's' })
    expect([...browser.callback.keys()]).toEqual(['response'])
  })
  test('encrypted on top where it is registered so', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ECDH-ES', { extractable: true })
    const own = await world.relyingParty({
      jwks: { keys: [{ ...(await exportJWK(publicKey)), use: 'enc', alg: 'ECDH-ES', kid: 'enc' }] },
      authorization_encrypted_response_alg: 'ECDH-ES',
      authorization_encrypted_response_enc: 'A256GCM',
    })
    const browser = await arrived('jwt', own)
    const { plaintext } = await compactDecrypt(browser.callback.get('response')!, privateKey)
    const { code } = await verified(new TextDecoder().decode(plaintext), own)
    expect((await own.redeem(code!)).status).toBe(200)
  })
})

describe('an answer is not given', () => {
  test('in a mode that the client is not registered for', async () => {
    const strict = await world.relyingParty({ response_modes: ['jwt'] })
    const browser = world.browser()
    await browser.open(strict.authorizationUrl())
    expect(browser.page.url).toContain('error=invalid_request')
    await browser.open(strict.authorizationUrl({ response_mode: 'fragment' }))
    expect(browser.page.url).not.toContain('code=')
  })
  test('in a mode that there is none of', async () => {
    const browser = world.browser()
    await browser.open(party.authorizationUrl({ response_mode: 'web_message.jwt' }))
    expect(browser.page.url).toContain('error=unsupported_response_mode')
  })
})
