import { beforeEach, describe, expect, test } from 'vitest'
import { addApp, addressIn, appCode, enterCabinet, forge, shownKey, wrongCode } from '../../authenticators.ts'
import type { Browser } from '../../browser-http.ts'
import { saying } from '../../saying.ts'
import { type Citizen, worldOfFile } from '../../world.ts'

const world = worldOfFile()
let citizen: Citizen
let browser: Browser
beforeEach(async () => {
  citizen = await world.citizen()
  browser = world.browser()
})

const ADD = '/security/add/totp'
const devices = async ({ oid } = citizen) =>
  (await world.house.authenticators.list(oid)).filter(({ kind }) => kind === 'totp')

describe('a device is not added', () => {
  test.each([
    ['without a code', () => '', 'totp.missing'],
    ['by a wrong code', wrongCode, 'totp.wrong'],
    ['by the code of a minute ago', (secret: string) => appCode(secret, -2), 'totp.wrong'],
  ])('%s, and the same key stays on the page', async (_how, code, refusal) => {
    await enterCabinet(world, citizen, ADD, browser)
    const secret = shownKey(browser)
    await browser.submit({ code: code(secret), name: 'Телефон' }, ADD)
    expect([browser.page.status, shownKey(browser)]).toEqual([422, secret])
    expect(browser.page.html).toMatch(saying(refusal))
    expect(browser.page.html).toContain('value="Телефон"')
    expect(await devices()).toEqual([])
  })

  test('by a key that was shown in another session', async () => {
    const mine = await enterCabinet(world, citizen, ADD)
    const secret = shownKey(mine)
    world.travel(61)
    await enterCabinet(world, citizen, ADD, browser)
    expect(shownKey(browser)).not.toBe(secret)
    await browser.submit({ code: appCode(secret), name: '' }, ADD)
    expect(browser.page.status).toBe(422)
    expect(await devices()).toEqual([])
  })

  test('in another session than its key was shown in', async () => {
    const mine = await enterCabinet(world, citizen, ADD)
    const secret = shownKey(mine)
    world.travel(61)
    await enterCabinet(world, citizen, '/security/password', browser)
    await forge(browser, ADD, { code: appCode(secret), name: '' })
    expect(browser.page.html).toMatch(saying('totp.enrolment_over'))
    expect(await devices()).toEqual([])
  })

  test('a second time by sending the form again', async () => {
    await enterCabinet(world, citizen, ADD, browser)
    const fields = { code: appCode(shownKey(browser)), name: '' }
    const { action, hidden } = browser.form(ADD)
    const body = new URLSearchParams({ ...hidden, ...fields }).toString()
    await browser.post(action, body)
    await browser.post(action, body)
    expect(browser.page.html).toMatch(saying('totp.enrolment_over'))
    expect(await devices()).toHaveLength(1)
  })

  test('ten minutes after its key was shown', async () => {
    await enterCabinet(world, citizen, ADD, browser)
    const secret = shownKey(browser)
    world.travel(601)
    await enterCabinet(world, citizen, '/security/password', browser)
    await forge(browser, ADD, { code: appCode(secret), name: '' })
    expect(browser.page.html).toMatch(saying('totp.enrolment_over'))
    expect(shownKey(browser)).not.toBe(secret)
    expect(await devices()).toEqual([])
  })

  test('beside five others', async () => {
    for (let n = 1; n <= 5; n++) await addApp(world, citizen, browser, `Телефон ${n}`)
    await browser.open(ADD)
    expect([browser.page.status, browser.page.html]).toEqual([
      409,
      expect.stringMatching(saying('authenticator.too_many', { most: 5 })),
    ])
    await browser.open('/security')
    expect(browser.page.html).not.toContain(`href="${ADD}"`)
    await forge(browser, ADD, { code: '123456', name: '' })
    expect([browser.page.status, (await devices()).length]).toEqual([409, 5])
  })

  test('with a name of more than sixty characters', async () => {
    await enterCabinet(world, citizen, ADD, browser)
    await browser.submit({ code: appCode(shownKey(browser)), name: 'Щ'.repeat(61) }, ADD)
    expect(browser.page.errors).toEqual([expect.stringMatching(saying('authenticator.name_too_long'))])
    expect(await devices()).toEqual([])
  })
})

test('a device is added by its first code; the journal and the owner know of it', async () => {
  const before = world.sentTo(citizen.email)
  await addApp(world, citizen, browser, '  Рабочий\u200e   телефон ')
  expect(await devices()).toMatchObject([{ name: 'Рабочий телефон', worth: { ceiling: 'aal2' } }])
  const added = (await world.journal(citizen.oid)).find(({ type }) => type === 'authenticator.added')
  expect(added?.fields).toMatchObject({ kind: 'totp', authenticator: (await devices())[0]!.id })
  expect((await world.message(citizen.email, before)).text).toMatch(/«Приложение с кодами»/)
})

test('the page has a picture with words for it, a link for a phone, and the key in groups', async () => {
  await enterCabinet(world, citizen, ADD, browser)
  const { html } = browser.page
  expect(html).toMatch(/<img class="app-picture" src="data:image\/svg\+xml;base64,[^"]+" alt="[^"]+"/)
  expect(html).toContain(`href="otpauth://totp/`)
  expect(html).toContain(shownKey(browser).slice(0, 4))
  await browser.open(ADD)
  expect(browser.page.html).toContain(shownKey(browser).slice(0, 4))
})

test('its owner renames and removes it', async () => {
  const secret = await addApp(world, citizen, browser, 'Старый')
  await browser.open('/security')
  await browser.open(addressIn(browser, 'totp', 'name'))
  await browser.submit({ name: '' }, '/name')
  expect(browser.page.errors).toEqual([expect.stringMatching(saying('authenticator.name_missing'))])
  await browser.submit({ name: 'Новый' }, '/name')
  expect(browser.page.html).toContain('Новый')
  const before = world.sentTo(citizen.phone)
  await browser.open(addressIn(browser, 'totp', 'remove'))
  await browser.submit({}, '/remove')
  expect(browser.page.html).toMatch(saying('security.done_removed'))
  expect(await devices()).toEqual([])
  expect((await world.message(citizen.phone, before)).text).toMatch(/Удалён способ входа/)
  const types = (await world.journal(citizen.oid)).map(({ type }) => type)
  expect(types).toEqual(expect.arrayContaining(['authenticator.renamed', 'authenticator.removed']))
  expect(secret).toHaveLength(32)
})
