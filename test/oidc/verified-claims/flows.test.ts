import { compactDecrypt, createLocalJWKSet, exportJWK, generateKeyPair, jwtVerify } from 'jose'
import supertest from 'supertest'
import { beforeEach, describe, expect, test } from 'vitest'
import type { RelyingParty } from '#src/oidc/clients.ts'
import { asText } from '../../as-text.ts'
import { prove } from '../../proving.ts'
import type { ActingParty } from '../../relying-party.ts'
import { enterCode, signedIn } from '../../signing-in.ts'
import { type Citizen, worldOfFile } from '../../world.ts'
import { asked, CIBA_GRANT, cibaClient, fetchResult, messageOf } from '../ciba/acting-client.ts'
import { beginDevice, deviceClient, poll } from '../device/acting-device.ts'
import { verifiedClaimsSchema } from './schema.ts'

/** Verified claims by each way on which an id_token or userinfo answer comes. */

const world = worldOfFile({ env: { SIGNAL_MANY_ACCOUNTS: 'off' } })
let citizen: Citizen
beforeEach(async () => {
  citizen = await world.citizen()
  await prove(world, citizen, 'standard')
})

const wanted = { verification: { trust_framework: null, assurance_level: null }, claims: { birthdate: null } }
const claims = JSON.stringify({ userinfo: { verified_claims: wanted }, id_token: { verified_claims: [wanted] } })
const told = () => ({
  verification: { trust_framework: `${world.origin}/identifiers/trust_framework`, assurance_level: 'standard' },
  claims: { birthdate: '1990-04-12' },
})

/** Both answers have what was asked for, each in the form in which it was. */
async function expectTold(party: ActingParty, tokens: { readonly access_token: string; readonly id_token: string }) {
  const { body } = await party.userinfo(tokens.access_token)
  const idToken = await party.claims(tokens.id_token)
  expect(body.verified_claims).toEqual(told())
  expect(idToken.verified_claims).toEqual([told()])
  expect(verifiedClaimsSchema.safeParse(body.verified_claims).success).toBe(true)
  return { body, idToken }
}

test('the code flow, and as often as it is refreshed', async () => {
  const party = await world.relyingParty()
  const { tokens } = await signedIn(world, { party, citizen, parameters: { scope: 'openid', claims } })
  await expectTold(party, tokens)
  const first = await party.refresh(tokens.refresh_token!)
  await expectTold(party, first.body)
  await expectTold(party, (await party.refresh(first.body.refresh_token!)).body)
})

test('beside a plain claim of the same name', async () => {
  const party = await world.relyingParty()
  const { tokens } = await signedIn(world, { party, citizen, parameters: { scope: 'openid birthdate', claims } })
  const { body } = await expectTold(party, tokens)
  expect(body.birthdate).toBe('1990-04-12')
})

describe('sealed', () => {
  async function receiver(metadata: Partial<RelyingParty>) {
    const alg = 'ECDH-ES+A256KW'
    const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true })
    const jwk = { ...(await exportJWK(publicKey)), use: 'enc', alg, kid: 'enc-1' }
    const party = await world.relyingParty({ jwks: { keys: [jwk] }, ...metadata })
    const { tokens } = await signedIn(world, { party, citizen, parameters: { scope: 'openid', claims } })
    return { party, privateKey, tokens }
  }
  async function payloadOf(jwt: string, party: ActingParty) {
    const { body } = await supertest(world.listens).get('/oauth2/jwks')
    const audience = party.registration.client_id
    return (await jwtVerify(jwt, createLocalJWKSet(body), { issuer: world.origin, audience })).payload
  }
  async function userinfoText({ access_token }: { readonly access_token: string }): Promise<string> {
    const request = supertest(world.listens).get('/oauth2/userinfo').auth(access_token, { type: 'bearer' })
    return (await request.buffer(true).parse(asText)).body
  }
  const opened = async (jwe: string, key: CryptoKey) =>
    new TextDecoder().decode((await compactDecrypt(jwe, key)).plaintext)
  const encrypted = { alg: 'ECDH-ES+A256KW', enc: 'A256GCM' } as const

  test('in an encrypted id_token', async () => {
    const { party, privateKey, tokens } = await receiver({
      id_token_encrypted_response_alg: encrypted.alg,
      id_token_encrypted_response_enc: encrypted.enc,
    })
    const payload = await payloadOf(await opened(tokens.id_token, privateKey), party)
    expect(payload.verified_claims).toEqual([told()])
  })
  test('in signed userinfo', async () => {
    const party = await world.relyingParty({ userinfo_signed_response_alg: 'ES256' })
    const { tokens } = await signedIn(world, { party, citizen, parameters: { scope: 'openid', claims } })
    expect((await payloadOf(await userinfoText(tokens), party)).verified_claims).toEqual(told())
  })
  test('in signed and encrypted userinfo', async () => {
    const { party, privateKey, tokens } = await receiver({
      userinfo_signed_response_alg: 'ES256',
      userinfo_encrypted_response_alg: encrypted.alg,
      userinfo_encrypted_response_enc: encrypted.enc,
    })
    const text = await userinfoText(tokens)
    expect((await payloadOf(await opened(text, privateKey), party)).verified_claims).toEqual(told())
  })
})

