import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Browser } from '../browser-http.ts'
import type { ActingParty } from '../relying-party.ts'
import { saying } from '../saying.ts'
import { enter, enterCode, signedIn } from '../signing-in.ts'
import { type Citizen, worldOfFile } from '../world.ts'

const HERE = '/security/devices'
const AGAIN = { prompt: 'login' }
const world = worldOfFile()
let party: ActingParty
let citizen: Citizen
let browser: Browser
beforeAll(async () => {
  party = await world.relyingParty()
})
beforeEach(async () => {
  citizen = await world.citizen()
})

const types = async () => (await world.journal(citizen.oid)).map(({ type }) => type)
const trusted = async () => (await world.house.devices.list(citizen.oid)).filter(({ trustedUntil }) => trustedUntil)

/** The owner wants a second factor at each sign-in. */
async function wantsSecondFactor(): Promise<void> {
  const row = { oid: citizen.oid, chosen: JSON.stringify({ secondFactor: true }), changed_at: new Date() }
  await world.house.store.db.insertInto('account_settings').values(row).execute()
}

/** A sign-in with both factors. */
async function withCode(by: Browser, fields: Record<string, string> = {}, parameters: Record<string, string> = AGAIN) {
  const before = world.sentTo(citizen.phone)
  await enter(by, party, citizen, parameters)
  if (world.view !== 'login/code') throw new Error(`at ${world.view}`)
  const code = await world.code(citizen.phone, before)
  await by.submit({ code, ...fields }, '/factor/code')
  if (by.page.html.includes('/consent')) await by.submit({ decision: 'allow' }, '/consent')
}

/** Signed in, trusted where that is asked for. */
async function trust(): Promise<void> {
  await wantsSecondFactor()
  browser = world.browser()
  await withCode(browser, { trust: 'yes' })
}

describe('trust', () => {
  beforeEach(trust)

  test('spares the owner’s own second factor in this browser, for thirty days', async () => {
    expect(await types()).toContain('device.trusted')
    await enter(browser, party, citizen, AGAIN)
    expect(browser.callback.get('code')).not.toBeNull()
    world.travel(29 * 86_400)
    await enter(browser, party, citizen, AGAIN)
    expect(browser.callback.get('code')).not.toBeNull()
    world.travel(2 * 86_400)
    await enter(browser, party, citizen, AGAIN)
    expect(world.view).toBe('login/code')
  })

  test('is no second factor: not in acr, not in amr', async () => {
    world.travel(86_400)
    await enter(browser, party, citizen, AGAIN)
    const { body } = await party.redeem(browser.callback.get('code')!)
    expect(await party.claims(body.id_token)).toMatchObject({ acr: 'aal1', amr: ['pwd'] })
  })

  test('does not spare what a service asks for, and is not offered there', async () => {
    await enter(browser, party, citizen, { ...AGAIN, acr_values: 'aal2' })
    expect(world.view).toBe('login/code')
    expect(browser.page.html).not.toContain('name="trust"')
  })

  test('is of one browser, one account', async () => {
    await enter(world.browser(), party, citizen, AGAIN)
    expect(world.view).toBe('login/code')
    citizen = await world.citizen()
    await wantsSecondFactor()
    await enter(browser, party, citizen, AGAIN)
    expect(world.view).toBe('login/code')
  })

  test('does not come by a form that did not offer it', async () => {
    citizen = await world.citizen()
    await withCode(world.browser(), { trust: 'yes' }, { acr_values: 'aal2' })
    expect(await trusted()).toEqual([])
  })

  test.each(['distrust', 'forget'])('ends by %s', async (action) => {
    await browser.open(world.origin + HERE)
    await browser.submit({}, `/${action}`)
    expect(browser.page.status).toBe(200)
    expect(await types()).toContain('device.forgotten')
    await enter(browser, party, citizen, AGAIN)
    expect(world.view).toBe('login/code')
  })
})

test('without the box nothing is trusted', async () => {
  await wantsSecondFactor()
  await withCode(world.browser())
  expect(await trusted()).toEqual([])
})

describe('the page', () => {
  beforeEach(async () => {
    ;({ browser } = await signedIn(world, { party, citizen }))
    await signedIn(world, { party, citizen })
    await browser.open(world.origin + HERE)
  })

  const known = () => browser.page.html.match(/\/forget"/g)?.length ?? 0

  test('shows every browser, this one marked', () => {
    expect(known()).toBe(2)
    expect(browser.page.html.match(new RegExp(saying('cabinet.device_current'), 'g'))).toHaveLength(1)
  })

  test('forgets one, or all', async () => {
    await browser.submit({}, '/forget')
    expect(browser.page.html).toMatch(saying('cabinet.devices_forgotten'))
    expect(known()).toBe(1)
    await signedIn(world, { party, citizen })
    await browser.open(world.origin + HERE)
    await browser.submit({}, '/forget-all')
    expect(browser.page.html).toMatch(saying('cabinet.devices_none'))
  })

  test('refuses the device of another account', async () => {
    const owner = await world.citizen()
    await signedIn(world, { party, citizen: owner })
    const [{ ref } = { ref: '' }] = await world.house.devices.list(owner.oid)
    for (const action of ['forget', 'distrust']) {
      await browser.open(world.origin + HERE)
      await browser.post(`${HERE}/${ref}/${action}`, new URLSearchParams(browser.form('/forget').hidden).toString())
      expect(browser.page.status).toBe(404)
    }
    expect((await types()).filter((type) => type === 'cabinet.reference_refused')).toHaveLength(2)
    expect(await world.house.devices.list(owner.oid)).toHaveLength(1)
  })

  test('changes nothing by GET', async () => {
    for (const [, action] of browser.page.html.matchAll(/action="([^"]*\/forget(?:-all)?)"/g))
      await browser.open(action!)
    await browser.open(world.origin + HERE)
    expect(known()).toBe(2)
  })

  test('a change of password forgets all', async () => {
    const before = world.sentTo(citizen.phone)
    await browser.open(`${world.origin}/security/password`)
    if (world.view === 'login/code') await enterCode(world, browser, citizen, before)
    await browser.submit({ password: 'девять сухих самокатов' })
    expect(world.view).toBe('cabinet/password')
    expect(await world.house.devices.list(citizen.oid)).toEqual([])
  })
})
