import { beforeEach, expect, test } from 'vitest'
import { saying } from '../saying.ts'
import { type Citizen, worldOfFile } from '../world.ts'
import { begin } from './acting.ts'

const world = worldOfFile()
let citizen: Citizen
beforeEach(async () => {
  await world.forgetAttempts()
  citizen = await world.citizen()
})

const NOBODY = '+79169990001'

test('one contact gets a message a minute, from however many browsers, whether anybody holds it or not', async () => {
  await begin(world.browser(), citizen.phone)
  await world.code(citizen.phone)
  await begin(world.browser(), NOBODY)
  for (const identifier of [citizen.phone, NOBODY]) {
    const browser = world.browser()
    await begin(browser, identifier)
    expect(browser.page.status).toBe(429)
    expect(browser.cookies().some((cookie) => cookie.startsWith('recovery'))).toBe(false)
  }
  expect(world.sentTo(citizen.phone)).toBe(1)
})

test('who goes back and types the same contact comes to the page of the code that is on its way', async () => {
  const browser = world.browser()
  await begin(browser, citizen.phone)
  const code = await world.code(citizen.phone)
  await begin(browser, citizen.phone)
  expect([browser.page.status, world.view]).toEqual([200, 'recovery/code'])
  await browser.submit({ code }, '/recovery/code')
  expect(world.view).toBe('recovery/ways')
})

test('one network begins thirty recoveries, then waits', async () => {
  for (let n = 0; n < 30; n++) await begin(world.browser(), `+7916999${1000 + n}`)
  for (const identifier of [citizen.phone, NOBODY]) {
    const browser = world.browser()
    await begin(browser, identifier)
    expect(browser.page.status).toBe(429)
    expect(browser.page.errors[0]).toMatch(saying('recovery.too_many', { minutes: 1 }))
  }
  expect(world.sentTo(citizen.phone)).toBe(0)
})

test('and tries sixty codes, of however many recoveries', async () => {
  const browser = world.browser()
  await begin(browser, citizen.phone)
  const code = await world.code(citizen.phone)
  for (let n = 0; n < 60; n++) await browser.submit({ code: 'abc' }, '/recovery/code')
  expect(browser.page.status).toBe(422)
  await browser.submit({ code }, '/recovery/code')
  expect([browser.page.status, world.view]).toEqual([429, 'recovery/code'])
})
