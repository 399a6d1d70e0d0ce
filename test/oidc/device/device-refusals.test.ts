import { beforeAll, describe, expect, test } from 'vitest'
import type { Browser } from '../../browser-http.ts'
import type { ActingParty } from '../../relying-party.ts'
import { SOME, saying } from '../../saying.ts'
import { type Citizen, worldOfFile } from '../../world.ts'
import { type Begun, beginDevice, deviceClient, poll } from './acting-device.ts'

const world = worldOfFile({ env: { TRUSTED_PROXIES: '127.0.0.1,::1' } })
let party: ActingParty
beforeAll(async () => {
  party = await deviceClient(world)
})

async function typed(userCode: string, browser = world.browser()): Promise<Browser> {
  await browser.open('/device')
  await browser.submit({ user_code: userCode }, '/device')
  return browser
}

/** A browser whose person has approved a device's request. */
async function approved(begun: Begun): Promise<{ browser: Browser; citizen: Citizen }> {
  const citizen = await world.citizen()
  const browser = await typed(begun.user_code)
  await browser.submit({ confirm: 'yes' }, '/device')
  await browser.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
  await browser.submit({ decision: 'allow' }, '/consent')
  return { browser, citizen }
}

async function block({ oid }: Citizen, state: 'blocked' | 'active' = 'blocked'): Promise<void> {
  await world.house.store.db.updateTable('accounts').set({ state }).where('oid', '=', oid).execute()
}

describe('the code', () => {
  test.each([
    ['small letters', (code: string) => code.toLowerCase()],
    ['spaces for the dash', (code: string) => ` ${code.replace('-', ' ')} `],
    ['no dash', (code: string) => code.replace('-', '')],
    ['another dash', (code: string) => code.replace('-', '–')],
  ])('is taken with %s', async (_how, spelt) => {
    const { user_code } = await beginDevice(world, party)
    const { page } = await typed(spelt(user_code))
    expect(world.view).toBe('oidc/device-confirm')
    expect(page.html).toContain(user_code)
  })

  test('one mistyped, unknown, expired, refused or used is answered alike, and kept', async () => {
    const refused = await beginDevice(world, party)
    await (await typed(refused.user_code)).submit({ abort: 'yes' }, '/device')
    const used = await beginDevice(world, party)
    await approved(used)
    const codes = ['BBBB-BBBB', 'junk', '🦔 <b>', refused.user_code, used.user_code]
    const answers = []
    for (const code of codes) {
      const { page } = await typed(code)
      expect(page.html).toContain(code.replace('<', '&lt;').replace('>', '&gt;'))
      answers.push({ status: page.status, errors: page.errors, title: page.title })
    }
    expect(answers[0]).toMatchObject({ status: 422, errors: [expect.stringMatching(saying('device.code_wrong'))] })
    for (const answer of answers) expect(answer).toEqual(answers[0])
  })

  test('an empty field is said to be empty', async () => {
    expect((await typed('')).page.errors).toEqual([expect.stringMatching(saying('device.code_missing'))])
  })

  test('a network that guesses has to wait; another has not, and right codes cost nothing', async () => {
    const from = (address: string) => ({ 'X-Forwarded-For': address })
    const browser = world.browser()
    const send = async (userCode: string, address: string) => {
      await browser.open('/device')
      const { hidden } = browser.form('/device')
      return browser.post('/device', new URLSearchParams({ ...hidden, user_code: userCode }).toString(), from(address))
    }
    const { user_code } = await beginDevice(world, party)
    for (let n = 0; n < 12; n++) expect((await send(user_code, '198.51.100.7')).status).toBe(200)
    for (let n = 0; n < 10; n++) expect((await send('CCCC-CCCC', '198.51.100.7')).status).toBe(422)
    const slowed = await send(user_code, '198.51.100.8')
    expect(slowed.status).toBe(429)
    expect(slowed.errors).toEqual([expect.stringMatching(saying('device.too_fast', { seconds: SOME }))])
    expect(slowed.html).toContain(user_code)
    expect((await send(user_code, '203.0.113.1')).status).toBe(200)
  })

  test('the address with the code in it asks all the same', async () => {
    const begun = await beginDevice(world, party)
    const browser = world.browser()
    await browser.open(begun.verification_uri_complete)
    expect(world.view).toBe('oidc/continue')
    await browser.submit({})
    expect(world.view).toBe('oidc/device-confirm')
    expect((await poll(party, begun)).body.error).toBe('authorization_pending')
  })
})

