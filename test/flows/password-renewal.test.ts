import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Browser } from '../browser-http.ts'
import type { ActingParty } from '../relying-party.ts'
import { saying } from '../saying.ts'
import { enter, enterCode, signedIn } from '../signing-in.ts'
import { type Citizen, startWorld, type World } from '../world.ts'

const NEW = 'Ох, ржавый якорь 1 поёт'
const DAY_MS = 86_400_000

let world: World
let party: ActingParty
let citizen: Citizen
let browser: Browser

const beginWith = async (env: Record<string, string>) => {
  world = await startWorld({ env: { PASSWORD_PROFILE_CITIZEN: 'fstec', PASSWORD_ROTATION_DAYS: '90', ...env } })
  party = await world.relyingParty()
}
beforeEach(async () => {
  citizen = await world.citizen()
  browser = world.browser()
})

const setDaysAgo = (days: number) =>
  world.house.store.db
    .updateTable('passwords')
    .set({ set_at: new Date(Date.now() - days * DAY_MS) })
    .where('oid', '=', citizen.oid)
    .execute()
const matches = (password: string) => world.house.passwords.matches(citizen.oid, password)
const base = () => new URL(browser.page.url).pathname
/** As a script would, with the token of the form that stands on the page. */
const post = (path: string, fields: Record<string, string>) =>
  browser.post(path, new URLSearchParams({ csrf: browser.form().hidden.csrf ?? '', ...fields }).toString())

/** Signs in with password and code, as far as the page that asks for a new password. */
async function asked(parameters: Record<string, string> = {}): Promise<void> {
  const before = world.sentTo(citizen.phone)
  await enter(browser, party, citizen, parameters)
  if (world.view === 'login/code') await enterCode(world, browser, citizen, before)
  expect(world.view).toBe('factors/password/renew')
}

describe('where the realm requires it, an old password', () => {
  beforeAll(() => beginWith({ PASSWORD_ROTATION_CITIZEN: 'require' }))
  afterAll(() => world.stop())

  test('that is not old yet lets in without a word', async () => {
    await setDaysAgo(89)
    await enter(browser, party, citizen)
    expect(world.view).toBe('login/consent')
  })

  test('asks for everything that the account has before it can be changed', async () => {
    await setDaysAgo(91)
    await enter(browser, party, citizen)
    expect(world.view).toBe('login/code')
    expect(browser.page.html).toMatch(saying('login.why_renewal'))
    await post(`${base()}/renewal`, { password: NEW })
    expect([world.view, await matches(NEW)]).toEqual(['login/code', false])
  })

  test('cannot be put off, nor the page be passed by', async () => {
    await setDaysAgo(91)
    await asked()
    const login = base()
    for (const step of ['renewal/later', 'renewal', 'consent']) {
      await post(`${login}/${step}`, step === 'consent' ? { decision: 'allow' } : {})
      expect([step, world.view]).toEqual([step, 'factors/password/renew'])
    }
    await browser.open(`${login}/renewal/later`)
    await browser.open(party.authorizationUrl({ prompt: 'none' }))
    expect(browser.callback.get('error')).toBe('login_required')
    expect(await matches(citizen.password)).toBe(true)
  })

  test('gives way only to a password by the rules, told beside the field', async () => {
    await setDaysAgo(91)
    await asked()
    for (const [password, code] of [
      ['ржавый якорь поёт', 'password.composition'],
      ['Ох, 1', 'password.too_short'],
    ] as const) {
      await browser.submit({ password }, '/renewal')
      expect(browser.page.status).toBe(422)
      expect(browser.page.errors.join()).toMatch(saying(code, { min: 12 }))
    }
    await browser.submit({ password: NEW }, '/renewal')
    expect([world.view, await matches(NEW)]).toEqual(['login/consent', true])
  })

  test('is changed in the sign-in, which goes on; other sessions end, and it is journalled', async () => {
    const elsewhere = await signedIn(world, { party, citizen })
    await setDaysAgo(91)
    await asked()
    await browser.submit({ password: NEW }, '/renewal')
    expect(browser.callback.get('code')).toBeTruthy()
    expect((await party.userinfo(elsewhere.tokens.access_token)).status).toBe(401)
    const changed = (await world.journal(citizen.oid)).find(({ type }) => type === 'password.changed')
    expect(changed?.fields).toMatchObject({ way: 'sign_in' })
  })

  test('is changed in a live session, which goes on', async () => {
    await signedIn(world, { browser, party, citizen })
    await setDaysAgo(91)
    await asked({ prompt: 'login' })
    await browser.submit({ password: NEW }, '/renewal')
    expect(browser.callback.get('code')).toBeTruthy()
    expect(await world.house.sessions.list(citizen.oid)).toHaveLength(1)
  })

  test('of a live session is not asked for: the password was not used', async () => {
    await signedIn(world, { browser, party, citizen })
    await setDaysAgo(91)
    await browser.open(party.authorizationUrl())
    expect(browser.callback.get('code')).toBeTruthy()
  })
})

describe('where the realm advises it, an old password', () => {
  beforeAll(() => beginWith({ PASSWORD_ROTATION_CITIZEN: 'advise' }))
  afterAll(() => world.stop())

  test('can be kept for another week', async () => {
    await setDaysAgo(91)
    await enter(browser, party, citizen)
    expect(world.view).toBe('factors/password/renew')
    expect(browser.page.html).toMatch(saying('password.renew_in_cabinet'))
    await browser.submit({}, '/renewal/later')
    expect(world.view).toBe('login/consent')
    const again = world.browser()
    await enter(again, party, citizen)
    expect(world.view).toBe('login/consent')
    await world.house.store.db
      .updateTable('passwords')
      .set({ advised_at: new Date(Date.now() - 8 * DAY_MS) })
      .where('oid', '=', citizen.oid)
      .execute()
    await enter(world.browser(), party, citizen)
    expect(world.view).toBe('factors/password/renew')
  })

  test('is not changed with the password alone, where the account has more', async () => {
    await setDaysAgo(91)
    await enter(browser, party, citizen)
    await post(`${base()}/renewal`, { password: NEW })
    expect([world.view, await matches(NEW)]).toEqual(['factors/password/renew', false])
  })

  test('can be changed at once by whoever has proven everything', async () => {
    await setDaysAgo(91)
    await asked({ acr_values: 'aal2' })
    await browser.submit({ password: NEW }, '/renewal')
    expect([world.view, await matches(NEW)]).toEqual(['login/consent', true])
  })

  test('is spoken of in the cabinet', async () => {
    await setDaysAgo(91)
    const before = world.sentTo(citizen.phone)
    await browser.open('/security/password')
    await browser.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
    await browser.submit({}, '/renewal/later')
    await enterCode(world, browser, citizen, before)
    expect(world.view).toBe('cabinet/password')
    expect(browser.page.html).toMatch(saying('cabinet.password_old'))
  })
})

describe('a password that somebody else may know', () => {
  beforeAll(() => beginWith({}))
  afterAll(() => world.stop())

  test('is changed before the sign-in ends, once', async () => {
    const { store, passwords } = world.house
    await store.tx((tx) => passwords.demandChange(tx, citizen.oid, 'not_me'))
    await asked()
    expect(browser.page.html).toMatch(saying('password.renew_exposed'))
    await browser.submit({ password: NEW }, '/renewal')
    expect(world.view).toBe('login/consent')
    await enter(world.browser(), party, { ...citizen, password: NEW })
    expect(world.view).toBe('login/consent')
  })
})
