import { beforeEach, describe, expect, test } from 'vitest'
import type { Browser } from '../browser-http.ts'
import type { ActingParty } from '../relying-party.ts'
import { enter, enterCode } from '../signing-in.ts'
import { type Citizen, worldOfFile } from '../world.ts'

/** Sign-ins that a thief has begun with what was stolen, and left open until the owner has put things right. */

const NEW = 'ржавый якорь поёт громко'

const world = worldOfFile()
let party: ActingParty
let citizen: Citizen
let thief: Browser
beforeEach(async () => {
  party = await world.relyingParty()
  citizen = await world.citizen()
  thief = world.browser()
})

const endAll = () => world.house.sessions.endAll(citizen.oid, { offline: 'revoked', reason: 'password_changed' })

/** Sends the last form of the sign-in and does not follow where it leads. @returns where that is */
async function finishedOnly(browser: Browser): Promise<string> {
  const { action, hidden } = browser.form('/consent')
  const response = await fetch(new URL(action, world.listens), {
    method: 'POST',
    redirect: 'manual',
    headers: {
      Cookie: browser
        .cookies(action)
        .map((cookie) => cookie.split(';', 1)[0])
        .join('; '),
      Origin: world.origin,
      'Content-Type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams({ ...hidden, decision: 'allow' }),
  })
  return response.headers.get('Location') ?? ''
}

describe('the end of all sessions is theirs as well', () => {
  test('at the question of what may be handed over', async () => {
    await enter(thief, party, citizen)
    expect(world.view).toBe('login/consent')
    await endAll()
    await thief.submit({ decision: 'allow' }, '/consent')
    expect([thief.page.status, world.view]).toEqual([200, 'login/password'])
  })

  test('at the second factor', async () => {
    const before = world.sentTo(citizen.phone)
    await enter(thief, party, citizen, { acr_values: 'aal2' })
    expect(world.view).toBe('login/code')
    await endAll()
    await enterCode(world, thief, citizen, before)
    expect([thief.page.status, world.view]).toEqual([200, 'login/password'])
  })

  test('when all is done but for following the redirect', async () => {
    await enter(thief, party, citizen)
    const onwards = await finishedOnly(thief)
    expect(onwards).toContain('/oauth2/authorize/')
    await endAll()
    await thief.open(onwards)
    expect([thief.page.status, thief.page.url.startsWith(world.origin)]).toEqual([400, true])
    expect(await world.house.sessions.list(citizen.oid)).toEqual([])
  })
})

test('whoever does follow the redirect is signed in', async () => {
  await enter(thief, party, citizen)
  await thief.open(await finishedOnly(thief))
  expect(thief.callback.get('code')).not.toBeNull()
})

test('a password changed in the cabinet is the end of them, and of nobody else’s', async () => {
  const [neighbour, other] = [await world.citizen(), world.browser()]
  await enter(thief, party, citizen)
  await enter(other, party, neighbour)
  const owner = world.browser()
  const before = world.sentTo(citizen.phone)
  await owner.open('/security/password')
  await owner.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
  await enterCode(world, owner, citizen, before)
  await owner.submit({ password: NEW }, '/security/password')
  await thief.submit({ decision: 'allow' }, '/consent')
  expect(world.view).toBe('login/password')
  await other.submit({ decision: 'allow' }, '/consent')
  expect(other.callback.get('code')).not.toBeNull()
})

test('somebody who is blocked at the second factor can do nothing more with it', async () => {
  const before = world.sentTo(citizen.phone)
  await enter(thief, party, citizen, { acr_values: 'aal2' })
  await world.block(citizen)
  await enterCode(world, thief, citizen, before)
  expect(world.view).toBe('login/password')
})
