import supertest from 'supertest'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Browser } from '../browser-http.ts'
import { saying } from '../saying.ts'
import { type Citizen, worldOfFile } from '../world.ts'
import { begin, mailedLink, matches, NEW_PASSWORD, postTo, proven, proveOther, withApp } from './acting.ts'

const world = worldOfFile()
let citizen: Citizen
let browser: Browser
beforeEach(async () => {
  citizen = await world.citizen()
  browser = world.browser()
})

const PAGES = [
  '/recovery/further',
  '/recovery/further?with=code',
  '/recovery/waiting',
  '/recovery/password',
  '/recovery/done',
]
const unchanged = () => matches(world, citizen, citizen.password)
const path = () => new URL(browser.page.url).pathname

/** Tries every later page, by its address and by its form. */
async function skipsNothing(due: string): Promise<void> {
  const form = browser.form()
  const visit = async (go: () => Promise<unknown>) => {
    await go()
    expect(path()).toBe(due)
  }
  for (const page of PAGES.filter((one) => one !== due)) await visit(() => browser.open(page))
  for (const page of ['/further/factor/code', '/further/factor/code/send', '/waiting/stop', '/waiting/on', '/password'])
    if (!page.startsWith('/further') || due !== '/recovery/further')
      await visit(() =>
        browser.post(`/recovery${page}`, new URLSearchParams({ ...form.hidden, password: NEW_PASSWORD }).toString()),
      )
  expect(await unchanged()).toBe(true)
}

describe('no step is skipped', () => {
  test('before the code', async () => {
    await begin(browser, citizen.email)
    await skipsNothing('/recovery/code')
    await browser.open('/recovery/code')
    await postTo(browser, '/recovery/further/none')
    expect(path()).toBe('/recovery/code')
  })

  test('between the code and the further factor', async () => {
    await proven(world, browser, citizen.email)
    await skipsNothing('/recovery/further')
  })

  test('by an empty answer to the further factor', async () => {
    const appCode = await withApp(world, citizen)
    await proven(world, browser, citizen.email)
    await browser.open('/recovery/further?with=totp')
    for (const code of ['', '000000', 'null']) {
      await postTo(browser, '/recovery/further/factor/totp', { code })
      expect(browser.page.status).toBe(422)
    }
    expect(appCode()).toMatch(/^\d{6}$/)
    await browser.open('/recovery/password')
    expect(path()).toBe('/recovery/further')
  })

  test('by a factor that the account does not have, or that is no further one', async () => {
    await proven(world, browser, citizen.email)
    for (const kind of ['totp', 'password', 'webauthn', 'recovery_list', '__proto__', 'constructor']) {
      await postTo(browser, `/recovery/further/factor/${kind}`, { password: citizen.password })
      expect([browser.page.status, world.view]).toEqual([422, 'recovery/ways'])
      await browser.open('/recovery/further')
    }
  })

  test('without any recovery at all', async () => {
    for (const page of ['/recovery/code', '/recovery/next', ...PAGES]) {
      await browser.open(page)
      expect(path()).toBe('/recovery')
    }
  })
})

describe('the second factor is not the contact that got the code', () => {
  test('a phone leads to the e-mail alone, never to itself by whatever channel', async () => {
    await proven(world, browser, citizen.phone)
    expect(browser.page.html).toMatch(saying('recovery.way_email', { contact: `${citizen.email[0]}•••@example.org` }))
    const before = world.sentTo(citizen.phone)
    for (const via of ['sms', 'voice', 'mail']) {
      await browser.open(`/recovery/further?with=code&via=${via}`)
      await browser.submit({}, '/send')
    }
    expect(world.sentTo(citizen.phone)).toBe(before)
  })

  test('nor does the code of the first contact pass for that of the other', async () => {
    await begin(browser, citizen.phone)
    const first = await world.code(citizen.phone)
    await browser.submit({ code: first }, '/recovery/code')
    await browser.open('/recovery/further?with=code')
    await browser.submit({}, '/send')
    const second = await world.code(citizen.email)
    if (first !== second) await browser.submit({ code: first }, '/factor/code')
    expect(path()).not.toBe('/recovery/password')
    await browser.submit({ code: second }, '/factor/code')
    expect(path()).toBe('/recovery/password')
  })
})

describe('a recovery belongs to the browser that began it', () => {
  test('its ticket is nothing elsewhere: a planted one leads nobody into a stranger’s recovery', async () => {
    await proven(world, browser, citizen.email)
    const planted = browser
      .cookies()
      .find((cookie) => cookie.startsWith('recovery'))!
      .split(';')[0]!
    const answer = await supertest(world.listens).get('/recovery/further').set('Cookie', planted)
    expect([answer.status, answer.headers.location]).toEqual([303, '/recovery?over=yes'])
  })

  test('the mailed link proves nothing in another browser, by whatever method', async () => {
    await begin(browser, citizen.email)
    const link = await mailedLink(world, citizen.email)
    const other = world.browser()
    await other.open('/recovery')
    await postTo(other, link)
    expect(world.view).toBe('recovery/link-elsewhere')
    await other.open('/recovery/next')
    await browser.open('/recovery/next')
    expect(path()).toBe('/recovery/code')
  })

  test('nor does the link of one recovery in the browser of another', async () => {
    await begin(browser, citizen.email)
    const link = await mailedLink(world, citizen.email)
    const attacker = world.browser()
    const own = await world.citizen()
    await begin(attacker, own.email)
    await postTo(attacker, link)
    expect(world.view).toBe('recovery/link-elsewhere')
    await attacker.open('/recovery/next')
    expect(new URL(attacker.page.url).pathname).toBe('/recovery/code')
  })

  test('nor does a code of one recovery in another of the same account', async () => {
    await begin(browser, citizen.email)
    const mailed = await world.code(citizen.email)
    const attacker = world.browser()
    await begin(attacker, citizen.phone)
    if (mailed === (await world.code(citizen.phone))) return
    await attacker.submit({ code: mailed }, '/recovery/code')
    expect(attacker.page.status).toBe(422)
  })
})

