import { expect, test } from 'vitest'
import { saying } from '../../saying.ts'
import { worldOfFile } from '../../world.ts'
import { pathOf } from '../cabinet.ts'
import { answering, arriving, documentFields, identified } from './rig.ts'

const world = worldOfFile()

test('from the task list to standard, one page after another', async () => {
  const { citizen, browser } = await arriving(world, 'maria')
  expect(world.view).toBe('cabinet/identity/tasks')
  expect(browser.page.html).toMatch(saying('identity.next.begin'))
  for (const why of ['task_address', 'task_later']) expect(browser.page.html).toMatch(saying(`identity.${why}`))
  await answering(world, browser, citizen, 'maria')
  expect(world.view).toBe('cabinet/identity/check')
  for (const shown of ['Иванова Мария Сергеевна', '900-000-101', '100001', '12.04.2005'])
    expect(browser.page.html).toContain(shown)
  await browser.submit({}, '/check')
  expect(world.view).toBe('cabinet/identity/request')
  expect(browser.page.html).toMatch(saying('requests.confirmed_text'))
  expect((await world.house.accounts.read(citizen.oid)).identity.level).toBe('standard')
  await browser.open('/account/identity')
  expect(browser.page.html).toMatch(saying('identity.next.address'))
  expect(browser.page.html).not.toMatch(saying('identity.task_later'))
  await browser.open('/account')
  expect(browser.page.html).toMatch(saying('accounts.level.standard'))
  expect(browser.page.html).not.toContain('900-000-101')
})

test('what is typed is kept from page to page and can be come back to', async () => {
  const { browser } = await arriving(world, 'timur')
  await browser.open('/account/identity/document')
  await browser.submit({ kind: 'passport_rf' }, '/document')
  await browser.submit(documentFields('timur'))
  expect(pathOf(browser)).toBe('/account/identity/snils')
  await browser.open('/account/identity')
  expect(browser.page.html).toMatch(saying('identity.next.go_on'))
  expect(browser.page.html).toMatch(saying('identity.status.saved'))
  await browser.open('/account/identity/document/passport_rf')
  expect(browser.page.html).toContain('value="100002"')
  await browser.open('/account/identity')
  await browser.submit({}, '/forget')
  expect(browser.page.html).toMatch(saying('identity.forgotten'))
  await browser.open('/account/identity/document/passport_rf')
  expect(browser.page.html).not.toContain('value="100002"')
})

test('a refused request says why, and comes back with what was typed', async () => {
  const { citizen, browser } = await identified(world, 'snils-suspended')
  expect(browser.page.html).toMatch(saying('requests.reason.snils.suspended'))
  await browser.open('/account/identity')
  expect(browser.page.html).toMatch(saying('requests.reason.snils.suspended'))
  expect(browser.page.html).toMatch(saying('identity.next.correct'))
  await browser.open('/account/requests')
  const [href] = /\/account\/requests\/[\w-]{36}/.exec(browser.page.html)!
  await browser.open(href)
  await browser.submit({}, '/correct')
  expect(pathOf(browser)).toBe('/account/identity/snils')
  expect(browser.page.html).toContain('900-000-301')
  expect((await world.house.accounts.read(citizen.oid)).identity.level).toBe('simplified')
})
