import { compactDecrypt, createLocalJWKSet, decodeProtectedHeader, exportJWK, generateKeyPair, jwtVerify } from 'jose'
import supertest from 'supertest'
import { beforeAll, describe, expect, test } from 'vitest'
import type { RelyingParty } from '#src/oidc/clients.ts'
import { asText } from '../../as-text.ts'
import type { ActingParty } from '../../relying-party.ts'
import { enter, signedIn } from '../../signing-in.ts'
import { type Citizen, worldOfFile } from '../../world.ts'

/** id_tokens and userinfo that are signed, then encrypted to the client (OpenID Connect Core, sections 10.2 and 16.14). */

const world = worldOfFile()
let citizen: Citizen
beforeAll(async () => {
  citizen = await world.citizen()
})

const kinds = [
  ['ECDH-ES', 'A128CBC-HS256'],
  ['ECDH-ES+A128KW', 'A128GCM'],
  ['ECDH-ES+A256KW', 'A256GCM'],
  ['RSA-OAEP', 'A256CBC-HS512'],
  ['RSA-OAEP-256', 'A256GCM'],
] as const

async function receiver(alg: string, metadata: (alg: string) => Partial<RelyingParty>) {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true })
  const jwk = { ...(await exportJWK(publicKey)), use: 'enc', alg, kid: 'enc-1' }
  const party = await world.relyingParty({ jwks: { keys: [jwk] }, ...metadata(alg) })
  return { party, privateKey }
}

async function opened(jwe: string, privateKey: CryptoKey, party: ActingParty) {
  const { plaintext } = await compactDecrypt(jwe, privateKey)
  const { body } = await supertest(world.listens).get('/oauth2/jwks')
  const jwt = new TextDecoder().decode(plaintext)
  return jwtVerify(jwt, createLocalJWKSet(body), { issuer: world.origin, audience: party.registration.client_id })
}

describe.each(kinds)('%s with %s', (keyAlg, enc) => {
  test('an id_token', async () => {
    const { party, privateKey } = await receiver(keyAlg, (alg) => ({
      id_token_encrypted_response_alg: alg,
      id_token_encrypted_response_enc: enc,
    }))
    const { tokens } = await signedIn(world, { party, citizen })
    expect(decodeProtectedHeader(tokens.id_token)).toMatchObject({ alg: keyAlg, enc, cty: 'JWT', kid: 'enc-1' })
    const { payload } = await opened(tokens.id_token, privateKey, party)
    expect(payload).toMatchObject({ sub: String(citizen.oid), nonce: party.nonce })
  })
  test('userinfo', async () => {
    const { party, privateKey } = await receiver(keyAlg, (alg) => ({
      userinfo_signed_response_alg: 'ES256',
      userinfo_encrypted_response_alg: alg,
      userinfo_encrypted_response_enc: enc,
    }))
    const { tokens } = await signedIn(world, { party, citizen })
    const { text, headers } = await supertest(world.listens)
      .get('/oauth2/userinfo')
      .auth(tokens.access_token, { type: 'bearer' })
      .buffer(true)
      .parse(asText)
      .then(({ body, headers }) => ({ text: body as string, headers }))
    expect(headers['content-type']).toMatch(/^application\/jwt/)
    expect(text).not.toContain(citizen.phone)
    const { payload } = await opened(text, privateKey, party)
    expect(payload).toMatchObject({ sub: String(citizen.oid), phone_number: citizen.phone })
  })
})

test('userinfo that is only signed, by the algorithm of the registration', async () => {
  const party = await world.relyingParty({ userinfo_signed_response_alg: 'PS256' })
  const { tokens } = await signedIn(world, { party, citizen })
  const { body } = await supertest(world.listens)
    .get('/oauth2/userinfo')
    .auth(tokens.access_token, { type: 'bearer' })
    .buffer(true)
    .parse(asText)
  expect(decodeProtectedHeader(body as string)).toMatchObject({ alg: 'PS256' })
})

test('without a key to encrypt to there is no token in clear either', async () => {
  const { publicKey } = await generateKeyPair('ES256', { extractable: true })
  const party = await world.relyingParty({
    jwks: { keys: [{ ...(await exportJWK(publicKey)), use: 'sig', alg: 'ES256', kid: 'sig-1' }] },
    id_token_encrypted_response_alg: 'RSA-OAEP-256',
    id_token_encrypted_response_enc: 'A256GCM',
  })
  const browser = world.browser()
  await enter(browser, party, citizen)
  if (browser.page.html.includes('/consent')) await browser.submit({ decision: 'allow' }, '/consent')
  const { status, body } = await party.redeem(browser.callback.get('code')!)
  expect(status).toBe(400)
  expect(body).not.toHaveProperty('id_token')
  expect(body).not.toHaveProperty('access_token')
})
