import supertest from 'supertest'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ticketHash } from '#src/kernel/ids.ts'
import type { Browser } from '../../browser-http.ts'
import type { ActingParty, Tokens } from '../../relying-party.ts'
import { enterCode, signedIn } from '../../signing-in.ts'
import { type Citizen, worldOfFile } from '../../world.ts'

const world = worldOfFile({ env: { TRUSTED_PROXIES: '127.0.0.1,::1' } })
let party: ActingParty
let citizen: Citizen
let browser: Browser
let tokens: Tokens
beforeAll(async () => {
  party = await world.relyingParty()
})
beforeEach(async () => {
  citizen = await world.citizen()
  ;({ browser, tokens } = await signedIn(world, { party, citizen }))
})

const sessions = () => world.house.sessions
const ending = { offline: 'kept', reason: 'test' } as const

async function isSignedIn(by: Browser = browser): Promise<boolean> {
  await by.open(party.authorizationUrl({ prompt: 'none' }))
  return by.callback.get('code') !== null
}

async function only(oid = citizen.oid) {
  const list = await sessions().list(oid)
  expect(list).toHaveLength(1)
  return list[0]!
}

describe('the list', () => {
  test('tells device, place, times, level and services', async () => {
    const session = await only()
    const token = await world.house.providers.current.AccessToken.find(tokens.access_token)
    expect(session).toMatchObject({
      ref: ticketHash(token!.sessionUid!),
      device: 'Mozilla/5.0 (X11; Linux x86_64) Test/1.0',
      address: expect.stringMatching(/127\.0\.0\.1|::1/),
      country: undefined,
      level: 'aal1',
      clients: [party.registration.client_id],
    })
  })

  test('tells the country of the address, where it was used last', async () => {
    const { pathname, search } = new URL(party.authorizationUrl({ prompt: 'none' }))
    const cookies = browser.cookies().map((cookie) => cookie.split(';', 1)[0])
    await supertest(world.listens)
      .get(pathname + search)
      .set('Cookie', cookies.join('; '))
      .set('X-Forwarded-For', '77.88.55.88')
    expect(await only()).toMatchObject({ address: '77.88.55.88', country: 'RU' })
  })

  test('moves along with the use, the one used last first', async () => {
    const { begunAt } = await only()
    world.travel(60)
    const second = await signedIn(world, { party, citizen })
    world.travel(600)
    await isSignedIn()
    const [first, other] = await sessions().list(citizen.oid)
    expect(first!.begunAt).toEqual(begunAt)
    expect(first!.seenAt.getTime() - first!.begunAt.getTime()).toBeGreaterThanOrEqual(660_000)
    await isSignedIn(second.browser)
    expect((await sessions().list(citizen.oid))[0]).toMatchObject({ ref: other!.ref, begunAt: other!.begunAt })
  })

  test('keeps one line for a session that is strengthened, with the sign-ins that made it', async () => {
    const { ref } = await only()
    expect(await sessions().originsOf(citizen.oid, ref)).toHaveLength(2)
    const before = world.sentTo(citizen.phone)
    await browser.open(party.authorizationUrl({ acr_values: 'aal2' }))
    await enterCode(world, browser, citizen, before)
    expect(await only()).toMatchObject({ ref, level: 'aal2' })
    const origins = await sessions().originsOf(citizen.oid, ref)
    expect(origins).toHaveLength(3)
    expect(origins[0]).toBe(ref)
    for (const origin of origins)
      expect(new Set(await sessions().originsOf(citizen.oid, origin))).toEqual(new Set(origins))
  })

  test('has none that its browser ended, that rested too long, or that is twelve hours old', async () => {
    await browser.open('/oauth2/logout')
    await browser.submit({ logout: 'yes' })
    expect(await sessions().list(citizen.oid)).toEqual([])
    await signedIn(world, { browser, party, citizen })
    await only()
    world.travel(3700)
    expect(await sessions().list(citizen.oid)).toEqual([])
  })

  test('of somebody else is theirs', async () => {
    const stranger = await world.citizen()
    await signedIn(world, { party, citizen: stranger })
    expect((await only(stranger.oid)).ref).not.toBe((await only()).ref)
  })

  test('changes hands with the person who signs in', async () => {
    const stranger = await world.citizen()
    const { ref } = await only()
    await browser.open(party.authorizationUrl({ prompt: 'login' }))
    await browser.submit({ identifier: stranger.phone, password: stranger.password }, '/identify')
    await browser.submit({ decision: 'allow' }, '/consent')
    // The provider ends the session of the person before through a form that the browser sends by itself.
    await browser.submit({})
    expect((await only(stranger.oid)).ref).not.toBe(ref)
    expect(await sessions().list(citizen.oid)).toEqual([])
  })
})

