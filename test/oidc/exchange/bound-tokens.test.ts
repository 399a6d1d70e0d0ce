import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ACCESS_TOKEN, TOKEN_EXCHANGE } from '#src/oidc/exchange/token-types.ts'
import { fapiParty, type SigningParty, signingKey, signingParty } from '../../signing-party.ts'
import { AUDIENCES, type Rig, startRig } from './rig.ts'

/** Token exchange (RFC 8693) of tokens that are bound to a key (RFC 9449). */

let rig: Rig
let holder: SigningParty
let bound: string
beforeAll(async () => {
  rig = await startRig()
  holder = await signingParty(rig.world, {
    grant_types: ['authorization_code', 'refresh_token', TOKEN_EXCHANGE],
    dpop_bound_access_tokens: true,
    exchange_audiences: [...AUDIENCES, 'passer'],
  })
})
beforeEach(async () => {
  bound = (await holder.signedIn(await rig.world.citizen())).tokens.access_token
})
afterAll(() => rig.world.stop())

const request = (subject: string, audience: string | string[] = 'back') => ({
  grant_type: TOKEN_EXCHANGE,
  subject_token: subject,
  subject_token_type: ACCESS_TOKEN,
  audience: audience as string,
})
const REFUSED = { status: 400, body: { error: expect.stringMatching(/^invalid_(request|grant|dpop_proof)$/) } }
const boundTo = async (token: string) => (await holder.send('/oauth2/introspect', { token })).body.cnf

describe('the holder of a bound token', () => {
  test('proves its key, and the new token is bound to it', async () => {
    const { status, body } = await holder.token(request(bound))
    expect(status).toBe(200)
    expect(body).toMatchObject({ token_type: 'DPoP' })
    expect(await boundTo(body.access_token)).toEqual({ jkt: await holder.thumbprint() })
  })
  test('is refused without a proof, with that of another key, with one used before', async () => {
    const used = await holder.proof('POST', '/oauth2/token')
    expect((await holder.token(request(bound), { proof: used })).status).toBe(200)
    const other = await holder.proof('POST', '/oauth2/token', { key: await signingKey() })
    for (const proof of [undefined, used, other])
      expect(await holder.token(request(bound), { proof })).toMatchObject(REFUSED)
  })
})

describe('whom a bound token is meant for', () => {
  let passer: SigningParty
  let received: string
  beforeAll(async () => {
    passer = await signingParty(rig.world, {
      client_id: 'passer',
      grant_types: ['authorization_code', TOKEN_EXCHANGE],
      exchange_audiences: ['passer', 'far'],
    })
  })
  beforeEach(async () => {
    const { clientId } = passer
    received = (await holder.token({ ...request(bound, clientId) })).body.access_token
  })

  test('gets no loose token for it', async () => {
    const answer = await passer.token(request(received, 'passer'), { proof: undefined })
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
  })
  test('gets one that is bound to its own key', async () => {
    const { status, body } = await passer.token(request(received, 'passer'))
    expect(status).toBe(200)
    const told = (await passer.send('/oauth2/introspect', { token: body.access_token })).body
    expect(told).toMatchObject({ cnf: { jkt: await passer.thumbprint() }, act: { sub: 'passer' } })
  })
})

test('a loose token becomes a bound one where the client proves a key', async () => {
  const citizen = await rig.world.citizen()
  const party = await signingParty(rig.world, {
    grant_types: ['authorization_code', 'refresh_token', TOKEN_EXCHANGE],
    exchange_audiences: AUDIENCES,
  })
  const browser = await party.authorize(citizen)
  const { body } = await party.redeem(browser.callback.get('code')!, {}, { proof: undefined })
  const exchanged = await party.token(request(body.access_token))
  expect(exchanged.body).toMatchObject({ token_type: 'DPoP' })
})

test('a client of FAPI takes a bound token', async () => {
  const { clientId } = await fapiParty(rig.world)
  const party = await signingParty(rig.world, {
    grant_types: ['authorization_code', 'refresh_token', TOKEN_EXCHANGE],
    dpop_bound_access_tokens: true,
    exchange_audiences: [clientId],
  })
  const { tokens } = await party.signedIn(await rig.world.citizen())
  expect((await party.token(request(tokens.access_token, clientId))).status).toBe(200)
})
