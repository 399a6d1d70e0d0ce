import { beforeEach, describe, expect, test } from 'vitest'
import type { Browser } from '../browser-http.ts'
import { saying } from '../saying.ts'
import { type Citizen, worldOfFile } from '../world.ts'
import { begin, mailedLink, matches, NEW_PASSWORD, postTo, proven, provenTwice, proveOther } from './acting.ts'

const HOUR = 3600
const OTHER_PASSWORD = 'совсем другая чашка чая'

const world = worldOfFile()
let citizen: Citizen
let browser: Browser
beforeEach(async () => {
  citizen = await world.citizen()
  browser = world.browser()
})

const due = () => world.house.delayedChanges.applyDue()
const works = (password: string) => matches(world, citizen, password)
const path = () => new URL(browser.page.url).pathname

/** Proves one contact, has nothing more, and sets a password. */
async function weakly(from: string, password = NEW_PASSWORD, by = browser): Promise<void> {
  await proven(world, by, from)
  if (new URL(by.page.url).pathname === '/recovery/further') await by.submit({}, '/none')
  await by.submit({ password }, '/recovery/password')
}

async function suspendedAt(): Promise<Date | null> {
  const row = await world.house.store.db
    .selectFrom('accounts')
    .select('identity_suspended_at')
    .where('oid', '=', citizen.oid)
    .executeTakeFirstOrThrow()
  return row.identity_suspended_at
}

describe('a weak recovery', () => {
  test('of an account with one contact waits for 72 hours, then puts the password in force and suspends the identity', async () => {
    citizen = await world.citizen({ email: null })
    await proven(world, browser, citizen.phone)
    expect(browser.page.html).toMatch(saying('recovery.password_later'))
    await browser.submit({ password: NEW_PASSWORD }, '/recovery/password')
    expect(path()).toBe('/recovery/waiting')
    expect(browser.page.html).toMatch(/\d{4} г\. в \d\d:\d\d/)
    world.travel(71 * HOUR)
    await due()
    expect([await works(citizen.password), await suspendedAt()]).toEqual([true, null])
    world.travel(73 * HOUR)
    await due()
    expect([await works(NEW_PASSWORD), await works(citizen.password)]).toEqual([true, false])
    expect(await suspendedAt()).toBeInstanceOf(Date)
    const types = (await world.journal(citizen.oid)).map(({ type }) => type)
    expect(types).toEqual(expect.arrayContaining(['password.changed', 'identity.suspended', 'recovery.ended']))
  })

  test('of one who has nothing more at hand waits too, and both contacts are told', async () => {
    const before = world.sentTo(citizen.phone)
    await weakly(citizen.email)
    expect((await world.message(citizen.phone, before)).text).toContain('/changes/')
    expect(await mailedLink(world, citizen.email, 'changes')).toContain(world.origin)
    expect(await works(citizen.password)).toBe(true)
  })

  test('is stopped by the link of the notice, by its button alone', async () => {
    await weakly(citizen.email)
    const owner = world.browser()
    await owner.open(await mailedLink(world, citizen.email, 'changes'))
    await browser.open('/recovery/next')
    expect(browser.page.html).toMatch(saying('recovery.waiting_verified'))
    await owner.submit({})
    world.travel(80 * HOUR)
    await due()
    expect([await works(citizen.password), await suspendedAt()]).toEqual([true, null])
  })

  test('does not undo a password that the owner has set meanwhile', async () => {
    await weakly(citizen.email)
    await world.house.store.tx(async (tx) => {
      await tx
        .updateTable('passwords')
        .set({ set_at: new Date(Date.now() + 1000) })
        .where('oid', '=', citizen.oid)
        .execute()
    })
    world.travel(80 * HOUR)
    await due()
    expect([await works(citizen.password), await suspendedAt()]).toEqual([true, null])
  })

  test('asks for a password once', async () => {
    await weakly(citizen.email)
    await postTo(browser, '/recovery/password', { password: OTHER_PASSWORD })
    expect(path()).toBe('/recovery/waiting')
    expect(await world.house.delayedChanges.waiting(citizen.oid)).toHaveLength(1)
  })
})

describe('a recovery while one waits', () => {
  beforeEach(() => weakly(citizen.email))

  /** The codes to a contact have a pause of a minute. */
  async function again(contact: string): Promise<Browser> {
    world.travel(61)
    const other = world.browser()
    await proven(world, other, contact)
    return other
  }

  test('shows that one, with a button to stop it', async () => {
    const other = await again(citizen.phone)
    expect(world.view).toBe('recovery/waiting')
    expect(other.page.html).toMatch(saying('recovery.waiting_stop_text'))
    await other.submit({}, '/stop')
    expect(await world.house.delayedChanges.waiting(citizen.oid)).toEqual([])
    expect(new URL(other.page.url).pathname).toBe('/recovery/further')
  })

  test('neither hastens nor replaces it by proof as weak', async () => {
    const [first] = await world.house.delayedChanges.waiting(citizen.oid)
    const other = await again(citizen.email)
    await other.submit({}, '/on')
    await other.submit({}, '/none')
    expect(world.view).toBe('recovery/waiting')
    await postTo(other, '/recovery/password', { password: OTHER_PASSWORD })
    expect(await world.house.delayedChanges.waiting(citizen.oid)).toEqual([first])
  })

  test('takes its place by stronger proof: the password is changed at once, and the other one is stopped', async () => {
    const other = await again(citizen.phone)
    await other.submit({}, '/on')
    await proveOther(world, other, citizen.email)
    await other.submit({ password: OTHER_PASSWORD }, '/recovery/password')
    expect(world.view).toBe('recovery/done')
    expect(await world.house.delayedChanges.waiting(citizen.oid)).toEqual([])
    world.travel(80 * HOUR)
    await due()
    expect(await works(OTHER_PASSWORD)).toBe(true)
  })

  test('that proves both contacts from the start takes its place too', async () => {
    world.travel(61)
    const other = world.browser()
    await proven(world, other, citizen.email)
    await other.submit({}, '/on')
    await proveOther(world, other, citizen.phone)
    await other.submit({ password: OTHER_PASSWORD }, '/recovery/password')
    expect([await works(OTHER_PASSWORD), await suspendedAt()]).toEqual([true, null])
  })
})

test('whoever gives up first and finds the other contact after all is asked for nothing twice', async () => {
  await provenTwice(world, browser, citizen)
  await postTo(browser, '/recovery/further/none')
  expect(path()).toBe('/recovery/password')
  await browser.submit({ password: NEW_PASSWORD }, '/recovery/password')
  expect(await works(NEW_PASSWORD)).toBe(true)
})

test('a contact that waits to become the account’s serves no recovery', async () => {
  const phone = '+79275554433'
  const intruder = world.browser()
  await intruder.open('/account/contacts/lost-phone')
  await intruder.submit({ identifier: citizen.email, password: citizen.password }, '/identify')
  await intruder.submit({ phone }, '/lost-phone')
  await intruder.submit({ code: await world.code(phone) }, '/code')
  expect((await world.house.delayedChanges.waiting(citizen.oid)).map(({ kind }) => kind)).toEqual(['contact.change'])
  const before = world.sentTo(phone)
  await begin(intruder, phone)
  expect(world.view).toBe('recovery/code')
  await proven(world, browser, citizen.phone)
  expect(path()).toBe('/recovery/further')
  expect(browser.page.html).not.toContain('44-33')
  expect(world.sentTo(phone)).toBe(before)
})
