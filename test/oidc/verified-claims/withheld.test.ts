import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { prove, unprove } from '../../proving.ts'
import type { ActingParty } from '../../relying-party.ts'
import { enter, signedIn } from '../../signing-in.ts'
import { type Citizen, worldOfFile } from '../../world.ts'

/** What is not told, and that it is no error where the specification says so (OpenID Connect for Identity Assurance 1.0, section 5.7). */

const world = worldOfFile({ env: { SIGNAL_MANY_ACCOUNTS: 'off' } })
let party: ActingParty
let citizen: Citizen
beforeAll(async () => {
  party = await world.relyingParty()
})
beforeEach(async () => {
  citizen = await world.citizen()
})

const wanting = (claims: object, verification: object = {}) => {
  const verified_claims = { verification: { trust_framework: null, ...verification }, claims }
  return JSON.stringify({ userinfo: { verified_claims }, id_token: { verified_claims } })
}
const sub = () => String(citizen.oid)

describe('an essential claim that cannot be had', () => {
  test.each([
    ['as nobody knows it here', { nationalities: { essential: true } }],
    ['as it is another one', { birthdate: { essential: true, value: '1900-01-01' } }],
    ['as it is not verified', { email: { essential: true } }],
  ])('%s: no element, no error', async (_why, claims) => {
    await prove(world, citizen, 'standard')
    const parameters = { scope: 'openid', claims: wanting(claims) }
    const { tokens } = await signedIn(world, { party, citizen, parameters })
    expect((await party.userinfo(tokens.access_token)).body).toEqual({ sub: sub() })
    expect(await party.claims(tokens.id_token)).not.toHaveProperty('verified_claims')
  })
  test('beside others that can: those alone', async () => {
    await prove(world, citizen, 'standard')
    const claims = wanting({ birthdate: { essential: true }, nationalities: { essential: true } })
    const { tokens } = await signedIn(world, { party, citizen, parameters: { scope: 'openid', claims } })
    expect((await party.userinfo(tokens.access_token)).body.verified_claims).toMatchObject({
      claims: { birthdate: '1990-04-12' },
    })
  })
  test('of a person whose identity is not proven', async () => {
    const claims = wanting(
      { birthdate: { essential: true } },
      { assurance_level: { essential: true, value: 'verified' } },
    )
    const { tokens } = await signedIn(world, { party, citizen, parameters: { scope: 'openid', claims } })
    expect((await party.userinfo(tokens.access_token)).body).toEqual({ sub: sub() })
  })
})

describe('a level that is lost', () => {
  test('between token and userinfo: neither that nor a refresh tells it any more, and it comes back with the level', async () => {
    await prove(world, citizen, 'standard')
    const parameters = { scope: 'openid', claims: wanting({ birthdate: null }) }
    const { tokens } = await signedIn(world, { party, citizen, parameters })
    expect((await party.claims(tokens.id_token)).verified_claims).toBeDefined()
    await unprove(world, citizen)
    expect((await party.userinfo(tokens.access_token)).body).toEqual({ sub: sub() })
    const { status, body } = await party.refresh(tokens.refresh_token!)
    expect(status).toBe(200)
    expect(await party.claims(body.id_token)).not.toHaveProperty('verified_claims')
    await prove(world, citizen, 'standard')
    expect((await party.userinfo(body.access_token)).body.verified_claims).toMatchObject({
      claims: { birthdate: '1990-04-12' },
    })
  })
  test('between consent and token', async () => {
    await prove(world, citizen, 'standard')
    const browser = world.browser()
    await enter(browser, party, citizen, { scope: 'openid', claims: wanting({ birthdate: null }) })
    await browser.submit({ decision: 'allow' }, '/consent')
    await unprove(world, citizen)
    const { status, body } = await party.redeem(browser.callback.get('code')!)
    expect(status).toBe(200)
    expect(await party.claims(body.id_token)).not.toHaveProperty('verified_claims')
  })
})

describe('what was not agreed to', () => {
  test('a request that is refused ends with access_denied, and leaves nothing behind', async () => {
    await prove(world, citizen, 'standard')
    const browser = world.browser()
    const parameters = { scope: 'openid', claims: wanting({ birthdate: null }) }
    await enter(browser, party, citizen, parameters)
    await browser.submit({ decision: 'deny' }, '/consent')
    expect(browser.callback.get('error')).toBe('access_denied')
    await enter(browser, party, citizen, parameters)
    expect(browser.page.html).toContain('Как подтверждены эти данные')
  })
  test('a consent that is taken back ends tokens at once', async () => {
    await prove(world, citizen, 'standard')
    const parameters = { scope: 'openid', claims: wanting({ birthdate: null }) }
    const { browser, tokens } = await signedIn(world, { party, citizen, parameters })
    await browser.open('/services')
    await browser.open(/href="(\/services\/[^"?]+)"/.exec(browser.page.html)![1]!)
    await browser.submit({}, new URL(browser.page.url).pathname)
    expect((await party.userinfo(tokens.access_token)).status).toBe(401)
    expect((await party.refresh(tokens.refresh_token!)).body).toMatchObject({ error: 'invalid_grant' })
  })
  test('the number of a document is asked about though the claims were agreed to', async () => {
    await prove(world, citizen, 'verified')
    const plain = { scope: 'openid', claims: wanting({ birthdate: null }) }
    const { browser } = await signedIn(world, { party, citizen, parameters: plain })
    const evidence = [{ type: { value: 'document' }, document_details: { document_number: null } }]
    const claims = wanting({ birthdate: null }, { evidence })
    await browser.open(party.authorizationUrl({ scope: 'openid', claims, prompt: 'none' }))
    expect(browser.callback.get('error')).toBe('consent_required')
    await browser.open(party.authorizationUrl({ scope: 'openid', claims }))
    await browser.submit({ decision: 'allow' }, '/consent')
    const { body } = await party.redeem(browser.callback.get('code')!)
    expect((await party.claims(body.id_token)).verified_claims).toMatchObject({
      verification: { evidence: [{ document_details: { type: 'idcard', document_number: '4510 123456' } }] },
    })
  })
})
