import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Factor } from '#src/factors/factor.ts'
import type { Browser } from '../browser-http.ts'
import { enrol, factorOf } from '../factors/webauthn/enrolled.ts'
import { SoftKey } from '../factors/webauthn/soft-key.ts'
import { keyOptions } from '../login/enrolling.ts'
import type { ActingParty } from '../relying-party.ts'
import { enter, enterCode, signedIn } from '../signing-in.ts'
import { type Citizen, worldOfFile } from '../world.ts'

const world = worldOfFile()
let webauthn: Factor
let party: ActingParty
let citizen: Citizen
let key: SoftKey
beforeAll(async () => {
  webauthn = await factorOf(world)
})
beforeEach(async () => {
  party = await world.relyingParty()
  citizen = await world.citizen()
  key = new SoftKey(world.origin)
  await enrol(webauthn, citizen, key)
})

const useKey = (browser: Browser) => browser.submit({ credential: key.get(keyOptions(browser)) }, '/factor/webauthn')

async function tokensAt(browser: Browser, by = party) {
  if (browser.page.html.includes('/consent')) await browser.submit({ decision: 'allow' }, '/consent')
  const { status, body } = await by.redeem(browser.callback.get('code')!)
  expect(status).toBe(200)
  return { ...body, claims: await by.claims(body.id_token) }
}

/** Signs in with password and key, as `phr` is asked for. */
async function withKey(by = party, parameters: Record<string, string> = { acr_values: 'phr' }) {
  const browser = world.browser()
  await enter(browser, by, citizen, parameters)
  expect(world.view).toBe('factors/webauthn/prove')
  await useKey(browser)
  return { browser, tokens: await tokensAt(browser, by) }
}

describe('phr and phrh', () => {
  test('are not reached by what can be relayed, however strong', async () => {
    const browser = world.browser()
    await enter(browser, party, citizen, { acr_values: 'aal2' })
    await browser.open(`${new URL(browser.page.url).pathname}?with=code`)
    await enterCode(world, browser, citizen, 0)
    expect((await tokensAt(browser)).claims).toMatchObject({ acr: 'aal2' })
    await browser.open(party.authorizationUrl({ acr_values: 'phr', prompt: 'none' }))
    expect(browser.callback.get('error')).toBe('login_required')
    await browser.open(party.authorizationUrl({ acr_values: 'phr' }))
    expect(world.view).toBe('factors/webauthn/prove')
    expect(browser.page.html).not.toContain('?with=code')
  })

  test('are reported as they were asked for, in the order of the client', async () => {
    const { browser, tokens } = await withKey()
    expect(tokens.claims).toMatchObject({ acr: 'phr', amr: expect.arrayContaining(['pwd', 'hwk', 'mfa']) })
    for (const [asked, acr] of [
      ['phrh phr', 'phrh'],
      ['phr aal3', 'phr'],
      ['aal3 phr', 'aal3'],
      ['aal2 aal1', 'aal2'],
      ['aal1 phrh', 'aal1'],
    ]) {
      await browser.open(party.authorizationUrl({ acr_values: asked! }))
      expect((await tokensAt(browser)).claims, asked).toMatchObject({ acr })
    }
  })

  test('say nothing of the level, which the client’s own floor asks for beside them', async () => {
    key = new SoftKey(world.origin, { userVerified: false })
    citizen = await world.citizen()
    await enrol(webauthn, citizen, key)
    const strict = await world.relyingParty({ minimum_acr: 'aal3' })
    const browser = world.browser()
    await enter(browser, strict, citizen, { acr_values: 'phr' })
    expect(world.view).toBe('login/unmet')
  })

  test('may be one of several: a code does as well', async () => {
    const browser = world.browser()
    await enter(browser, party, citizen, { acr_values: 'phr aal2' })
    expect(world.view).toBe('factors/webauthn/prove')
    await browser.open(`${new URL(browser.page.url).pathname}?with=code`)
    expect(browser.page.html).toContain('?with=webauthn')
    await enterCode(world, browser, citizen, 0)
    expect((await tokensAt(browser)).claims).toMatchObject({ acr: 'aal2' })
  })

  test('are wanted by a voluntary client where there is a key, and done without where there is none', async () => {
    const voluntary = await world.relyingParty({ acr_policy: 'voluntary' })
    await withKey(voluntary)
    citizen = await world.citizen()
    const { tokens } = await signedIn(world, { party: voluntary, citizen, parameters: { acr_values: 'phr' } })
    expect(await voluntary.claims(tokens.id_token)).toMatchObject({ acr: 'aal1' })
  })
})

