import { afterAll, beforeAll, expect, test } from 'vitest'
import { citizen as madeUp } from '../../proofing/rig.ts'
import { saying } from '../../saying.ts'
import { startWorld, type World } from '../../world.ts'
import { pathOf } from '../cabinet.ts'
import { identified, strongly } from './rig.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

const lacks = async (oid: number) => (await world.house.accounts.read(oid)).identity.lacks

test('that registries refuse is corrected like what was typed, or sent again as it is', async () => {
  const { citizen, browser } = await identified(world, 'maria')
  const { oid } = citizen
  const { name, snils } = madeUp('maria')
  await browser.open('/account/identity/name')
  await browser.submit({ ...name, patronymic: name.patronymic ?? '', givenName: 'Мара' }, '/name')
  await browser.submit({}, '/check')
  expect(browser.page.html).toMatch(saying('requests.reason.person.name_differs'))

  const { registries, requests } = world.house
  const { snils: asked } = registries
  Object.assign(registries, { snils: async () => ({ verdict: 'invalid', reason: 'suspended' }) })
  await browser.submit({}, '/withdraw')
  const recheck = (await requests.list(oid, { limit: 5 })).find(({ kind }) => kind === 'recheck')!
  expect(await requests.settled(oid, recheck.id, 4_000)).toMatchObject({ state: 'refused' })
  Object.assign(registries, { snils: asked })

  await browser.open('/account/identity')
  expect(browser.page.html).toMatch(saying('requests.reason.snils.suspended'))
  await browser.open(`/account/requests/${recheck.id}`)
  expect(browser.page.html).not.toContain('/withdraw')
  await browser.submit({}, '/correct')
  expect(pathOf(browser)).toBe('/account/identity/snils')
  await browser.submit({ snils: snils! }, '/snils')
  await strongly(world, browser, citizen)
  await browser.submit({}, '/check')
  expect(browser.page.html).toMatch(saying('requests.confirmed_text'))
  expect(await lacks(oid)).toEqual(['proof'])
})

test('can be asked for where nothing is left to be corrected', async () => {
  const { citizen, browser } = await identified(world, 'hyphen')
  const { oid } = citizen
  await browser.open('/account/identity/check')
  expect(pathOf(browser)).toBe('/account/identity')
  // What was asked for ended with the account's closing, and its owner is back.
  await world.house.store.db
    .updateTable('accounts')
    .set({ core_change_at: new Date() })
    .where('oid', '=', oid)
    .execute()
  await browser.open('/account/identity')
  expect(browser.page.html).toMatch(saying('identity.next.settle_change'))
  expect(browser.page.html).toContain('href="/account/identity/check"')
  await browser.open('/account/identity/check')
  await browser.submit({}, '/check')
  expect(browser.page.html).toMatch(saying('requests.kind.recheck'))
  expect(browser.page.html).toMatch(saying('requests.confirmed_text'))
  expect(await lacks(oid)).toEqual(['proof'])
})
