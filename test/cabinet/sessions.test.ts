import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Browser } from '../browser-http.ts'
import type { ActingParty } from '../relying-party.ts'
import { saying } from '../saying.ts'
import { signedIn } from '../signing-in.ts'
import { type Citizen, worldOfFile } from '../world.ts'

const HERE = '/security/sessions'
const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0'
const world = worldOfFile()
let party: ActingParty
let citizen: Citizen
let browser: Browser
beforeAll(async () => {
  party = await world.relyingParty()
})
beforeEach(async () => {
  citizen = await world.citizen()
  ;({ browser } = await signedIn(world, { party, citizen }))
  await browser.open(world.origin + HERE)
})

const firefox = () => signedIn(world, { browser: world.browser({ userAgent: FIREFOX }), party, citizen })
const forms = () => [...browser.page.html.matchAll(/action="([^"]*\/end)"/g)].map(([, action]) => action!)
const types = async () => (await world.journal(citizen.oid)).map(({ type }) => type)

async function isSignedIn(by: Browser): Promise<boolean> {
  await by.open(party.authorizationUrl({ prompt: 'none' }))
  return by.callback.get('code') !== null
}

/** Posts where no form of the page leads, with what the forms carry. */
async function forge(path: string, fields: Record<string, string> = {}): Promise<void> {
  await firefox()
  await browser.open(world.origin + HERE)
  await browser.post(path, new URLSearchParams({ ...browser.form('/end').hidden, ...fields }).toString())
}

describe('refused', () => {
  test('without a sign-in', async () => {
    const stranger = world.browser()
    await stranger.open(world.origin + HERE)
    expect(world.view).toBe('login/password')
  })

  test('the session of another account: not found, journalled, and it lives on', async () => {
    const owner = await world.citizen()
    const theirs = await signedIn(world, { party, citizen: owner })
    const [{ ref } = { ref: '' }] = await world.house.sessions.list(owner.oid)
    await forge(`${HERE}/${ref}/end`)
    expect(browser.page.status).toBe(404)
    expect(await types()).toContain('cabinet.reference_refused')
    expect(await isSignedIn(theirs.browser)).toBe(true)
  })

  test.each(['x', '..%2f..', '%00', 'a'.repeat(3000)])('the session %s', async (ref) => {
    await forge(`${HERE}/${ref}/end`)
    expect([400, 404, 414]).toContain(browser.page.status)
  })

  test('a form with anything in it', async () => {
    const other = await firefox()
    await browser.open(world.origin + HERE)
    await browser.submit({ all: 'yes' }, '/end')
    expect(await isSignedIn(other.browser)).toBe(true)
  })

  test('a form without the token of this browser', async () => {
    const other = await firefox()
    await browser.open(world.origin + HERE)
    await browser.post(forms()[0]!, '')
    expect(browser.page.status).toBe(403)
    expect(await isSignedIn(other.browser)).toBe(true)
  })

  test('by GET, as a link in a mail would do it', async () => {
    const other = await firefox()
    await browser.open(world.origin + HERE)
    for (const path of [...forms(), `${HERE}/end-others`]) await browser.open(path)
    expect(new URL(browser.page.url).pathname).toBe(HERE)
    expect(await isSignedIn(other.browser)).toBe(true)
  })
})

test('every session is shown with device, place and times, this one first and marked', async () => {
  await firefox()
  await browser.open(world.origin + HERE)
  expect(browser.page.html).toMatch(/Linux[\s\S]*Firefox, Windows/)
  expect(browser.page.html.match(saying('cabinet.session_current'))).toHaveLength(1)
  expect(browser.page.html).toMatch(/data-head="Место">(127\.0\.0\.1|::1)</)
  expect(browser.page.html).toMatch(/>\d+\u00a0[а-я]+\u00a0\d{4}\u00a0г\. в\u00a0\d\d:\d\d\u00a0МСК</)
  expect(forms()).toHaveLength(1)
})

test('one is ended, and its relying party’s tokens with it', async () => {
  const other = await firefox()
  await browser.open(world.origin + HERE)
  await browser.submit({}, '/end')
  expect(browser.page.html).toMatch(saying('cabinet.sessions_done.one'))
  expect(forms()).toHaveLength(0)
  expect(await isSignedIn(other.browser)).toBe(false)
  expect((await party.userinfo(other.tokens.access_token)).status).toBe(401)
  expect(await types()).toContain('session.ended')
  expect(await isSignedIn(browser)).toBe(true)
})

test('all but this one are ended', async () => {
  const others = [await firefox(), await firefox()]
  await browser.open(world.origin + HERE)
  await browser.submit({}, '/end-others')
  expect(browser.page.html).toMatch(saying('cabinet.sessions_done.others'))
  for (const other of others) expect(await isSignedIn(other.browser)).toBe(false)
  expect(await isSignedIn(browser)).toBe(true)
})

test('this one ends by signing out', async () => {
  const [{ ref } = { ref: '' }] = await world.house.sessions.list(citizen.oid)
  await forge(`${HERE}/${ref}/end`)
  expect(new URL(browser.page.url).pathname).toBe('/sign-out')
  expect(await isSignedIn(browser)).toBe(true)
})