describe('a key that could do more than it did', () => {
  test('is not enough and asked for again, with a word on why', async () => {
    const browser = world.browser()
    await enter(browser, party, citizen, { acr_values: 'aal3' })
    await browser.submit({ credential: key.get({ ...keyOptions(browser), userVerified: false }) }, '/factor/webauthn')
    expect(browser.page.status).toBe(422)
    expect(browser.page.html).toContain('Ключ не проверил, что это вы')
    await useKey(browser)
    expect((await tokensAt(browser)).claims).toMatchObject({ acr: 'aal3' })
  })

  test('does not lower a session in which it did', async () => {
    const { browser } = await withKey(party, { acr_values: 'aal3' })
    await enter(browser, party, citizen, { acr_values: 'phr', prompt: 'login' })
    await browser.submit({ credential: key.get({ ...keyOptions(browser), userVerified: false }) }, '/factor/webauthn')
    await browser.open(party.authorizationUrl({ acr_values: 'aal3' }))
    expect((await tokensAt(browser)).claims).toMatchObject({ acr: 'aal3' })
  })
})

describe('tokens of a sign-in that was asked for phr', () => {
  test('have the level that their client demands by now, or end', async () => {
    const { tokens } = await withKey()
    await world.house.clients.save({ ...party.registration, minimum_acr: 'aal3' }, { replace: true })
    const refreshed = await party.refresh(tokens.refresh_token!)
    expect(refreshed.status).toBe(200)
    expect(await party.claims(refreshed.body.id_token)).toMatchObject({ acr: 'phr' })
    expect((await party.refresh(refreshed.body.refresh_token!)).status).toBe(200)
    expect((await party.userinfo(refreshed.body.access_token)).status).toBe(200)
  })

  test('of a key that was merely touched, without the password, are of the first level', async () => {
    key = new SoftKey(world.origin, { userVerified: false })
    citizen = await world.citizen()
    await enrol(webauthn, citizen, key)
    const { tokens } = await withKey()
    await world.house.clients.save({ ...party.registration, minimum_acr: 'aal3' }, { replace: true })
    expect((await party.refresh(tokens.refresh_token!)).status).toBe(400)
  })
})

describe('userinfo, once the client demands more than the sign-in was worth', () => {
  test('gives no claims but the challenge of RFC 9470', async () => {
    const { tokens } = await signedIn(world, { party, citizen })
    expect((await party.userinfo(tokens.access_token)).status).toBe(200)
    await world.house.clients.save({ ...party.registration, minimum_acr: 'aal2' }, { replace: true })
    const { status, body, headers } = await party.userinfo(tokens.access_token)
    expect(status).toBe(401)
    expect(body).toMatchObject({ error: 'insufficient_user_authentication' })
    expect(body).not.toHaveProperty('sub')
    expect(headers['www-authenticate']).toMatch(
      /^Bearer realm="[^"]+", error="insufficient_user_authentication", error_description="[^"]+", acr_values="aal2"$/,
    )
  })

  test('goes on for a sign-in that is strong enough', async () => {
    const { tokens } = await withKey(party, { acr_values: 'aal3' })
    await world.house.clients.save({ ...party.registration, minimum_acr: 'aal2' }, { replace: true })
    expect((await party.userinfo(tokens.access_token)).status).toBe(200)
  })
})
