import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { enter, enterCode, signedIn } from '../signing-in.ts'
import { startWorld, type World } from '../world.ts'

describe.each(['postgres', 'pglite'] as const)('sign-in on %s', (store) => {
  let world: World
  beforeAll(async () => {
    world = await startWorld({ store })
  })
  afterAll(() => world.stop())

  test('phone and password are enough for aal1, and consent hands over what was asked for', async () => {
    const party = await world.relyingParty()
    const citizen = await world.citizen()
    const browser = world.browser()
    await enter(browser, party, citizen)
    expect(world.view).toBe('login/consent')
    await browser.submit({ decision: 'allow' }, '/consent')
    const { body: tokens } = await party.redeem(browser.callback.get('code')!)
    const claims = await party.claims(tokens.id_token)
    expect(claims).toMatchObject({ sub: String(citizen.oid), acr: 'aal1', amr: ['pwd'], nonce: party.nonce })
    expect(claims.auth_time).toBeTypeOf('number')
    expect(claims.sid).toBeTypeOf('string')
    const { body: person } = await party.userinfo(tokens.access_token)
    expect(person).toMatchObject({
      family_name: 'Ветрова',
      phone_number: citizen.phone,
      email: citizen.email,
      email_verified: true,
    })
  })

  test('a password is not enough when the relying party asks for aal2', async () => {
    const party = await world.relyingParty()
    const citizen = await world.citizen()
    const browser = world.browser()
    await enter(browser, party, citizen, { acr_values: 'aal2' })
    expect(world.view).toBe('login/code')
    await enterCode(world, browser, citizen, 0)
    await browser.submit({ decision: 'allow' }, '/consent')
    const { body: tokens } = await party.redeem(browser.callback.get('code')!)
    expect(await party.claims(tokens.id_token)).toMatchObject({
      acr: 'aal2',
      amr: expect.arrayContaining(['pwd', 'otp', 'mfa']),
    })
  })

  test('a live session is asked for nothing, then only for the missing factor', async () => {
    const party = await world.relyingParty()
    const citizen = await world.citizen()
    const { browser } = await signedIn(world, { party, citizen })
    await browser.open(party.authorizationUrl())
    expect(browser.callback.get('code')).toBeTypeOf('string')
    await browser.open(party.authorizationUrl({ acr_values: 'aal2' }))
    expect(world.view).toBe('login/code')
  })
})
