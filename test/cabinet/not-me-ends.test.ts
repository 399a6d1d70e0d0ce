import { beforeEach, describe, expect, test } from 'vitest'
import type { Browser } from '../browser-http.ts'
import { matches, NEW_PASSWORD, proven, provenTwice, proveOther } from '../recovery/acting.ts'
import { enter } from '../signing-in.ts'
import { type Citizen, worldOfFile } from '../world.ts'
import { inCabinet } from './cabinet.ts'
import { linkTo } from './changing-contacts.ts'
import { isSignedOut, linksTo, ownerAtHome, press, thiefWithApp } from './reporting.ts'

/** What a thief has begun, and has not come back for yet when the owner presses the button. */

const world = worldOfFile()
let citizen: Citizen
let thief: Browser
beforeEach(async () => {
  world.travel(61)
  citizen = await world.citizen()
  await ownerAtHome(world, citizen)
  thief = world.browser()
})

const endAll = () => world.house.sessions.endAll(citizen.oid, { offline: 'revoked', reason: 'ended_by_owner' })

describe.each([
  ['a mail', () => linksTo(world, citizen).then(([link]) => link!)],
  ['a text message', () => linkTo(world, citizen.phone, 'not-me')],
])('by the link of %s', (_what, linkOf) => {
  test('a sign-in that waits for its last answer ends as well', async () => {
    const party = await world.relyingParty()
    await thiefWithApp(world, citizen)
    const link = await linkOf()
    await enter(thief, party, citizen)
    expect(world.view).toBe('login/consent')
    world.travel(1)
    await press(world, link)
    await thief.submit({ decision: 'allow' }, '/consent')
    expect(world.view).toBe('login/password')
  })

  test('a recovery whose password is still to be set ends', async () => {
    await provenTwice(world, thief, citizen)
    expect(world.view).toBe('recovery/password')
    world.travel(61)
    await thiefWithApp(world, citizen)
    await press(world, await linkOf())
    await thief.submit({ password: NEW_PASSWORD }, '/recovery/password')
    expect(thief.page.url).toContain('/recovery?over')
    expect(await matches(world, citizen, citizen.password)).toBe(true)
  })
})

describe('a recovery ends', () => {
  test('with all sessions, at whatever step it stands', async () => {
    await proven(world, thief, citizen.email)
    world.travel(1)
    await endAll()
    await thief.open('/recovery/further?with=code')
    expect(thief.page.url).toContain('/recovery?over')
    world.travel(61)
    await proven(world, thief, citizen.phone)
    expect(world.view).toBe('recovery/ways')
  })

  test('with a new password', async () => {
    await provenTwice(world, thief, citizen)
    world.travel(61)
    const owner = world.browser()
    await proven(world, owner, citizen.phone)
    await proveOther(world, owner, citizen.email)
    await owner.submit({ password: NEW_PASSWORD }, '/recovery/password')
    expect(world.view).toBe('recovery/done')
    await thief.submit({ password: 'совсем другой пароль вора' }, '/recovery/password')
    expect(thief.page.url).toContain('/recovery?over')
    expect(await matches(world, citizen, NEW_PASSWORD)).toBe(true)
  })

  test('also while the new password is being checked', async () => {
    await provenTwice(world, thief, citizen)
    world.travel(1)
    const answered = thief.submit({ password: NEW_PASSWORD }, '/recovery/password')
    await endAll()
    await answered
    if (world.view !== 'recovery/done') expect(await matches(world, citizen, citizen.password)).toBe(true)
  })
})

test('of a password that was set by somebody else every session ends, and it opens nothing any more', async () => {
  await provenTwice(world, thief, citizen)
  await thief.submit({ password: NEW_PASSWORD }, '/recovery/password')
  const link = await linkTo(world, citizen.email, 'not-me')
  world.travel(61)
  const signedIn = await inCabinet(world, { ...citizen, password: NEW_PASSWORD }, '/account')
  expect(await isSignedOut(world, signedIn)).toBe(false)
  await press(world, link)
  expect(await isSignedOut(world, signedIn)).toBe(true)
  expect(await matches(world, citizen, NEW_PASSWORD)).toBe(false)
  const owner = world.browser()
  world.travel(61)
  await provenTwice(world, owner, citizen)
  await owner.submit({ password: 'возвращённый хозяину сарай' }, '/recovery/password')
  expect(world.view).toBe('recovery/done')
})
