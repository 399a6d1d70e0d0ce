import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { appCode, enterCabinet, forge, shownKey } from '../authenticators.ts'
import { Browser } from '../browser-http.ts'
import { SoftKey } from '../factors/webauthn/soft-key.ts'
import { keyOptions } from '../login/enrolling.ts'
import { saying } from '../saying.ts'
import { type Citizen, startWorld, type World } from '../world.ts'
import { inCabinet } from './cabinet.ts'
import { isSignedOut, kindsOf, linksTo, ownerAtHome, thiefWithApp } from './reporting.ts'

const HERE = '/security/journal'
let world: World
let citizen: Citizen
beforeAll(async () => {
  world = await startWorld()
})
beforeEach(async () => {
  citizen = await world.citizen()
})
afterAll(() => world.stop())

const reports = async () => (await world.journal(citizen.oid)).filter(({ type }) => type === 'incident.reported')

/** The page that asks whether the addition of an authenticator was the owner's. */
async function pageOfAddition(browser: Browser): Promise<void> {
  const added = (await world.journal(citizen.oid)).find(({ type }) => type === 'authenticator.added')
  await browser.open(`${world.origin}${HERE}/${added!.seq}/not-me`)
}

/** The owner, in whose sign-in a hardware key was added. */
async function ownerWithKey(): Promise<Browser> {
  const owner = await enterCabinet(world, citizen, '/security/add/webauthn')
  const credential = new SoftKey(world.origin).create(keyOptions(owner))
  await owner.submit({ credential, name: '' }, '/security/add/webauthn')
  expect(await kindsOf(world, citizen)).toContain('webauthn')
  return owner
}

describe('somebody with less than the account has', () => {
  let owner: Browser
  let intruder: Browser
  beforeEach(async () => {
    owner = await ownerWithKey()
    world.travel(61)
    intruder = await enterCabinet(world, citizen, '/security/sessions')
    await pageOfAddition(intruder)
    expect(world.view).toBe('cabinet/journal-not-me')
  })

  test('does not get rid of the owner’s key, whatever the form says; the session ends, as it does in the list of sessions', async () => {
    expect(intruder.page.html).toMatch(saying('not_me.weak'))
    await forge(intruder, intruder.page.url, {})
    expect(intruder.page.url).toMatch(/done=asked$/)
    expect(await kindsOf(world, citizen)).toContain('webauthn')
    expect((await reports())[0]?.fields).toMatchObject({ by: 'cabinet', undone: 'no' })
    expect(await isSignedOut(world, owner)).toBe(true)
  })

  test('is asked for the key to do so at once', async () => {
    await intruder.open(/href="([^"]*\?strong)"/.exec(intruder.page.html)![1]!)
    expect(world.view).toBe('factors/webauthn/prove')
  })

  test('the link that goes to the contacts does it; pressing again sends no more', async () => {
    const known = new Set(world.sent)
    const { url } = intruder.page
    await intruder.submit({}, '/not-me')
    const [link] = await linksTo(world, citizen, { known })
    await intruder.open(url)
    await intruder.submit({}, '/not-me')
    expect(await reports()).toHaveLength(1)
    const reader = world.browser()
    await reader.open(link!)
    await reader.submit({})
    expect(await kindsOf(world, citizen)).not.toContain('webauthn')
  })

  test('cannot settle it as if it had been undone', async () => {
    await intruder.submit({}, '/not-me')
    world.travel(61)
    await world.house.incidents.settle()
    expect(await kindsOf(world, citizen)).toContain('webauthn')
  })
})

test('a weak session does not take the password away that the owner has set', async () => {
  const [password, place] = ['запасной ключ под ковриком', { address: '', device: '' }]
  const owner = await enterCabinet(world, citizen, '/security/password')
  await owner.submit({ password }, '/security/password')
  const set = (await world.journal(citizen.oid)).find(({ type }) => type === 'password.changed')
  const report = { oid: citizen.oid, origin: String(set!.fields.origin), takesBack: 'nothing', place } as const
  await world.house.incidents.report({ ...report, by: 'cabinet' })
  expect(await world.house.passwords.matches(citizen.oid, password)).toBe(true)
})

