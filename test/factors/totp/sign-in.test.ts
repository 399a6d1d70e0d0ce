import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { addApp, addressIn, appCode, wrongCode } from '../../authenticators.ts'
import type { Browser } from '../../browser-http.ts'
import type { ActingParty } from '../../relying-party.ts'
import { saying } from '../../saying.ts'
import { enter } from '../../signing-in.ts'
import { type Citizen, worldOfFile } from '../../world.ts'

const world = worldOfFile()
let party: ActingParty
let citizen: Citizen
let cabinet: Browser
let secret: string
beforeAll(async () => {
  party = await world.relyingParty()
})
beforeEach(async () => {
  citizen = await world.citizen()
  cabinet = world.browser()
  secret = await addApp(world, citizen, cabinet)
})

/** A browser that has given the password and is asked for the code of an app. */
async function atCode(browser = world.browser()): Promise<Browser> {
  await enter(browser, party, citizen, { acr_values: 'aal2' })
  await browser.open(`${browser.page.url}?with=totp`)
  expect(world.view).toBe('factors/totp/code')
  return browser
}

const answer = (browser: Browser, code: string) => browser.submit({ code }, '/factor/totp')
const isPast = (browser: Browser) => browser.page.html.includes('/consent')

describe('a code does not pass', () => {
  test.each([
    ['that is none', () => '12345', 'totp.missing'],
    ['that is wrong', () => wrongCode(secret), 'totp.wrong'],
    ['of a minute ago', () => appCode(secret, -2), 'totp.wrong'],
    ['of a minute ahead', () => appCode(secret, 2), 'totp.wrong'],
  ])('%s', async (_which, code, refusal) => {
    world.travel(90)
    const browser = await atCode()
    await answer(browser, code())
    expect([browser.page.status, browser.page.errors]).toEqual([422, [expect.stringMatching(saying(refusal))]])
  })

  test('that added the device', async () => {
    const browser = await atCode()
    await answer(browser, appCode(secret))
    expect(browser.page.errors).toEqual([expect.stringMatching(saying('totp.used'))])
  })

  test('twice', async () => {
    world.travel(60)
    const code = appCode(secret)
    const browser = await atCode()
    await answer(browser, code)
    expect(isPast(browser)).toBe(true)
    const second = await atCode()
    await answer(second, code)
    expect(second.page.errors).toEqual([expect.stringMatching(saying('totp.used'))])
  })

  test('after a later one, though it is of a step that still counts', async () => {
    world.travel(60)
    const now = appCode(secret)
    const ahead = appCode(secret, 1)
    await answer(await atCode(), ahead)
    const browser = await atCode()
    await answer(browser, now)
    expect(browser.page.errors).toEqual([expect.stringMatching(saying('totp.used'))])
  })

  test('of a device that was removed', async () => {
    await cabinet.open('/security')
    const removal = addressIn(cabinet, 'totp', 'remove')
    await addApp(world, citizen, cabinet)
    await cabinet.open(removal)
    await cabinet.submit({}, '/remove')
    world.travel(60)
    const browser = await atCode()
    await answer(browser, appCode(secret))
    expect(browser.page.errors).toEqual([expect.stringMatching(saying('totp.wrong'))])
  })
})

test.each([-1, 0, 1])('a code %i steps off passes, and with the password makes aal2', async (steps) => {
  world.travel(90)
  const browser = await atCode()
  await answer(browser, appCode(secret, steps))
  await browser.submit({ decision: 'allow' }, '/consent')
  const { body } = await party.redeem(browser.callback.get('code')!)
  expect(await party.claims(body.id_token)).toMatchObject({ acr: 'aal2', amr: ['pwd', 'otp', 'mfa'] })
})

test('each of several devices has steps of its own', async () => {
  const other = await addApp(world, citizen, cabinet)
  world.travel(60)
  const first = await atCode()
  await answer(first, appCode(secret))
  const second = await atCode()
  await answer(second, appCode(other))
  expect([isPast(first), isPast(second)]).toEqual([true, true])
  const used = (await world.house.authenticators.list(citizen.oid)).filter(({ kind }) => kind === 'totp')
  expect(used.map(({ usedAt }) => usedAt !== undefined)).toEqual([true, true])
})

test('further ways are within reach', async () => {
  world.travel(60)
  const browser = await atCode()
  expect(browser.page.html).toContain('?with=code')
})
