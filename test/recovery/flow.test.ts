import { beforeEach, describe, expect, test } from 'vitest'
import type { Browser } from '../browser-http.ts'
import { saying } from '../saying.ts'
import { enter, signedIn } from '../signing-in.ts'
import { type Citizen, worldOfFile } from '../world.ts'
import { begin, mailedLink, matches, NEW_PASSWORD, proven, provenTwice, proveOther, withApp } from './acting.ts'

const world = worldOfFile()
let citizen: Citizen
let browser: Browser
beforeEach(async () => {
  citizen = await world.citizen()
  browser = world.browser()
})

const types = async () => (await world.journal(citizen.oid)).map(({ type }) => type)

describe('two contacts', () => {
  test('bring a new password at once, in this order or the other', async () => {
    await provenTwice(world, browser, citizen)
    expect(browser.page.html).toMatch(saying('recovery.password_now'))
    await browser.submit({ password: NEW_PASSWORD }, '/recovery/password')
    expect(world.view).toBe('recovery/done')
    expect(await matches(world, citizen, NEW_PASSWORD)).toBe(true)

    const other = await world.citizen()
    await proven(world, browser, other.phone)
    await proveOther(world, browser, other.email)
    await browser.submit({ password: NEW_PASSWORD }, '/recovery/password')
    expect(await matches(world, other, NEW_PASSWORD)).toBe(true)
  })

  test('and everything that the former password opened ends', async () => {
    const party = await world.relyingParty()
    const parameters = { scope: 'openid offline_access', prompt: 'consent' }
    const { tokens } = await signedIn(world, { party, citizen, parameters })
    await provenTwice(world, browser, citizen)
    await browser.submit({ password: NEW_PASSWORD }, '/recovery/password')
    expect((await party.userinfo(tokens.access_token)).status).toBe(401)
    expect((await party.refresh(tokens.refresh_token!)).body).toMatchObject({ error: 'invalid_grant' })
  })

  test('and the owner is told on both, with an entry in the journal', async () => {
    const before = world.sentTo(citizen.phone)
    await provenTwice(world, browser, citizen)
    await browser.submit({ password: NEW_PASSWORD }, '/recovery/password')
    expect((await world.message(citizen.phone, before + 1)).text).toMatch(
      saying('message.password_changed', { link: '' }),
    )
    expect((await types()).filter((type) => type.startsWith('recovery.')).reverse()).toEqual([
      'recovery.begun',
      'recovery.proven',
      'recovery.proven',
      'recovery.ended',
    ])
    expect(await types()).toContain('password.changed')
  })
})

test('an authenticator app is a further factor too, and the page says what is to be checked', async () => {
  const appCode = await withApp(world, citizen)
  world.travel(120)
  await proven(world, browser, citizen.phone)
  expect(world.view).toBe('recovery/ways')
  await browser.open('/recovery/further?with=totp')
  await browser.submit({ code: appCode() }, '/factor/totp')
  expect(world.view).toBe('recovery/password')
  await browser.submit({ password: NEW_PASSWORD }, '/recovery/password')
  expect(browser.page.html).toMatch(saying('recovery.done_second_factor_on'))
  for (const href of ['/security', '/account', '/services']) expect(browser.page.html).toContain(`href="${href}"`)
})

describe('the mailed link', () => {
  test('proves the address by its button, in the browser that began', async () => {
    await begin(browser, citizen.email)
    await browser.open(await mailedLink(world, citizen.email))
    expect(world.view).toBe('recovery/link')
    await browser.submit({})
    expect(world.view).toBe('recovery/ways')
  })

  test('shows the code in another browser, where it is typed by hand', async () => {
    await begin(browser, citizen.email)
    const phone = world.browser()
    await phone.open(await mailedLink(world, citizen.email))
    expect(world.view).toBe('recovery/link-elsewhere')
    const code = await world.code(citizen.email)
    expect(phone.page.html).toContain(code)
    await browser.submit({ code }, '/recovery/code')
    expect(world.view).toBe('recovery/ways')
  })
})

test('a recovery that began in a sign-in leads back to it, for a sign-in from the beginning', async () => {
  const party = await world.relyingParty()
  await enter(browser, party, { ...citizen, password: 'forgotten' })
  const uid = /\/login\/([\w-]+)/.exec(browser.page.url)?.[1]
  await begin(browser, citizen.email, `/login/${uid}/recovery`)
  await browser.submit({ code: await world.code(citizen.email) }, '/recovery/code')
  await proveOther(world, browser, citizen.phone)
  await browser.submit({ password: NEW_PASSWORD }, '/recovery/password')
  await browser.open(`/login/${uid}`)
  expect(world.view).toBe('login/password')
  await browser.submit({ identifier: citizen.phone, password: NEW_PASSWORD }, '/identify')
  await browser.submit({ decision: 'allow' }, '/consent')
  expect(browser.callback.get('code')).toBeTruthy()
})

test('a code sent again takes the place of the first one and of its link', async () => {
  await begin(browser, citizen.email)
  const first = { code: await world.code(citizen.email), link: await mailedLink(world, citizen.email) }
  world.travel(61)
  await browser.submit({}, '/again')
  expect(browser.page.html).toMatch(saying('recovery.code_again_sent'))
  const code = await world.code(citizen.email, 1)
  await browser.open(first.link)
  expect(world.view).toBe('recovery/link-gone')
  await browser.open('/recovery/code')
  if (first.code !== code) {
    await browser.submit({ code: first.code }, '/recovery/code')
    expect(browser.page.status).toBe(422)
  }
  await browser.submit({ code }, '/recovery/code')
  expect(world.view).toBe('recovery/ways')
})
