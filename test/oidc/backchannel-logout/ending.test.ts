import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Browser } from '../../browser-http.ts'
import { startBeside } from '../../hostile/second-process.ts'
import type { ActingParty, Tokens } from '../../relying-party.ts'
import { signedIn } from '../../signing-in.ts'
import { type Citizen, startWorld, type World } from '../../world.ts'
import { Listener } from './listener.ts'

/** A session ended from elsewhere than its own browser. */

let listener: Listener
let world: World
let party: ActingParty
let citizen: Citizen
let browser: Browser
let tokens: Tokens
let uid: string
beforeAll(async () => {
  listener = await Listener.start()
  world = await startWorld({ env: { OUTBOUND_ORIGINS: listener.origin } })
  party = await world.relyingParty({ backchannel_logout_uri: `${listener.origin}/logout` })
})
beforeEach(async () => {
  listener.heard.length = 0
  citizen = await world.citizen()
  ;({ browser, tokens } = await signedIn(world, { party, citizen }))
  uid = await sessionOf(tokens)
})
afterAll(async () => {
  await world?.stop()
  await listener?.stop()
})

/** The uid of the session that an access token was given in. */
async function sessionOf({ access_token }: Tokens): Promise<string> {
  const token = await world.house.providers.current.AccessToken.find(access_token)
  return token!.sessionUid!
}

async function isSignedIn(by: Browser = browser): Promise<boolean> {
  await by.open(party.authorizationUrl({ prompt: 'none' }))
  return by.callback.get('code') !== null
}

describe('ending a session from elsewhere', () => {
  test('ends it, its tokens and its grant, and tells the relying party', async () => {
    expect(await world.house.endSession(uid, { offline: 'kept' })).toEqual({ accountId: citizen.oid })
    expect((await party.userinfo(tokens.access_token)).status).toBe(401)
    expect((await party.refresh(tokens.refresh_token!)).status).toBe(400)
    expect(await isSignedIn()).toBe(false)
    await listener.next('/logout')
  })
  test('leaves the other sessions of the same person', async () => {
    const phone = await signedIn(world, { party, citizen })
    await world.house.endSession(uid, { offline: 'kept' })
    expect(await isSignedIn(phone.browser)).toBe(true)
    expect((await party.userinfo(phone.tokens.access_token)).status).toBe(200)
  })
  test.each([
    ['kept', 200],
    ['revoked', 400],
  ] as const)('what has offline_access is %s', async (offline, status) => {
    const parameters = { scope: 'openid offline_access', prompt: 'consent' }
    const held = await signedIn(world, { party, citizen: await world.citizen(), parameters })
    await world.house.endSession(await sessionOf(held.tokens), { offline })
    expect((await party.refresh(held.tokens.refresh_token!)).status).toBe(status)
    expect(await isSignedIn(held.browser)).toBe(false)
  })
  test('what has offline_access is revoked too where the person agreed to more since', async () => {
    const parameters = { scope: 'openid offline_access', prompt: 'consent' }
    const held = await signedIn(world, { party, citizen: await world.citizen(), parameters })
    await held.browser.open(party.authorizationUrl({ scope: 'openid email' }))
    await held.browser.submit({ decision: 'allow' }, '/consent')
    const { body } = await party.refresh(held.tokens.refresh_token!)
    expect(body).toHaveProperty('refresh_token')
    await world.house.endSession(await sessionOf(held.tokens), { offline: 'revoked' })
    expect((await party.refresh(body.refresh_token!)).status).toBe(400)
  })
  test('is in force in another process at once', async () => {
    const second = await startBeside(world)
    await world.house.endSession(uid, { offline: 'kept' })
    expect((await party.userinfo(tokens.access_token, second.listens)).status).toBe(401)
    await second.stop()
  })
  test('of nobody does nothing', async () => {
    expect(await world.house.endSession('unknown', { offline: 'revoked' })).toBeUndefined()
    expect(await isSignedIn()).toBe(true)
  })
})

describe('an ended session does not come back', () => {
  /** Requests that have read the session and store it again when they end. */
  const hammering = async (stop: () => boolean) => {
    while (!stop()) await browser.open(party.authorizationUrl({ prompt: 'none' }))
  }
  test('through requests that were under way with its cookie', async () => {
    let ended = false
    const thieves = Array.from({ length: 3 }, () => hammering(() => ended).catch(() => {}))
    await new Promise((resume) => setTimeout(resume, 50))
    await world.house.endSession(uid, { offline: 'kept' })
    ended = true
    await Promise.all(thieves)
    expect(await isSignedIn()).toBe(false)
  })
  test('when it is stored once more under a new id', async () => {
    const { Session } = world.house.providers.current
    const read = (await Session.findByUid(uid))!
    await world.house.endSession(uid, { offline: 'kept' })
    await (read as unknown as { save(ttlSeconds: number): Promise<string> }).save(3600)
    expect(await Session.findByUid(uid)).toBeUndefined()
    expect(await Session.find(read.jti)).toBeUndefined()
  })
  test('nor after a sign-out by the person', async () => {
    const { Session } = world.house.providers.current
    const read = (await Session.findByUid(uid))!
    await browser.open('/oauth2/logout')
    await browser.submit({ logout: 'yes' })
    await (read as unknown as { save(ttlSeconds: number): Promise<string> }).save(3600)
    expect(await Session.find(read.jti)).toBeUndefined()
  })
})
