import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { Browser } from '../browser-http.ts'
import { saying } from '../saying.ts'
import { signedIn } from '../signing-in.ts'
import { type Citizen, worldOfFile } from '../world.ts'
import { settingsOf } from './cabinet.ts'
import { isSignedOut, kindsOf, linksTo, ownerAtHome, thiefWithApp } from './reporting.ts'

const world = worldOfFile()
let citizen: Citizen
let thief: Browser
let link: string
beforeEach(async () => {
  citizen = await world.citizen()
  await ownerAtHome(world, citizen)
  thief = await thiefWithApp(world, citizen)
  ;[link = ''] = await linksTo(world, citizen)
})

const events = async (type: string) => (await world.journal(citizen.oid)).filter((event) => event.type === type)
const mustChange = async () => (await world.house.passwords.standing(citizen.oid))?.mustChange

async function isUntouched(): Promise<void> {
  expect(await kindsOf(world, citizen)).toContain('totp')
  expect(await isSignedOut(world, thief)).toBe(false)
  expect([await mustChange(), await events('incident.reported')]).toEqual([undefined, []])
}

describe('nothing happens', () => {
  test('by GET, as scanners of mails do it', async () => {
    for (let visit = 0; visit < 3; visit++) await world.browser().open(link)
    expect(world.view).toBe('cabinet/not-me')
    await isUntouched()
  })

  test('without the token of the browser', async () => {
    const scanner = world.browser()
    await scanner.open(link)
    await scanner.post(link, '')
    expect(scanner.page.status).toBe(403)
    await isUntouched()
  })

  test('by a form with anything in it', async () => {
    const browser = world.browser()
    await browser.open(link)
    await browser.submit({ oid: '1', origin: 'x' })
    expect(browser.page.status).toBe(422)
    await isUntouched()
  })

  test.each(['x', 'a'.repeat(43), '%00', '..%2faccount', 'a'.repeat(3000)])('by the ticket %s', async (ticket) => {
    const browser = world.browser()
    await browser.open(`/not-me/${ticket}`)
    expect([400, 404, 414]).toContain(browser.page.status)
    await isUntouched()
  })

  test('after 30 days; a wrong, a used and an old link look alike', async () => {
    const browser = world.browser()
    await browser.open(`/not-me/${'a'.repeat(43)}`)
    const wrong = bodyOf(browser)
    const owner = world.browser()
    await owner.open(link)
    await owner.submit({})
    await browser.open(link)
    expect([browser.page.status, bodyOf(browser)]).toEqual([404, wrong])
    const other = await world.citizen()
    await ownerAtHome(world, other)
    await thiefWithApp(world, other)
    const [old] = await linksTo(world, other)
    await browser.open(old!)
    const form = browser.form()
    world.travel(30 * 86_400 + 1)
    await browser.post(form.action, new URLSearchParams(form.hidden).toString())
    expect([browser.page.status, bodyOf(browser)]).toEqual([404, wrong])
    expect(await kindsOf(world, other)).toContain('totp')
  })
})

test('the page tells when, where and what, and works without a sign-in', async () => {
  const browser = world.browser()
  await browser.open(link)
  expect(browser.page.html).toMatch(saying('journal.authenticator.added'))
  expect(browser.page.html).toContain('Linux')
})

test('the session ends, what was added is gone, the password has to be changed, and the owner is told', async () => {
  const owner = world.browser()
  await owner.open(link)
  await owner.submit({})
  expect(owner.page.url).toMatch(/\/not-me\/done$/)
  expect(await isSignedOut(world, thief)).toBe(true)
  expect(await kindsOf(world, citizen)).not.toContain('totp')
  expect(await mustChange()).toBe('not_me')
  expect((await events('incident.reported'))[0]?.fields).toMatchObject({ by: 'link', undone: 'yes' })
  expect(await world.house.devices.list(citizen.oid)).toEqual([])
  await vi.waitFor(
    () =>
      expect(world.sent.map(({ subject = '' }) => subject)).toContainEqual(
        expect.stringMatching(saying('message.incident.subject')),
      ),
    10_000,
  )
})

test('relying parties’ tokens end too, those with offline access as well; sessions of other sign-ins go on', async () => {
  const party = await world.relyingParty()
  const offline = { scope: 'openid offline_access', prompt: 'consent' }
  world.travel(61)
  const known = new Set(world.sent)
  const stolen = await signedIn(world, { party, citizen, parameters: offline })
  const [first] = await linksTo(world, citizen, { known })
  const owners = await signedIn(world, { party: await world.relyingParty(), citizen })
  const browser = world.browser()
  await browser.open(first!)
  await browser.submit({})
  expect((await party.userinfo(stolen.tokens.access_token)).status).toBe(401)
  expect((await party.refresh(stolen.tokens.refresh_token!)).status).toBe(400)
  expect(await isSignedOut(world, stolen.browser)).toBe(true)
  expect(await isSignedOut(world, owners.browser)).toBe(false)
})

test('a password that was known to somebody else is changed before the next sign-in ends', async () => {
  const browser = world.browser()
  await browser.open(link)
  await browser.submit({})
  world.travel(61)
  const before = world.sentTo(citizen.phone)
  await browser.open('/security/password')
  await browser.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
  if (browser.page.html.includes('/factor/code'))
    await browser.submit({ code: await world.code(citizen.phone, before) }, '/factor/code')
  expect(browser.page.html).toMatch(/action="[^"]*(\/renewal|\/security\/password)"/)
  expect(browser.page.html).toMatch(/name="password"/)
})

test('a second factor that was switched off in it is wanted again', async () => {
  await thief.open('/security')
  await thief.submit({ secondFactor: 'yes' }, '/second-factor')
  await thief.submit({ secondFactor: 'no' }, '/second-factor')
  expect((await settingsOf(world, citizen)).secondFactor).toBe(false)
  const browser = world.browser()
  await browser.open(link)
  await browser.submit({})
  expect((await settingsOf(world, citizen)).secondFactor).toBe(true)
})

test('a waiting change that was asked for in it does not come about', async () => {
  const { delayedChanges, store } = world.house
  const [session] = await world.house.sessions.list(citizen.oid)
  const owner = await ownerOf()
  await store.tx((tx) =>
    delayedChanges.schedule(tx, owner, {
      kind: 'authenticator.remove',
      payload: { kind: 'code', id: 'sms' },
      origin: session!.ref,
    }),
  )
  const browser = world.browser()
  await browser.open(link)
  await browser.submit({})
  expect(await delayedChanges.waiting(citizen.oid)).toEqual([])
})

async function ownerOf() {
  const account = await world.house.accounts.read(citizen.oid)
  return { account, settings: { locale: 'ru' } as never }
}

const bodyOf = ({ page }: Browser) =>
  /<main[\s\S]*<\/main>/.exec(page.html)?.[0].replaceAll(new RegExp(new URL(page.url).pathname, 'g'), '')
