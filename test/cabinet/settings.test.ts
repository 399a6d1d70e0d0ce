import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Browser } from '../browser-http.ts'
import { saying } from '../saying.ts'
import { type Citizen, startWorld, type World } from '../world.ts'
import { fieldsOf, inCabinet, settingsOf } from './cabinet.ts'

let world: World
let citizen: Citizen
let browser: Browser
beforeAll(async () => {
  world = await startWorld()
})
beforeEach(async () => {
  citizen = await world.citizen()
  browser = await inCabinet(world, citizen, '/settings')
})
afterAll(() => world.stop())

const settings = () => settingsOf(world, citizen)
const save = (fields: Record<string, string>) => browser.submit(fields, '/settings')
const events = async () => (await world.journal(citizen.oid)).filter(({ type }) => type === 'settings.changed')

describe('are refused', () => {
  test.each<[string, Record<string, string>]>([
    ['without a language', { idleMinutes: '5' }],
    ['with a language that there is not', { locale: 'de', idleMinutes: '5' }],
    ['with four minutes', { locale: 'en', idleMinutes: '4' }],
    ['with an hour', { locale: 'en', idleMinutes: '60' }],
    ['with no number', { locale: 'en', idleMinutes: '-1e9' }],
    ['with another box', { locale: 'en', everySignIn: 'no' }],
    ['with a setting that is not on the page', { locale: 'en', secondFactor: 'false' }],
  ])('%s', async (_what, fields) => {
    await save(fields)
    expect(browser.page.status).toBe(422)
    expect(await settings()).toMatchObject({ locale: 'ru', idleMinutes: undefined, everySignIn: false })
    expect(await events()).toEqual([])
  })

  test('from another page', async () => {
    await browser.post('/settings', 'locale=en')
    expect(browser.page.status).toBe(403)
  })
})

test('are kept, journalled, and shown again', async () => {
  await save({ locale: 'en', idleMinutes: '7', everySignIn: 'yes' })
  expect(browser.page.html).toMatch(saying('cabinet.settings_done', {}, 'en'))
  expect(await settings()).toMatchObject({ locale: 'en', idleMinutes: 7, everySignIn: true })
  expect(fieldsOf(browser)).toEqual({ locale: 'en', idleMinutes: '7', everySignIn: 'yes' })
  expect((await events())[0]!.fields).toMatchObject({ names: 'locale idleMinutes everySignIn' })
  await save({ locale: 'en', idleMinutes: '7', everySignIn: 'yes' })
  expect(await events()).toHaveLength(1)
})

test('a shorter idle time is in force at once', async () => {
  await save({ locale: 'ru', idleMinutes: '5' })
  world.travel(299)
  await browser.open('/account')
  expect(world.view).toBe('cabinet/home')
  world.travel(301)
  await browser.open('/account')
  expect(world.view).toBe('login/password')
})

test('what weakens the account needs a sign-in as strong as can be, and its owner is told', async () => {
  await save({ locale: 'ru', idleMinutes: '5', everySignIn: 'yes' })
  const before = world.sentTo(citizen.phone)
  await save({ locale: 'ru', idleMinutes: '5' })
  expect(world.view).toBe('login/code')
  expect((await settings()).everySignIn).toBe(true)
  await browser.submit({ code: await world.code(citizen.phone, before) }, '/factor/code')
  expect(fieldsOf(browser).everySignIn).toBeUndefined()
  await save({ locale: 'ru', idleMinutes: '5' })
  expect((await settings()).everySignIn).toBe(false)
  // A notice of the sign-in may come after it.
  await expect
    .poll(() => world.sent.flatMap(({ recipient, subject }) => (recipient === citizen.email ? [subject] : [])).join())
    .toMatch(saying('message.sign_in_notices_off.subject'))
  world.travel(250)
  await browser.open('/settings')
  world.travel(250)
  await save({ locale: 'ru', idleMinutes: '10' })
  expect(world.view).toBe('login/password')
  expect((await settings()).idleMinutes).toBe(5)
})

test('the limit of the installation is the longest choice', async () => {
  const strict = await startWorld({ beside: world, env: { CABINET_IDLE_SECONDS: '360' } })
  const page = await inCabinet(strict, citizen, '/settings')
  expect(
    [...page.page.html.matchAll(/name="idleMinutes" type="radio" value="(\d+)"/g)].map(([, value]) => value),
  ).toEqual(['5', '6'])
  await page.submit({ locale: 'ru', idleMinutes: '10' }, '/settings')
  expect((await settings()).idleMinutes ?? 6).toBe(6)
  await strict.stop()
})

describe('the switch of the language', () => {
  const choose = (headers: Record<string, string>, by = browser) => by.open('/language/en?return=/account', headers)

  test('on a page of ours also chooses the language of messages', async () => {
    await choose({ 'Sec-Fetch-Site': 'same-origin' })
    expect(world.view).toBe('cabinet/home')
    expect((await settings()).locale).toBe('en')
    expect(await events()).toHaveLength(1)
  })

  test.each(['cross-site', 'same-site', 'none', ''])('reached otherwise (%s) changes the pages only', async (site) => {
    await choose(site === '' ? {} : { 'Sec-Fetch-Site': site })
    expect(browser.page.html).toContain('lang="en"')
    expect((await settings()).locale).toBe('ru')
  })

  test('changes nobody’s messages where nobody is signed in', async () => {
    await choose({ 'Sec-Fetch-Site': 'same-origin' }, world.browser())
    expect((await settings()).locale).toBe('ru')
  })
})
