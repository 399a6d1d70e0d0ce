import { beforeEach, describe, expect, test } from 'vitest'
import type { Browser } from '../browser-http.ts'
import { saying } from '../saying.ts'
import { enterCode, signedIn } from '../signing-in.ts'
import { type Citizen, worldOfFile } from '../world.ts'

const world = worldOfFile()
let citizen: Citizen
beforeEach(async () => {
  citizen = await world.citizen()
})

const NEW = 'ржавый якорь поёт громко'

/** Signs in as strongly as the account can, and stands on the page. */
async function atPassword(person = citizen, browser = world.browser()): Promise<Browser> {
  const before = world.sentTo(person.phone)
  await browser.open('/security/password')
  await browser.submit({ identifier: person.phone, password: person.password }, '/identify')
  await enterCode(world, browser, person, before)
  expect(world.view).toBe('cabinet/password')
  return browser
}

const matches = (password: string, { oid } = citizen) => world.house.passwords.matches(oid, password)

describe('nobody changes a password', () => {
  test('who is not signed in', async () => {
    const browser = await atPassword()
    const { action, hidden } = browser.form('/security/password')
    const stranger = world.browser()
    await stranger.open('/registration')
    await stranger.post(action, new URLSearchParams({ ...stranger.form().hidden, password: NEW }).toString())
    expect([world.view, await matches(citizen.password)]).toEqual(['login/password', true])
    await stranger.post(action, new URLSearchParams({ ...hidden, password: NEW }).toString())
    expect([stranger.page.status, await matches(citizen.password)]).toEqual([403, true])
  })

  test('in a session with the password alone, where the account has more', async () => {
    const browser = world.browser()
    await browser.open('/requests')
    await browser.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
    await browser.post(
      '/security/password',
      new URLSearchParams({ ...browser.form().hidden, password: NEW }).toString(),
    )
    expect(world.view).not.toBe('cabinet/password')
    expect(await matches(citizen.password)).toBe(true)
  })

  test('in a session whose sign-in is older than five minutes', async () => {
    const browser = await atPassword()
    const form = browser.form('/security/password')
    world.travel(301)
    await browser.post(form.action, new URLSearchParams({ ...form.hidden, password: NEW }).toString())
    expect([world.view, await matches(citizen.password)]).toEqual(['login/password', true])
  })

  test('by opening an address', async () => {
    const browser = await atPassword()
    await browser.open(`/security/password?password=${encodeURIComponent(NEW)}`)
    expect([browser.page.status, await matches(citizen.password)]).toEqual([200, true])
  })

  test('without the token of the form', async () => {
    const browser = await atPassword()
    await browser.post('/security/password', new URLSearchParams({ password: NEW }).toString())
    expect([browser.page.status, await matches(citizen.password)]).toEqual([403, true])
  })
})

test.each([
  ['', 'password.missing', {}],
  ['пароль', 'password.too_short', { min: 12 }],
  ['кто такая Ветрова никто', 'password.personal_name', {}],
])('%j is refused beside the field, and what was typed does not come back', async (password, code, values) => {
  const browser = await atPassword()
  await browser.submit({ password }, '/security/password')
  expect([browser.page.status, world.view]).toEqual([422, 'cabinet/password'])
  expect(browser.page.errors.join()).toMatch(saying(code, values))
  if (password) expect(browser.page.html).not.toContain(`value="${password}`)
  expect(await matches(citizen.password)).toBe(true)
})

test('the current password again is refused', async () => {
  const browser = await atPassword()
  await browser.submit({ password: citizen.password }, '/security/password')
  expect(browser.page.errors.join()).toMatch(saying('password.current'))
})

test('a change goes on in this browser and ends every other session with its offline access', async () => {
  const party = await world.relyingParty({ scope: 'openid offline_access' })
  const elsewhere = await signedIn(world, {
    party,
    citizen,
    parameters: { scope: 'openid offline_access', prompt: 'consent' },
  })
  const browser = await atPassword()
  await browser.submit({ password: NEW }, '/security/password')
  expect(browser.page.html).toMatch(saying('cabinet.password_changed'))
  expect([await matches(NEW), await matches(citizen.password)]).toEqual([true, false])

  await browser.open('/security/password')
  expect(world.view).toBe('cabinet/password')
  await elsewhere.browser.open(`${world.origin}/security/password`)
  expect(world.view).toBe('login/password')
  const refreshed = await party.refresh(elsewhere.tokens.refresh_token!)
  expect(refreshed).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  expect((await party.userinfo(elsewhere.tokens.access_token)).status).toBe(401)

  const [session] = await world.house.sessions.list(citizen.oid)
  const changed = (await world.journal(citizen.oid)).find(({ type }) => type === 'password.changed')
  expect(changed?.fields).toMatchObject({ way: 'cabinet', origin: session!.ref })
  for (const contact of [citizen.phone, citizen.email]) expect((await world.message(contact)).text).toMatch(/изменён/)
})