test('on a device', async () => {
  const party = await deviceClient(world)
  const begun = await beginDevice(world, party, { scope: 'openid', claims })
  const browser = world.browser()
  await browser.open('/device')
  await browser.submit({ user_code: begun.user_code }, '/device')
  await browser.submit({ confirm: 'yes' }, '/device')
  await browser.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
  expect(browser.page.html).toContain('Как подтверждены эти данные')
  await browser.submit({ decision: 'allow' }, '/consent')
  const { body } = await poll(party, begun)
  const { body: refreshed } = await party.refresh(body.refresh_token!)
  await expectTold(party, body)
  await expectTold(party, refreshed)
})

test('by the back channel', async () => {
  const party = await cibaClient(world)
  const person = await world.citizen()
  const request = await asked(world, party, { scope: 'openid', login_hint: person.phone, claims })
  const { link } = await messageOf(world, person)
  const code = await world.code(person.phone)
  await prove(world, person, 'standard')
  const browser = world.browser()
  await browser.open(link)
  expect(browser.page.html).toContain('Как подтверждены эти данные')
  await browser.submit({ code, decision: 'approve' })
  const { status, body } = await fetchResult(party, request)
  expect(status).toBe(200)
  await expectTold(party, body)
})

test('the back channel refuses a malformed request with the name of the member', async () => {
  const party = await cibaClient(world)
  const { client_id, client_secret = '' } = party.registration
  const malformed = JSON.stringify({ userinfo: { verified_claims: { ...wanted, verification: {} } } })
  const { body } = await supertest(world.listens)
    .post('/oauth2/ciba')
    .auth(client_id, client_secret)
    .type('form')
    .send({ scope: 'openid', login_hint: citizen.phone, claims: malformed, grant_type: CIBA_GRANT })
  expect(body).toEqual({
    error: 'invalid_request',
    error_description: 'claims.userinfo.verified_claims.verification.trust_framework is missing',
  })
})

test('to a pairwise subject: nothing in it tells the account', async () => {
  const party = await world.relyingParty({ subject_type: 'pairwise', redirect_uris: ['https://pairs.example/cb'] })
  const evidence = [{ type: { value: 'electronic_record' }, check_details: [{ check_id: null }], record: null }]
  const verification = { trust_framework: null, verification_process: null, evidence }
  const both = { verified_claims: { verification, claims: { given_name: null } } }
  const parameters = { scope: 'openid', claims: JSON.stringify({ userinfo: both, id_token: both }) }
  const { tokens } = await signedIn(world, { party, citizen, parameters })
  const { body } = await party.userinfo(tokens.access_token)
  const { sub, verified_claims } = await party.claims(tokens.id_token)
  expect(body).toEqual({ sub, verified_claims })
  expect(verifiedClaimsSchema.safeParse(verified_claims).success).toBe(true)
  expect(JSON.stringify(body)).not.toContain(String(citizen.oid))
  const { carriedBy } = (await world.house.accounts.read(citizen.oid)).identity
  for (const { id } of carriedBy) expect(JSON.stringify(body)).not.toContain(id)
})

test('without any claim: that and how the person was verified', async () => {
  const party = await world.relyingParty()
  const asking = {
    userinfo: { verified_claims: { verification: { trust_framework: null, assurance_level: null }, claims: {} } },
  }
  const browser = world.browser()
  const before = world.sentTo(citizen.phone)
  await browser.open(party.authorizationUrl({ scope: 'openid', claims: JSON.stringify(asking) }))
  await browser.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
  if (browser.page.html.includes('/factor/code')) await enterCode(world, browser, citizen, before)
  expect(browser.page.html).toContain('Как подтверждены эти данные')
  await browser.submit({ decision: 'allow' }, '/consent')
  const { body } = await party.redeem(browser.callback.get('code')!)
  const answer = (await party.userinfo(body.access_token)).body
  expect(answer).toEqual({ sub: String(citizen.oid), verified_claims: { ...told(), claims: {} } })
})
