import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { wordedMoment } from '#src/kernel/locale.ts'
import { addRecoveryCodes, addressIn, enterCabinet, forge } from '../authenticators.ts'
import type { Browser } from '../browser-http.ts'
import { SoftKey } from '../factors/webauthn/soft-key.ts'
import { keyOptions } from '../login/enrolling.ts'
import { saying } from '../saying.ts'
import { type Citizen, startWorld, type World } from '../world.ts'
import { inCabinet } from './cabinet.ts'

let world: World
let citizen: Citizen
let codes: string[]
let key: SoftKey
beforeAll(async () => {
  world = await startWorld()
})
beforeEach(async () => {
  citizen = await world.citizen()
  const browser = world.browser()
  codes = await addRecoveryCodes(world, citizen, browser)
  key = new SoftKey(world.origin)
  await browser.open('/security/add/webauthn')
  await browser.submit({ credential: key.create(keyOptions(browser)), name: 'Ключ' }, '/security/add/webauthn')
})
afterAll(() => world.stop())

const keys = async () => (await world.house.authenticators.list(citizen.oid)).filter(({ kind }) => kind === 'webauthn')
const waiting = () => world.house.delayedChanges.waiting(citizen.oid)
const dueInWords = async () => wordedMoment((await waiting())[0]!.dueAt, 'ru')

/** Signed in with password and SMS, which the lost key outranks. */
async function atLost(): Promise<Browser> {
  const browser = await inCabinet(world, citizen, '/security')
  await enterCabinet(world, citizen, addressIn(browser, 'webauthn', 'lost'), browser)
  expect(world.view).toBe('cabinet/authenticator-lost')
  return browser
}

describe('a key that was lost is not removed', () => {
  test('at once by a weaker sign-in: the key itself is asked for', async () => {
    const browser = await atLost()
    const address = browser.page.url.replace(/lost$/, 'remove')
    await forge(browser, address)
    expect(world.view).toBe('factors/webauthn/prove')
    await browser.open('/security/add/totp')
    expect(world.view).toBe('factors/webauthn/prove')
    expect(await keys()).toHaveLength(1)
  })

  test('with the password alone', async () => {
    const browser = await inCabinet(world, citizen, '/security')
    await browser.open(addressIn(browser, 'webauthn', 'lost'))
    expect(browser.page.html).toContain('?with=code')
  })

  test('without a recovery code, or by a wrong one', async () => {
    const browser = await atLost()
    await browser.submit({ code: '' }, '/lost')
    expect(browser.page.errors).toEqual([expect.stringMatching(saying('recovery_code.missing'))])
    await browser.submit({ code: 'AAAA-AAAA-AAAA-AAAA' }, '/lost')
    expect(browser.page.errors).toEqual([expect.stringMatching(saying('recovery_code.wrong'))])
    expect(await waiting()).toEqual([])
    const refused = (await world.journal(citizen.oid)).filter(({ type }) => type === 'factor.refused')
    expect(refused).toHaveLength(2)
  })

  test('by more guesses than a sign-in allows', async () => {
    const browser = await atLost()
    // Five as anybody, five more in a browser that the account knows.
    for (let guess = 0; guess < 12; guess++) await browser.submit({ code: 'AAAA-AAAA-AAAA-AAAA' }, '/lost')
    expect(browser.page.status).toBe(429)
    await browser.submit({ code: codes[0]! }, '/lost')
    expect([browser.page.status, await waiting()]).toEqual([429, []])
  })

  test('by one recovery code twice', async () => {
    const browser = await atLost()
    const address = browser.page.url
    await browser.submit({ code: codes[0]! }, '/lost')
    await browser.submit({}, '/stop')
    await browser.open(address)
    await browser.submit({ code: codes[0]! }, '/lost')
    expect([browser.page.status, await waiting()]).toEqual([422, []])
  })

  test('by asking twice: it waits already, and the second code is not spent', async () => {
    const left = async () => (await world.house.authenticators.list(citizen.oid)).map(({ left }) => left)
    const browser = await atLost()
    const address = browser.page.url
    const { hidden } = browser.form('/lost')
    await browser.submit({ code: codes[0]! }, '/lost')
    const before = await left()
    const told = world.sentTo(citizen.phone)
    await browser.open(address)
    expect(browser.page.html).toMatch(saying('security.removal_waits', { date: await dueInWords() }))
    expect(browser.page.html).not.toContain('name="code"')
    await browser.post(address, new URLSearchParams({ ...hidden, code: codes[1]! }).toString())
    expect([browser.page.status, (await waiting()).length, await left()]).toEqual([409, 1, before])
    expect(world.sentTo(citizen.phone)).toBe(told)
  })

  test('twice by two requests at once', async () => {
    const browser = await atLost()
    const address = browser.page.url
    const { hidden } = browser.form('/lost')
    const body = (code: string) => new URLSearchParams({ ...hidden, code }).toString()
    await Promise.all([browser.post(address, body(codes[0]!)), browser.post(address, body(codes[1]!))])
    expect(await waiting()).toHaveLength(1)
  })

  test('by whoever has no recovery codes left', async () => {
    await world.house.store.db.deleteFrom('recovery_sets').where('oid', '=', citizen.oid).execute()
    const browser = await atLost()
    expect(browser.page.html).toMatch(saying('security.lost_no_codes'))
    await forge(browser, browser.page.url, { code: codes[0]! })
    expect([browser.page.status, await waiting()]).toEqual([409, []])
  })

  test('when the owner stops it', async () => {
    const browser = await atLost()
    await browser.submit({ code: codes[0]! }, '/lost')
    expect(browser.page.html).toMatch(saying('security.done_asked'))
    await browser.submit({}, '/stop')
    expect(browser.page.html).toMatch(saying('security.done_stopped'))
    world.travel(72 * 3600 + 1)
    await world.house.delayedChanges.applyDue()
    expect(await keys()).toHaveLength(1)
  })

  test('before the 72 hours are over', async () => {
    const browser = await atLost()
    await browser.submit({ code: codes[0]! }, '/lost')
    world.travel(72 * 3600 - 60)
    await world.house.delayedChanges.applyDue()
    expect(await keys()).toHaveLength(1)
  })
})

