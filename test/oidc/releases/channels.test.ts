import { exportJWK, generateKeyPair } from 'jose'
import supertest from 'supertest'
import { beforeEach, expect, test } from 'vitest'
import type { ActingParty } from '../../relying-party.ts'
import { signedIn } from '../../signing-in.ts'
import { type Citizen, worldOfFile } from '../../world.ts'
import { asked, cibaClient, fetchResult, messageOf } from '../ciba/acting-client.ts'
import { beginDevice, deviceClient, poll } from '../device/acting-device.ts'

/** By whatever way and in whatever form data leave the house, it is journalled (R-F2). */

const world = worldOfFile({ env: { SIGNAL_MANY_ACCOUNTS: 'off' } })
let citizen: Citizen
beforeEach(async () => {
  citizen = await world.citizen()
})

/** `channel: claims`, the oldest first. */
async function released(party: ActingParty): Promise<string[]> {
  const events = (await world.journal(citizen.oid)).filter(
    ({ type, fields }) => type === 'data.released' && fields.client === party.registration.client_id,
  )
  return events.map(({ fields }) => `${fields.channel}: ${fields.claims}`).reverse()
}

const userinfo = (token: string) =>
  supertest(world.listens).get('/oauth2/userinfo').set('Authorization', `Bearer ${token}`)

const claims = JSON.stringify({ id_token: { email: { essential: true } } })

test('an id_token that answers a request by the back channel, and userinfo after it', async () => {
  const party = await cibaClient(world)
  const request = await asked(world, party, { login_hint: citizen.phone, scope: 'openid phone', claims })
  const browser = world.browser()
  await browser.open((await messageOf(world, citizen)).link)
  await browser.submit({ code: await world.code(citizen.phone), decision: 'approve' })
  const { body } = await fetchResult(party, request)
  expect((await userinfo(body.access_token)).status).toBe(200)
  expect(await released(party)).toEqual(['id_token: email', 'userinfo: phone_number phone_number_verified'])
})

test('those of a device', async () => {
  const party = await deviceClient(world)
  const begun = await beginDevice(world, party, { scope: 'openid email', claims })
  const browser = world.browser()
  await browser.open('/device')
  await browser.submit({ user_code: begun.user_code }, '/device')
  await browser.submit({ confirm: 'yes' }, '/device')
  await browser.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
  await browser.submit({ decision: 'allow' }, '/consent')
  const { body } = await poll(party, begun)
  expect((await userinfo(body.access_token)).status).toBe(200)
  expect(await released(party)).toEqual(['id_token: email', 'userinfo: email email_verified'])
})

test('signed and encrypted', async () => {
  const { publicKey } = await generateKeyPair('ECDH-ES', { extractable: true })
  const jwk = { ...(await exportJWK(publicKey)), use: 'enc', alg: 'ECDH-ES', kid: 'enc-1' }
  const [alg, enc] = ['ECDH-ES', 'A128GCM'] as const
  const party = await world.relyingParty({
    jwks: { keys: [jwk] },
    id_token_encrypted_response_alg: alg,
    id_token_encrypted_response_enc: enc,
    userinfo_signed_response_alg: 'ES256',
    userinfo_encrypted_response_alg: alg,
    userinfo_encrypted_response_enc: enc,
  })
  const { tokens } = await signedIn(world, { party, citizen, parameters: { scope: 'openid phone', claims } })
  const answer = await userinfo(tokens.access_token)
  expect([answer.status, answer.type]).toEqual([200, 'application/jwt'])
  expect(await released(party)).toEqual(['id_token: email', 'userinfo: phone_number phone_number_verified'])
})

test('to a client that knows people by names of its own', async () => {
  const party = await world.relyingParty({ subject_type: 'pairwise' })
  const { tokens } = await signedIn(world, { party, citizen, parameters: { scope: 'openid email' } })
  expect((await userinfo(tokens.access_token)).body.sub).not.toBe(String(citizen.oid))
  expect(await released(party)).toEqual(['userinfo: email email_verified'])
})

test('introspection hands over no data beyond the sign-in', async () => {
  const party = await world.relyingParty()
  const { tokens } = await signedIn(world, {
    party,
    citizen,
    parameters: { scope: 'openid profile email phone', claims },
  })
  const { client_id, client_secret = '' } = party.registration
  for (const token of [tokens.access_token, tokens.refresh_token!]) {
    const { body } = await supertest(world.listens)
      .post('/oauth2/introspect')
      .auth(client_id, client_secret)
      .type('form')
      .send({ token })
    expect(body.active).toBe(true)
    const told = JSON.stringify(body)
    expect(told).not.toMatch(new RegExp(`${citizen.email}|${citizen.phone.slice(1)}|Ветрова`))
  }
})
