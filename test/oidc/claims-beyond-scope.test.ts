import supertest from 'supertest'
import { describe, expect, test } from 'vitest'
import { signedIn } from '../signing-in.ts'
import { signingParty } from '../signing-party.ts'
import { worldOfFile } from '../world.ts'
import { ask, cibaClient } from './ciba/acting-client.ts'
import { deviceClient } from './device/acting-device.ts'
import { newcomer } from './registration/newcomer.ts'

/** A client that is registered with a scope gets no claim beyond it by asking for it by name, wherever the request comes from. */

const world = worldOfFile()
const scope = 'openid email identity_level'
const inside = (claim: string) => ({ verification: { trust_framework: null }, claims: { [claim]: null } })
const document = {
  verification: {
    trust_framework: null,
    evidence: [{ type: { value: 'document' }, document_details: { document_number: null } }],
  },
  claims: {},
}
const snils = JSON.stringify({ userinfo: { snils: null } })
const refused = { error: 'invalid_request', error_description: expect.stringContaining('claims: snils is beyond') }

describe('beyond the scope is', () => {
  test.each<[string, string, object]>([
    ['a claim in userinfo', 'phone_number', { userinfo: { phone_number: { essential: true } } }],
    ['one in the id_token', 'birthdate', { id_token: { birthdate: null } }],
    ['one beside others that are not', 'inn', { userinfo: { email: null, inn: null } }],
    ['one inside verified_claims', 'snils', { userinfo: { verified_claims: inside('snils') } }],
    ['one inside an array of them', 'address', { id_token: { verified_claims: [inside('email'), inside('address')] } }],
    ['the document that a proof rests on', 'id_doc', { userinfo: { verified_claims: document } }],
  ])('%s', async (_what, claim, claims) => {
    const party = await world.relyingParty({ scope })
    const browser = world.browser()
    await browser.open(party.authorizationUrl({ scope: 'openid', claims: JSON.stringify(claims) }))
    expect(Object.fromEntries(browser.callback)).toMatchObject({
      error: 'invalid_request',
      error_description: `claims: ${claim} is beyond the scope that this client is registered with`,
    })
  })
  test('what an invited client asks for that was given the usual', async () => {
    const { client_id, scope: given } = await newcomer(world)
    expect(given).not.toContain('snils')
    const browser = world.browser()
    const parameters = { client_id, response_type: 'code', scope: 'openid', redirect_uri: 'https://new.example/cb' }
    const pkce = { code_challenge: 'x'.repeat(43), code_challenge_method: 'S256' }
    await browser.open(`/oauth2/authorize?${new URLSearchParams({ ...parameters, ...pkce, claims: snils })}`)
    expect(Object.fromEntries(browser.callback)).toMatchObject(refused)
  })
  test('what is pushed, or stands in a signed request', async () => {
    const party = await signingParty(world, { scope })
    expect((await party.push({ scope: 'openid', claims: snils })).body).toMatchObject(refused)
    const request = await party.requestObject({}, { scope: 'openid', claims: JSON.parse(snils) })
    const browser = world.browser()
    const parameters = { client_id: party.clientId, scope: 'openid', response_type: 'code', request }
    await browser.open(`/oauth2/authorize?${new URLSearchParams(parameters)}`)
    expect(Object.fromEntries(browser.callback)).toMatchObject(refused)
  })
  test('what a device or the back channel asks for', async () => {
    const device = await deviceClient(world, { scope })
    const { body } = await supertest(world.listens)
      .post('/oauth2/device')
      .type('form')
      .send({ client_id: device.registration.client_id, scope: 'openid', claims: snils })
    expect(body).toMatchObject(refused)
    const { phone } = await world.citizen()
    const answer = await ask(world, await cibaClient(world, { scope }), { scope, login_hint: phone, claims: snils })
    expect(answer.body).toMatchObject(refused)
  })
})

test('within the scope, and of a client that was registered without one, claims are given by name', async () => {
  const citizen = await world.citizen()
  const claims = JSON.stringify({
    userinfo: { email: null, name: null, verified_claims: inside('birthdate'), gold: null },
  })
  for (const registered of [undefined, 'openid email profile']) {
    const party = await world.relyingParty(registered === undefined ? {} : { scope: registered })
    const { tokens } = await signedIn(world, { party, citizen, parameters: { scope: 'openid', claims } })
    expect((await party.userinfo(tokens.access_token)).body).toMatchObject({ email: citizen.email })
  }
})