test('a recovery code and 72 hours without an objection remove it', async () => {
  const before = world.sentTo(citizen.email)
  const browser = await atLost()
  await browser.submit({ code: codes[0]! }, '/lost')
  expect(await waiting()).toMatchObject([{ kind: 'authenticator.remove' }])
  const which = saying('change.authenticator_removed', { what: 'ключ доступа, Ключ' })
  expect(browser.page.html).toMatch(which)
  // Text message and mail name it, and so does the page of their links.
  const told = await world.message(citizen.email, before)
  expect(told.text).toMatch(which)
  const reader = world.browser()
  await reader.open(/http\S+\/changes\/[\w-]+/.exec(told.text)![0])
  expect(reader.page.html).toMatch(which)
  world.travel(72 * 3600 + 1)
  await world.house.delayedChanges.applyDue()
  expect(await keys()).toEqual([])
  const types = (await world.journal(citizen.oid)).map(({ type }) => type)
  expect(types).toContain('authenticator.removed')
  await enterCabinet(world, citizen, '/security/add/totp', browser)
  expect(world.view).toBe('factors/totp/enrol')
})

test('somebody else’s waiting change is not found', async () => {
  const browser = await atLost()
  await browser.submit({ code: codes[0]! }, '/lost')
  const stop = browser.form('/stop').action
  const stranger = await inCabinet(world, await world.citizen(), '/security')
  await forge(stranger, stop)
  expect([stranger.page.status, (await waiting()).length]).toEqual([404, 1])
})

test('what a sign-in without it is as strong as needs no 72 hours', async () => {
  const browser = await inCabinet(world, citizen, '/security')
  const [set] = (await world.house.authenticators.list(citizen.oid)).filter(({ kind }) => kind === 'recovery_code')
  await browser.open(`/security/recovery_code/${set!.id}/lost`)
  expect(world.view).toBe('factors/webauthn/prove')
  expect(browser.page.html).not.toContain('/lost"')
})
