import { beforeEach, describe, expect, test } from 'vitest'
import { addApp, addRecoveryCodes, enterCabinet } from '../authenticators.ts'
import type { Browser } from '../browser-http.ts'
import { saying } from '../saying.ts'
import { enter } from '../signing-in.ts'
import { type Citizen, worldOfFile } from '../world.ts'
import { settingsOf } from './cabinet.ts'

const world = worldOfFile()
let citizen: Citizen
let browser: Browser
beforeEach(async () => {
  citizen = await world.citizen()
  browser = world.browser()
})

const events = async (type: string) => (await world.journal(citizen.oid)).filter((event) => event.type === type)

test('the list shows everything that opens the account, what it is worth, and when it was used last', async () => {
  await addApp(world, citizen, browser, 'Рабочий телефон')
  await addRecoveryCodes(world, citizen, browser)
  await browser.open('/security')
  expect(world.view).toBe('cabinet/security')
  for (const text of ['factor.password', 'factor.code', 'factor.totp', 'factor.recovery_code'])
    expect(browser.page.html).toMatch(saying(text))
  for (const text of ['security.worth_first', 'security.worth_second', 'security.worth_spare'])
    expect(browser.page.html).toMatch(saying(text))
  expect(browser.page.html).toContain('Рабочий телефон')
  expect(browser.page.html).toMatch(saying('security.left', { count: 10 }))
  const listed = await world.house.authenticators.list(citizen.oid)
  expect(
    Object.fromEntries(listed.map(({ kind, id, usedAt }) => [`${kind}:${id}`, usedAt !== undefined])),
  ).toMatchObject({ 'password:': true, 'code:sms': true, 'recovery_code:set': false })
})

describe('a second factor at each sign-in', () => {
  test('is not set by a form without a choice', async () => {
    await enterCabinet(world, citizen, '/security/password', browser)
    await browser.open('/security')
    await browser.submit({}, '/second-factor')
    expect(browser.page.errors).toEqual([expect.stringMatching(saying('cabinet.choice_missing'))])
    expect((await settingsOf(world, citizen)).secondFactor).toBeUndefined()
  })

  test('is asked for once the owner wants it, and no more when not', async () => {
    const party = await world.relyingParty()
    await enterCabinet(world, citizen, '/security/password', browser)
    await browser.open('/security')
    const before = world.sentTo(citizen.email)
    await browser.submit({ secondFactor: 'yes' }, '/second-factor')
    expect(browser.page.html).toMatch(saying('security.done_saved'))
    expect((await world.message(citizen.email, before)).subject).toMatch(/второй шаг/)
    await enter(world.browser(), party, citizen)
    expect(world.view).toBe('login/code')
    await browser.submit({ secondFactor: 'no' }, '/second-factor')
    await enter(world.browser(), party, citizen)
    expect(world.view).toBe('login/consent')
    expect((await events('settings.second_factor_chosen')).map(({ fields }) => fields.value)).toEqual(['false', 'true'])
  })
})

describe('the second factor that is offered first', () => {
  test('is none that the account has not', async () => {
    await addApp(world, citizen, browser)
    await browser.open('/security')
    for (const preferredFactor of ['webauthn', 'password', 'recovery_code', '']) {
      await browser.submit({ preferredFactor }, '/preferred')
      expect([preferredFactor, browser.page.status]).toEqual([preferredFactor, 422])
    }
    expect((await settingsOf(world, citizen)).preferredFactor).toBeUndefined()
  })

  test('is the one that the owner prefers', async () => {
    await addApp(world, citizen, browser)
    await browser.open('/security')
    await browser.submit({ preferredFactor: 'totp' }, '/preferred')
    const party = await world.relyingParty()
    const before = world.sentTo(citizen.phone)
    const another = world.browser()
    await enter(another, party, citizen, { acr_values: 'aal2' })
    expect([world.view, world.sentTo(citizen.phone)]).toEqual(['factors/totp/code', before])
    expect(another.page.html).toContain('?with=code')
  })
})
