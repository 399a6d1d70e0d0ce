import { beforeEach, describe, expect, test } from 'vitest'
import type { Browser } from '../browser-http.ts'
import { inCabinet, pathOf } from '../cabinet/cabinet.ts'
import { saying } from '../saying.ts'
import { enter } from '../signing-in.ts'
import { type Citizen, worldOfFile } from '../world.ts'
import { begin, matches, NEW_PASSWORD, proven, provenTwice, proveOther } from './acting.ts'

/** Whoever closed the account and has forgotten the password can still change their mind for 30 days (R-A9). */

const DAY = 86_400
const CLOSED = '/account/closed'

const world = worldOfFile()
let citizen: Citizen
let browser: Browser
beforeEach(async () => {
  world.travel(DAY)
  citizen = await world.citizen()
  browser = world.browser()
  await world.house.closing.close(citizen.oid, 'owner', { actor: 'owner', origin: 'test' })
})

const stateOf = async () => (await world.house.accounts.find(citizen.oid))?.state
const eraseAt = async () => (await world.house.closing.find(citizen.oid))!.eraseAt
const end = async () => {
  await world.house.erasure.eraseDue()
  return (await world.house.closing.find(citizen.oid))?.farewellAt
}

describe('by one contact', () => {
  /** From the contact to the new password that waits. */
  async function resetLater(): Promise<void> {
    await proven(world, browser, citizen.phone)
    await browser.open('/recovery/further')
    await browser.submit({}, '/none')
    await browser.submit({ password: NEW_PASSWORD }, '/recovery/password')
    expect(world.view).toBe('recovery/waiting')
  }

  test('a new password comes into force after 72 hours, and leads to the way back', async () => {
    await resetLater()
    expect(browser.page.html).toContain('закрыта')
    expect(browser.page.html).not.toMatch(saying('recovery.waiting_verified'))
    world.travel(3 * DAY + 1)
    await world.house.delayedChanges.applyDue()
    expect(await matches(world, citizen, NEW_PASSWORD)).toBe(true)
    expect(await stateOf()).toBe('closed')
    await inCabinet(world, { ...citizen, password: NEW_PASSWORD }, '/account', browser)
    await browser.submit({}, CLOSED)
    expect(await stateOf()).toBe('active')
  })

  test('the erasure waits for that, and a week beyond', async () => {
    world.travel(29 * DAY)
    await resetLater()
    world.travel(3 * DAY + 1)
    expect(await end()).toBeUndefined()
    await world.house.delayedChanges.applyDue()
    await inCabinet(world, { ...citizen, password: NEW_PASSWORD }, '/account', browser)
    expect(browser.form(CLOSED)).toBeDefined()
    world.travel(7 * DAY)
    expect(await end()).toBeDefined()
  })

  test('a reset that somebody had begun before the account was closed comes to nothing', async () => {
    citizen = await world.citizen()
    await resetLater()
    world.travel(DAY)
    await world.house.closing.close(citizen.oid, 'owner', { actor: 'owner', origin: 'test' })
    world.travel(2 * DAY + 1)
    await world.house.delayedChanges.applyDue()
    expect(await matches(world, citizen, citizen.password)).toBe(true)
  })

  test('where there is time enough, it does not', async () => {
    const before = await eraseAt()
    await resetLater()
    expect(await eraseAt()).toEqual(before)
  })

  test('no other change that waits is made while the account is closed', async () => {
    const { store, delayedChanges, ownerNotices } = world.house
    const owner = await ownerNotices.ownerOf(citizen.oid)
    const change = { kind: 'account.close', payload: { cause: 'owner' }, origin: 'x' }
    await store.tx((tx) => delayedChanges.schedule(tx, owner, change))
    world.travel(3 * DAY + 1)
    await delayedChanges.applyDue()
    expect((await world.journal(citizen.oid)).map(({ type }) => type)).toContain('change.stopped')
  })
})

describe('by both contacts', () => {
  test('at once, and the last page says that the account is closed and how to keep it', async () => {
    await provenTwice(world, browser, citizen)
    await browser.submit({ password: NEW_PASSWORD }, '/recovery/password')
    expect(world.view).toBe('recovery/done')
    expect(browser.page.html).toContain('закрыта')
    expect(browser.page.html).toContain('href="/account"')
    expect(await stateOf()).toBe('closed')
    await inCabinet(world, { ...citizen, password: NEW_PASSWORD }, '/account', browser)
    expect(pathOf(browser)).toBe(CLOSED)
    await browser.submit({}, CLOSED)
    expect(await stateOf()).toBe('active')
  })

  test('begun at a service, it leads to the own pages, as services know nothing of a closed account', async () => {
    const party = await world.relyingParty()
    await enter(browser, party, { ...citizen, password: 'forgotten' })
    const uid = /\/login\/([\w-]+)/.exec(browser.page.url)?.[1]
    const before = world.sentTo(citizen.email)
    await begin(browser, citizen.email, `/login/${uid}/recovery`)
    await browser.submit({ code: await world.code(citizen.email, before) }, '/recovery/code')
    await proveOther(world, browser, citizen.phone)
    await browser.submit({ password: NEW_PASSWORD }, '/recovery/password')
    expect(world.view).toBe('recovery/done')
    expect(browser.page.html).not.toContain(`/login/${uid}`)
  })
})

test('nobody is told whether an account is closed: the page is that of any other', async () => {
  const open = await world.citizen()
  const ids = /[\w-]{20,}/g
  const pages = await Promise.all(
    [citizen, open].map(async ({ email }) => {
      const { html } = await begin(world.browser(), email)
      return html.replace(ids, '').replaceAll(email, '')
    }),
  )
  expect(pages[0]).toBe(pages[1])
})

test('when the erasure has begun there is nothing to recover', async () => {
  world.travel(31 * DAY)
  expect(await end()).toBeDefined()
  const before = world.sentTo(citizen.phone)
  await begin(browser, citizen.phone)
  expect(world.view).toBe('recovery/code')
  await browser.submit({ code: '000000' }, '/recovery/code')
  expect(browser.page.status).toBe(422)
  expect(world.sentTo(citizen.phone) - before).toBeLessThanOrEqual(1)
})
