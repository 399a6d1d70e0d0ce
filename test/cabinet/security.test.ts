import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { addApp, addRecoveryCodes, addressIn, enterCabinet } from '../authenticators.ts'
import { saying } from '../saying.ts'
import { type Citizen, startWorld, type World } from '../world.ts'

let world: World
let citizen: Citizen
beforeAll(async () => {
  world = await startWorld()
})
beforeEach(async () => {
  citizen = await world.citizen()
})
afterAll(() => world.stop())

test('the list shows everything that opens the account, what it is worth, and when it was used last', async () => {
  const browser = world.browser()
  await addApp(world, citizen, browser, 'Рабочий телефон')
  await addRecoveryCodes(world, citizen, browser)
  await browser.open('/security')
  expect(world.view).toBe('cabinet/security')
  for (const text of ['factor.password', 'factor.code', 'factor.totp', 'factor.recovery_code'])
    expect(browser.page.html).toMatch(saying(text))
  for (const text of ['security.worth_first', 'security.worth_second', 'security.worth_spare'])
    expect(browser.page.html).toMatch(saying(text))
  expect(browser.page.html).toContain('Рабочий телефон')
  expect(browser.page.html).toMatch(saying('security.left', { count: 10 }))
  const listed = await world.house.authenticators.list(citizen.oid)
  expect(Object.fromEntries(listed.map(({ kind, id, usedAt }) => [`${kind}:${id}`, usedAt !== undefined]))).toMatchObject({
    'password:': true,
    'code:sms': true,
    'recovery_code:set': false,
  })
})