describe('ending one', () => {
  test('refuses the ref of another account and leaves the session alone', async () => {
    const stranger = await world.citizen()
    await signedIn(world, { party, citizen: stranger })
    expect(await sessions().end(stranger.oid, (await only()).ref, ending)).toBe(false)
    expect(await sessions().end(citizen.oid, 'x', ending)).toBe(false)
    const [, origin] = await sessions().originsOf(citizen.oid, (await only()).ref)
    expect(await sessions().end(citizen.oid, origin!, ending)).toBe(false)
    expect(await isSignedIn()).toBe(true)
    expect((await party.userinfo(tokens.access_token)).status).toBe(200)
  })

  test('ends it with its tokens, and is journalled with the reason', async () => {
    const { ref } = await only()
    expect(await sessions().end(citizen.oid, ref, ending)).toBe(true)
    expect((await party.userinfo(tokens.access_token)).status).toBe(401)
    expect((await party.refresh(tokens.refresh_token!)).status).toBe(400)
    expect(await isSignedIn()).toBe(false)
    expect(await sessions().list(citizen.oid)).toEqual([])
    expect((await world.journal(citizen.oid))[0]).toMatchObject({
      type: 'session.ended',
      fields: { account: citizen.oid, scope: 'everywhere', reason: 'test', session: ref },
    })
  })

  test('twice is journalled once', async () => {
    const { ref } = await only()
    expect(await Promise.all([1, 2].map(() => sessions().end(citizen.oid, ref, ending)))).toEqual([true, true])
    expect(await sessions().end(citizen.oid, ref, ending)).toBe(true)
    const types = (await world.journal(citizen.oid)).map(({ type }) => type)
    expect(types.filter((type) => type === 'session.ended').length).toBeLessThanOrEqual(2)
    expect(types[0]).toBe('session.ended')
  })
})

describe('ending all', () => {
  test('but one', async () => {
    const kept = await only()
    const others = [await signedIn(world, { party, citizen }), await signedIn(world, { party, citizen })]
    expect(await sessions().endAll(citizen.oid, { ...ending, except: kept.ref })).toBe(2)
    expect((await only()).ref).toBe(kept.ref)
    for (const other of others) expect(await isSignedIn(other.browser)).toBe(false)
    expect(await isSignedIn()).toBe(true)
    expect(await sessions().endAll(citizen.oid, ending)).toBe(1)
    expect(await isSignedIn()).toBe(false)
  })

  describe.each(['kept', 'revoked'] as const)('with offline access %s', (offline) => {
    const parameters = { scope: 'openid offline_access', prompt: 'consent' }
    const status = offline === 'kept' ? 200 : 400

    test('as it says, of a session that goes on', async () => {
      const held = await signedIn(world, { party, citizen, parameters })
      await sessions().endAll(citizen.oid, { ...ending, offline })
      expect((await party.refresh(held.tokens.refresh_token!)).status).toBe(status)
    })

    test('as it says, of a session that is over already', async () => {
      const held = await signedIn(world, { party, citizen, parameters })
      await held.browser.open('/oauth2/logout')
      await held.browser.submit({ logout: 'yes' })
      const { status: before, body } = await party.refresh(held.tokens.refresh_token!)
      expect(before).toBe(200)
      world.travel(13 * 3600)
      await sessions().endAll(citizen.oid, { ...ending, offline })
      expect((await party.refresh(body.refresh_token!)).status).toBe(status)
    })
  })
})
