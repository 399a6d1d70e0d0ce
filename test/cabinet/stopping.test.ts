import { beforeEach, describe, expect, test } from 'vitest'
import { addRecoveryCodes, addressIn, enterCabinet, forge } from '../authenticators.ts'
import type { Browser } from '../browser-http.ts'
import { SoftKey } from '../factors/webauthn/soft-key.ts'
import { keyOptions } from '../login/enrolling.ts'
import { saying } from '../saying.ts'
import { type Citizen, worldOfFile } from '../world.ts'
import { inCabinet } from './cabinet.ts'
import { EMAIL, linkTo, PHONE } from './changing-contacts.ts'

/** A lost key waits for its removal: the owner's way back, which whoever has the password must not be able to stop each time. */

const world = worldOfFile()
let citizen: Citizen
let codes: string[]
let key: SoftKey
/** The session that asked: password, SMS, and a recovery code. */
let owner: Browser
let id: string

beforeEach(async () => {
  world.travel(61)
  await world.forgetAttempts()
  citizen = await world.citizen()
  const before = world.browser()
  codes = await addRecoveryCodes(world, citizen, before)
  key = new SoftKey(world.origin)
  await before.open('/security/add/webauthn')
  await before.submit({ credential: key.create(keyOptions(before)), name: 'Ключ' }, '/security/add/webauthn')
  world.travel(61)
  owner = await inCabinet(world, citizen, '/security')
  await enterCabinet(world, citizen, addressIn(owner, 'webauthn', 'lost'), owner)
  await owner.submit({ code: codes[0]! }, '/lost')
  expect(owner.page.html).toMatch(saying('security.done_asked'))
  id = (await waiting())[0]!.id
  world.travel(61)
})

const waiting = () => world.house.delayedChanges.waiting(citizen.oid)

/** Every door of the cabinet that stops something. */
const doors = (): [string, Record<string, string>][] => [
  [`/security/changes/${id}/stop`, {}],
  [`${PHONE}/stop`, { id }],
  [`${EMAIL}/stop`, { id }],
]

async function stopsNothing(browser: Browser): Promise<void> {
  for (const [path, fields] of doors()) {
    await browser.open('/security')
    expect(world.view).toBe('cabinet/security')
    await forge(browser, path, fields)
    expect([path, world.view.startsWith('cabinet/'), (await waiting()).length]).toEqual([path, false, 1])
  }
}

describe('a change that waits is not stopped', () => {
  test('by a session of the password alone', async () => {
    await stopsNothing(await inCabinet(world, citizen, '/security'))
  })

  test('by one of password and SMS, as the one that asked is', async () => {
    const thief = await inCabinet(world, citizen, '/security')
    await enterCabinet(world, citizen, addressIn(thief, 'webauthn', 'lost'), thief)
    expect(world.view).toBe('cabinet/authenticator-lost')
    await stopsNothing(thief)
  })

  test('by the strongest one, five minutes after its proof', async () => {
    const browser = await strongest()
    world.travel(301)
    await stopsNothing(browser)
  })
})

describe('it is stopped', () => {
  test('by the session that asked for it, with what it was asked for by', async () => {
    world.travel(500)
    await owner.open('/security')
    await owner.submit({}, '/stop')
    expect(owner.page.html).toMatch(saying('security.done_stopped'))
    expect(await waiting()).toEqual([])
  })

  test('by the strongest proof of the account in any other', async () => {
    const browser = await strongest()
    await browser.open('/security')
    await browser.submit({}, '/stop')
    expect(browser.page.html).toMatch(saying('security.done_stopped'))
    expect(await waiting()).toEqual([])
  })

  test('by the link of a notice, without a sign-in', async () => {
    const browser = world.browser()
    await browser.open(await linkTo(world, citizen.email, 'changes'))
    await browser.submit({})
    expect([world.view, await waiting()]).toEqual(['accounts/change-stopped', []])
  })
})

/** Another session, with the key that was found again. */
async function strongest(): Promise<Browser> {
  const browser = await inCabinet(world, citizen, '/security')
  await browser.open('/security/add/totp')
  await browser.submit({ credential: key.get(keyOptions(browser)) }, '/factor/webauthn')
  expect(world.view).toBe('factors/totp/enrol')
  return browser
}
