import supertest from 'supertest'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Browser } from '../browser-http.ts'
import { saying } from '../saying.ts'
import { type Citizen, worldOfFile } from '../world.ts'
import { fieldsOf, inCabinet, pathOf, settingsOf, signInAgain } from './cabinet.ts'

/** What was typed in a form whose sign-in had run out; the settings stand for all forms. */

const world = worldOfFile()
let citizen: Citizen
let browser: Browser
beforeEach(async () => {
  citizen = await world.citizen()
  browser = await inCabinet(world, citizen, '/settings')
})

const typed = { locale: 'en', idleMinutes: '5', everySignIn: 'yes' }
const standing = () => fieldsOf(browser)
const before = { locale: 'ru', idleMinutes: '10' }

/** Sends the form after so many idle seconds. */
async function sendLate(seconds = 601): Promise<void> {
  world.travel(seconds)
  await browser.submit(typed, '/settings')
  expect(world.view).toBe('login/password')
}

const settings = () => settingsOf(world, citizen)

test('nothing is changed by it, and it stands in the form after the sign-in', async () => {
  await sendLate()
  await signInAgain(browser, citizen)
  expect(pathOf(browser)).toBe('/settings')
  expect(standing()).toEqual(typed)
  expect(browser.page.html).toMatch(saying('cabinet.kept'))
  expect(await settings()).toMatchObject({ locale: 'ru', everySignIn: false })
  await browser.submit(typed, '/settings')
  expect(await settings()).toMatchObject({ locale: 'en', everySignIn: true })
})

test('after the provider’s own session has run out as well', async () => {
  await sendLate(3601)
  await signInAgain(browser, citizen)
  expect(standing()).toEqual(typed)
})

test('the page may be loaded once more and keeps it, until the form was taken', async () => {
  await sendLate()
  await signInAgain(browser, citizen)
  await browser.open('/settings')
  expect(standing()).toEqual(typed)
  await browser.submit(before, '/settings')
  await browser.open('/settings')
  expect(standing()).toEqual(before)
  const { length } = await world.house.store.db
    .selectFrom('kept_forms')
    .select('id')
    .where('oid', '=', citizen.oid)
    .execute()
  expect(length).toBe(0)
})

test('of one account twenty are kept, however many are sent', async () => {
  const { action, hidden } = browser.form('/settings')
  world.travel(601)
  const body = new URLSearchParams({ ...hidden, ...typed }).toString()
  for (let n = 0; n < 25; n++) await browser.post(`${world.origin}${action}`, body)
  const kept = await world.house.store.db.selectFrom('kept_forms').select('id').where('oid', '=', citizen.oid).execute()
  expect(kept).toHaveLength(20)
})

test('no other page shows it', async () => {
  await sendLate()
  await signInAgain(browser, citizen)
  await browser.open('/account')
  expect(browser.page.html).not.toMatch(saying('cabinet.kept'))
})

test('it is gone after an hour', async () => {
  await sendLate()
  world.travel(3601)
  await browser.open('/settings')
  await signInAgain(browser, citizen)
  expect(standing()).toEqual(before)
})

describe('is shown to nobody else', () => {
  test('who signs in in this browser', async () => {
    await sendLate()
    const other = await world.citizen()
    await signInAgain(browser, other)
    // The provider ends the session of the first person by a form that passes itself on.
    await browser.submit({})
    await browser.open('/settings')
    expect(browser.page.html).toContain(String(other.oid))
    expect(world.view).toBe('cabinet/settings')
    expect(standing()).toEqual(before)
  })

  test('nor to the same person in another browser', async () => {
    await sendLate()
    browser = await inCabinet(world, citizen, '/settings')
    expect(standing()).toEqual(before)
  })

  test('nor by a ticket that somebody planted', async () => {
    await sendLate()
    const ticket = browser.cookies().filter((cookie) => cookie.startsWith('form'))
    expect(ticket.length).toBeGreaterThan(0)
    const victim = await inCabinet(world, await world.citizen(), '/settings')
    const cookies = [...victim.cookies(), ...ticket].map((cookie) => cookie.split(';', 1)[0])
    const { status, text } = await supertest(world.listens).get('/settings').set('Cookie', cookies.join('; '))
    expect(status).toBe(200)
    expect(text).not.toMatch(saying('cabinet.kept'))
  })
})

describe('is not kept', () => {
  const rows = async () => (await world.house.store.db.selectFrom('kept_forms').select('oid').execute()).length

  test('for whoever is not known to be anybody', async () => {
    const { hidden } = browser.form('/settings')
    const stranger = world.browser()
    const csrf = browser.cookies().filter((cookie) => cookie.startsWith('csrf'))
    const count = await rows()
    await stranger.post('/settings', new URLSearchParams({ ...hidden, ...typed }).toString(), {
      Cookie: csrf.map((cookie) => cookie.split(';', 1)[0]).join('; '),
    })
    expect(world.view).toBe('login/password')
    expect(await rows()).toBe(count)
  })

  test('where it is too much', async () => {
    const count = await rows()
    world.travel(601)
    await browser.submit({ ...typed, locale: 'x'.repeat(20_000) }, '/settings')
    await signInAgain(browser, citizen)
    expect(standing()).toEqual(before)
    expect(await rows()).toBe(count)
  })

  test('beyond the fields that the page names', async () => {
    world.travel(601)
    await browser.submit({ ...typed, password: 'семь сухих велосипедов' }, '/settings')
    await signInAgain(browser, citizen)
    expect(Object.keys(standing()).sort()).toEqual(['everySignIn', 'idleMinutes', 'locale'])
    expect(browser.page.html).not.toContain('семь сухих')
  })

  test('in plain text', async () => {
    await sendLate()
    const stored = await world.house.store.db
      .selectFrom('kept_forms')
      .select('form')
      .where('oid', '=', citizen.oid)
      .execute()
    expect(Buffer.from(stored[0]!.form).includes('everySignIn')).toBe(false)
  })
})