test('a sign-in of longer ago than five minutes is not enough', async () => {
  await ownerAtHome(world, citizen)
  await thiefWithApp(world, citizen)
  const stale = await inCabinet(world, citizen, HERE)
  world.travel(301)
  await pageOfAddition(stale)
  expect(world.view).toBe('login/password')
})

test('one’s own session is no other’s: it ends by signing out, and what was done in it stays', async () => {
  await ownerAtHome(world, citizen)
  const thief = await thiefWithApp(world, citizen)
  await pageOfAddition(thief)
  expect(new URL(thief.page.url).pathname).toBe('/sign-out')
  const added = (await world.journal(citizen.oid)).find(({ type }) => type === 'authenticator.added')
  await forge(thief, `${HERE}/${added!.seq}/not-me`)
  expect(await kindsOf(world, citizen)).toContain('totp')
  expect(await reports()).toEqual([])
})

test('an owner who has proven as much as there is takes it back at once, and is led to the password', async () => {
  await ownerAtHome(world, citizen)
  const thief = await thiefWithApp(world, citizen)
  world.travel(61)
  const owner = await enterCabinet(world, citizen, '/security/password')
  await pageOfAddition(owner)
  expect(owner.page.html).not.toMatch(saying('not_me.weak'))
  expect(await reports()).toEqual([])
  await owner.submit({}, '/not-me')
  expect(owner.page.url).toMatch(/\/security\/password$/)
  expect(owner.page.html).toMatch(saying('cabinet.password_must_change'))
  expect(await kindsOf(world, citizen)).not.toContain('totp')
  expect(await isSignedOut(world, thief)).toBe(true)
  await owner.open(HERE)
  expect(owner.page.html).toMatch(saying('journal.reported'))
})

describe('what was under way in the reported session', () => {
  test('is taken back a minute later', async () => {
    await ownerAtHome(world, citizen)
    const thief = await thiefWithApp(world, citizen)
    const origin = String(
      (await world.journal(citizen.oid)).find(({ type }) => type === 'authenticator.added')?.fields.origin,
    )
    const [link] = await linksTo(world, citizen)
    const owner = world.browser()
    await owner.open(link!)
    await owner.submit({})
    const account = await world.house.accounts.read(citizen.oid)
    const change = { kind: 'authenticator.remove', payload: { kind: 'code', id: 'sms' }, origin }
    await world.house.store.tx((tx) =>
      world.house.delayedChanges.schedule(tx, { account, settings: { locale: 'ru' } as never }, change),
    )
    await world.house.incidents.settle()
    expect(await world.house.delayedChanges.waiting(citizen.oid)).toHaveLength(1)
    world.travel(61)
    await world.house.incidents.settle()
    expect(await world.house.delayedChanges.waiting(citizen.oid)).toEqual([])
    expect(await isSignedOut(world, thief)).toBe(true)
    await world.house.incidents.settle()
    const settled = (await world.journal(citizen.oid)).filter(({ type }) => type === 'incident.settled')
    expect(settled).toHaveLength(1)
  })

  test('of two processes, one ends the session while an app is added in the other: nothing of it is left', async () => {
    const beside = await startWorld({ beside: world })
    try {
      await ownerAtHome(world, citizen)
      world.travel(61)
      const thief = new Browser({
        origin: world.origin,
        listens: beside.listens,
        userAgent: 'Mozilla/5.0 (Windows) Test',
      })
      const before = world.sentTo(citizen.phone)
      await thief.open('/security/add/totp')
      await thief.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
      const code = await beside.code(citizen.phone).catch(() => world.code(citizen.phone, before))
      await thief.submit({ code }, '/factor/code')
      const secret = shownKey(thief)
      const links = await linksTo(world, citizen).catch(() => linksTo(beside, citizen))
      const owner = world.browser()
      await owner.open(links[0]!)
      await Promise.all([owner.submit({}), thief.submit({ code: appCode(secret), name: '' }, '/security/add/totp')])
      world.travel(61)
      await Promise.all([world.house.incidents.settle(), beside.house.incidents.settle()])
      expect(await kindsOf(world, citizen)).not.toContain('totp')
      expect(await isSignedOut(world, thief)).toBe(true)
    } finally {
      await beside.stop()
    }
  })
})
