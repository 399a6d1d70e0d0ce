import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Browser } from '../browser-http.ts'
import type { ActingParty } from '../relying-party.ts'
import { enter, enterCode, signedIn } from '../signing-in.ts'
import { type Citizen, worldOfFile } from '../world.ts'

const world = worldOfFile()
let party: ActingParty
let citizen: Citizen
beforeAll(async () => {
  party = await world.relyingParty()
})
beforeEach(async () => {
  citizen = await world.citizen()
})

const acr = (member: object) => ({ claims: JSON.stringify({ id_token: { acr: member } }) })

/** The claims about the sign-in that the code of the last redirect leads to. */
async function claimsAt(browser: Browser, by = party) {
  const { status, body } = await by.redeem(browser.callback.get('code')!)
  expect(status).toBe(200)
  return by.claims(body.id_token)
}

describe('a level that cannot be reached', () => {
  test('is explained to the person, who goes back with unmet_authentication_requirements', async () => {
    const browser = world.browser()
    await enter(browser, party, citizen, { acr_values: 'aal3' })
    expect(world.view).toBe('login/unmet')
    expect(browser.page.html).toContain('Соцвыплаты онлайн')
    await browser.submit({}, '/unmet')
    expect(browser.callback.get('error')).toBe('unmet_authentication_requirements')
    expect(browser.callback.get('code')).toBeNull()
    expect(browser.callback.get('iss')).toBe(world.origin)
  })
  test('fails by prompt=none with an error, not a page', async () => {
    const { browser } = await signedIn(world, { party, citizen })
    await browser.open(party.authorizationUrl({ acr_values: 'aal3', prompt: 'none' }))
    expect(browser.callback.get('error')).toBe('login_required')
  })
  test('that nobody here knows fails at once', async () => {
    const browser = world.browser()
    await browser.open(party.authorizationUrl({ acr_values: 'gold' }))
    expect(browser.callback.get('error')).toBe('unmet_authentication_requirements')
  })
  test('fails an essential claim even for a voluntary client', async () => {
    const voluntary = await world.relyingParty({ acr_policy: 'voluntary' })
    const browser = world.browser()
    await enter(browser, voluntary, citizen, acr({ essential: true, value: 'aal3' }))
    expect(world.view).toBe('login/unmet')
  })
  test('does not fail a voluntary client, which is told what was reached instead', async () => {
    const voluntary = await world.relyingParty({ acr_policy: 'voluntary' })
    const { tokens } = await signedIn(world, { party: voluntary, citizen, parameters: { acr_values: 'aal3' } })
    expect(await voluntary.claims(tokens.id_token)).toMatchObject({ acr: 'aal1' })
  })
  test('that a voluntary client would like is asked for where the factors reach it, in a live session too', async () => {
    const voluntary = await world.relyingParty({ acr_policy: 'voluntary' })
    const { browser } = await signedIn(world, { party: voluntary, citizen })
    await browser.open(voluntary.authorizationUrl({ acr_values: 'aal2', prompt: 'none' }))
    expect(await claimsAt(browser, voluntary)).toMatchObject({ acr: 'aal1' })
    await browser.open(voluntary.authorizationUrl({ acr_values: 'aal2' }))
    expect(world.view).toBe('login/code')
    await enterCode(world, browser, citizen, 0)
    expect(await claimsAt(browser, voluntary)).toMatchObject({ acr: 'aal2' })
    await browser.open(voluntary.authorizationUrl({ acr_values: 'aal3' }))
    expect(await claimsAt(browser, voluntary)).toMatchObject({ acr: 'aal2' })
  })
})

describe('step-up', () => {
  test.each([
    ['acr_values', { acr_values: 'aal2' }],
    ['acr_values, in the order of the client', { acr_values: 'aal3 aal2' }],
    ['an essential value', acr({ essential: true, value: 'aal2' })],
    ['essential values', acr({ essential: true, values: ['aal3', 'aal2'] })],
  ])('by %s asks a live session for the code only', async (_how, parameters) => {
    const { browser } = await signedIn(world, { party, citizen })
    await browser.open(party.authorizationUrl(parameters))
    expect(world.view).toBe('login/code')
    await enterCode(world, browser, citizen, 0)
    expect(await claimsAt(browser)).toMatchObject({ acr: 'aal2', sub: String(citizen.oid) })
  })

  test('by the floor of the client', async () => {
    const strict = await world.relyingParty({ minimum_acr: 'aal2' })
    const browser = world.browser()
    await enter(browser, strict, citizen)
    expect(world.view).toBe('login/code')
    await enterCode(world, browser, citizen, 0)
    await browser.submit({ decision: 'allow' }, '/consent')
    expect(await claimsAt(browser, strict)).toMatchObject({ acr: 'aal2' })
  })

  test('keeps the session, so that nothing is asked twice', async () => {
    const { browser, tokens } = await signedIn(world, { party, citizen, parameters: { acr_values: 'aal2' } })
    const first = await party.claims(tokens.id_token)
    await browser.open(party.authorizationUrl({ acr_values: 'aal2' }))
    expect(await claimsAt(browser)).toMatchObject({ acr: 'aal2', sid: first.sid, auth_time: first.auth_time })
  })
})

describe('the level reported', () => {
  test('is the strongest value asked for that was reached: aal1 asked of an aal2 session is aal1, without a loop', async () => {
    const { browser } = await signedIn(world, { party, citizen, parameters: { acr_values: 'aal2' } })
    for (const parameters of [
      { acr_values: 'aal1' },
      acr({ essential: true, value: 'aal1' }),
      acr({ essential: true, values: ['aal1'] }),
    ]) {
      await browser.open(party.authorizationUrl(parameters))
      expect(await claimsAt(browser)).toMatchObject({ acr: 'aal1' })
    }
    await browser.open(party.authorizationUrl({ acr_values: 'aal1 aal2' }))
    expect(await claimsAt(browser)).toMatchObject({ acr: 'aal2' })
  })
  test('is one’s own level where none was asked', async () => {
    const { browser } = await signedIn(world, { party, citizen, parameters: { acr_values: 'aal2' } })
    await browser.open(party.authorizationUrl())
    expect(await claimsAt(browser)).toMatchObject({ acr: 'aal2', amr: expect.arrayContaining(['pwd', 'otp', 'mfa']) })
  })
  test('a later, weaker sign-in lowers nothing', async () => {
    const { browser } = await signedIn(world, { party, citizen, parameters: { acr_values: 'aal2' } })
    await browser.open(party.authorizationUrl({ prompt: 'login' }))
    await browser.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
    await browser.open(party.authorizationUrl({ acr_values: 'aal2' }))
    expect(await claimsAt(browser)).toMatchObject({ acr: 'aal2' })
  })
  test('stands in every id_token, also after refresh, with amr, auth_time and sid', async () => {
    const { tokens } = await signedIn(world, { party, citizen, parameters: { scope: 'openid' } })
    const complete = { acr: 'aal1', amr: ['pwd'], auth_time: expect.any(Number), sid: expect.any(String) }
    expect(await party.claims(tokens.id_token)).toMatchObject(complete)
    const { body } = await party.refresh(tokens.refresh_token!)
    expect(await party.claims(body.id_token)).toMatchObject(complete)
  })
})