describe('the page that compares', () => {
  test('names the service, the device and whether its network is another', async () => {
    const here = await beginDevice(world, party)
    expect((await typed(here.user_code)).page.html).toMatch(saying('device.network_same'))
    for (const shown of ['LG TV', 'Соцвыплаты онлайн']) expect((await typed(here.user_code)).page.html).toContain(shown)
    const browser = world.browser({ locale: 'en' })
    await browser.open('/device')
    const body = new URLSearchParams({ ...browser.form('/device').hidden, user_code: here.user_code }).toString()
    const { html } = await browser.post('/device', body, { 'X-Forwarded-For': '192.0.2.20' })
    expect(html).toMatch(saying('device.network_other', {}, 'en'))
    expect(html).toContain('Social benefits online')
    expect(html).toMatch(saying('device.warning', {}, 'en'))
  })

  test('a form without the secret of this browser decides nothing', async () => {
    const begun = await beginDevice(world, party)
    const browser = await typed(begun.user_code)
    const { status } = await browser.post('/device', `user_code=${begun.user_code}&confirm=yes&xsrf=forged`)
    expect(status).toBe(400)
    expect(browser.page.errors).toEqual([expect.stringMatching(saying('device.stale'))])
    expect((await poll(party, begun)).body.error).toBe('authorization_pending')
  })

  test('a browser without any session begins with the page of the code', async () => {
    for (const open of [
      (browser: Browser) => browser.post('/device', 'user_code=BBBB-BBBB'),
      (browser: Browser) => browser.open('/device/nobodys'),
    ]) {
      const browser = world.browser()
      expect((await open(browser)).status).toBe(200)
      expect([world.view, browser.page.errors]).toEqual(['oidc/device', []])
    }
  })

  test('of two browsers that decide at once, one does', async () => {
    const begun = await beginDevice(world, party)
    const browsers = await Promise.all([typed(begun.user_code), typed(begun.user_code), typed(begun.user_code)])
    await Promise.all(browsers.map((browser) => browser.submit({ confirm: 'yes' }, '/device')))
    expect(browsers.filter(({ page }) => page.url.includes('/login/'))).toHaveLength(1)
    expect(browsers.filter(({ page }) => page.status === 422)).toHaveLength(2)
  })
})

describe('the device', () => {
  test('that asks too often is told to slow down, and hears of it when it waited', async () => {
    const begun = await beginDevice(world, party)
    const errors = []
    for (let n = 0; n < 3; n++) errors.push((await poll(party, begun)).body.error)
    expect(errors).toEqual(['authorization_pending', 'slow_down', 'slow_down'])
    world.travel(6)
    expect((await poll(party, begun)).body.error).toBe('authorization_pending')
    await approved(begun)
    expect((await poll(party, begun)).status).toBe(200)
  })

  test('that waits too long is told so', async () => {
    const begun = await beginDevice(world, party)
    world.travel(601)
    expect((await poll(party, begun)).body.error).toBe('expired_token')
    expect((await typed(begun.user_code)).page.status).toBe(422)
  })

  test('gets nothing for another client’s code', async () => {
    const begun = await beginDevice(world, party)
    await approved(begun)
    expect((await poll(await deviceClient(world), begun)).body.error).toBe('invalid_grant')
    expect((await poll(party, begun)).status).toBe(200)
  })

  test('redeems its code once: a second time takes back what the first one gave', async () => {
    const begun = await beginDevice(world, party)
    await approved(begun)
    const { body } = await poll(party, begun)
    expect((await poll(party, begun)).body.error).toBe('invalid_grant')
    expect((await party.userinfo(body.access_token)).status).toBe(401)
  })

  test('of two redemptions at once one wins, and loses it again', async () => {
    const begun = await beginDevice(world, party)
    await approved(begun)
    const both = await Promise.all([poll(party, begun), poll(party, begun)])
    expect(both.map(({ status }) => status).sort()).toEqual([200, 400])
    const won = both.find(({ status }) => status === 200)!
    expect((await party.userinfo(won.body.access_token)).status).toBe(401)
  })

  test('of a person who was blocked meanwhile gets nothing', async () => {
    const begun = await beginDevice(world, party)
    const { citizen } = await approved(begun)
    await block(citizen)
    expect((await poll(party, begun)).body.error).toBe('invalid_grant')
  })

  test('cannot begin with a client that is not registered for it', async () => {
    const other = await world.relyingParty()
    await expect(beginDevice(world, other)).rejects.toThrow(/4\d\d/)
  })
})

test('a person who was blocked meanwhile approves nothing', async () => {
  const { browser, citizen } = await approved(await beginDevice(world, party))
  await block(citizen)
  const begun = await beginDevice(world, party)
  await typed(begun.user_code, browser)
  await browser.submit({ confirm: 'yes' }, '/device')
  expect(world.view).toBe('login/password')
  await browser.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
  expect(browser.page.status).toBe(403)
  expect((await poll(party, begun)).body.error).toBe('authorization_pending')
})

test('the session of whoever typed the code before signing in is not theirs afterwards', async () => {
  const begun = await beginDevice(world, party)
  const browser = await typed(begun.user_code)
  const planted = sessionOf(browser)
  const citizen = await world.citizen()
  await browser.submit({ confirm: 'yes' }, '/device')
  await browser.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
  await browser.submit({ decision: 'allow' }, '/consent')
  expect(planted).toBeDefined()
  expect(sessionOf(browser)).not.toBe(planted)
})

const sessionOf = (browser: Browser) =>
  browser
    .cookies()
    .find((cookie) => cookie.startsWith('session='))
    ?.split(';')[0]