describe('links', () => {
  test('do nothing by being opened, as often as scanners like', async () => {
    await begin(browser, citizen.email)
    const link = await mailedLink(world, citizen.email)
    const scanner = world.browser()
    for (let visit = 0; visit < 3; visit++) await scanner.open(link)
    await browser.open(link)
    await browser.open('/recovery/next')
    expect(path()).toBe('/recovery/code')
  })

  test('name our own origin, whatever the request said of the host', async () => {
    await browser.open('/recovery')
    const { hidden } = browser.form('/recovery')
    const body = new URLSearchParams({ ...hidden, identifier: citizen.email }).toString()
    await browser.post('/recovery', body, {
      Host: 'evil.example',
      'X-Forwarded-Host': 'evil.example',
      'X-Forwarded-Proto': 'https',
      Forwarded: 'host=evil.example',
    })
    expect((await mailedLink(world, citizen.email)).startsWith(`${world.origin}/recovery/link/`)).toBe(true)
    for (const { text } of world.sent) expect(text).not.toContain('evil.example')
  })

  test('work once, and a wrong one shows the same page as an old one', async () => {
    await begin(browser, citizen.email)
    const link = await mailedLink(world, citizen.email)
    await browser.open(link)
    const { action, hidden } = browser.form()
    await browser.submit({})
    expect(path()).toBe('/recovery/further')
    await browser.post(action, new URLSearchParams(hidden).toString())
    const used = { view: world.view, status: browser.page.status, title: browser.page.title }
    expect(used).toMatchObject({ view: 'recovery/link-gone', status: 404 })
    for (const wrong of ['x'.repeat(43), 'short', encodeURIComponent('../../')]) {
      await browser.open(`/recovery/link/${wrong}`)
      expect({ view: world.view, status: browser.page.status, title: browser.page.title }).toEqual(used)
    }
  })
})

describe('the new password', () => {
  test('obeys the rules, and the page comes back with the reason', async () => {
    await proven(world, browser, citizen.email)
    await proveOther(world, browser, citizen.phone)
    for (const [password, code] of [
      ['', 'password.missing'],
      ['коротко', 'password.too_short'],
      ['Ветрова и компания', 'password.personal_name'],
      [citizen.password, 'password.current'],
    ] as const) {
      await browser.submit({ password }, '/recovery/password')
      expect(browser.page.status).toBe(422)
      if (code !== 'password.too_short') expect(browser.page.html).toMatch(saying(code))
    }
    expect(await unchanged()).toBe(true)
  })

  test('is taken once: the same form again changes nothing', async () => {
    await proven(world, browser, citizen.email)
    await proveOther(world, browser, citizen.phone)
    const { action, hidden } = browser.form('/recovery/password')
    await browser.submit({ password: NEW_PASSWORD }, '/recovery/password')
    await browser.post(action, new URLSearchParams({ ...hidden, password: 'совсем другая чашка чая' }).toString())
    expect(path()).toBe('/recovery/done')
    expect(await matches(world, citizen, NEW_PASSWORD)).toBe(true)
  })

  test('is not to be set by a form without our token', async () => {
    await proven(world, browser, citizen.email)
    await proveOther(world, browser, citizen.phone)
    await browser.post('/recovery/password', `password=${encodeURIComponent(NEW_PASSWORD)}`)
    expect([browser.page.status, await unchanged()]).toEqual([403, true])
  })

  test('nor half an hour after the beginning', async () => {
    await proven(world, browser, citizen.email)
    await proveOther(world, browser, citizen.phone)
    const { action, hidden } = browser.form('/recovery/password')
    world.travel(31 * 60)
    await browser.post(action, new URLSearchParams({ ...hidden, password: NEW_PASSWORD }).toString())
    expect([path(), await unchanged()]).toEqual(['/recovery', true])
    expect(browser.page.html).toMatch(saying('recovery.start_over'))
  })
})

describe('an account that cannot be signed in to', () => {
  const block = ({ oid }: Citizen) =>
    world.house.store.db.updateTable('accounts').set({ state: 'blocked' }).where('oid', '=', oid).execute()

  test('as it is blocked is not recovered, and the contact is told so', async () => {
    await block(citizen)
    await begin(browser, citizen.phone)
    expect(world.view).toBe('recovery/code')
    expect((await world.message(citizen.phone)).text).toMatch(saying('message.recovery_blocked'))

    const open = await world.citizen()
    await proven(world, browser, open.email)
    await block(open)
    await browser.open('/recovery/further')
    expect(path()).toBe('/recovery')
  })
})

test('a contact that has left the account meanwhile proves nothing any more', async () => {
  await proven(world, browser, citizen.email)
  await world.house.store.tx((tx) => world.house.accounts.release(tx, citizen.oid, 'email', citizen.email))
  await browser.open('/recovery/next')
  expect(path()).toBe('/recovery')
})
