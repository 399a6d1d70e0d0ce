import { expect, test } from 'vitest'
import { citizen as madeUp } from '../../proofing/rig.ts'
import { saying } from '../../saying.ts'
import { worldOfFile } from '../../world.ts'
import { pathOf } from '../cabinet.ts'
import { answering, arriving, identified } from './rig.ts'

const world = worldOfFile()

const numbered = (number: string) => `${number.slice(0, 4)}\u00a0${number.slice(4, 7)}\u00a0${number.slice(7)}`

test('a request is listed with its number, state and history', async () => {
  const { citizen, browser } = await identified(world, 'maria')
  const [request] = await world.house.requests.list(citizen.oid, { limit: 1 })
  await browser.open('/account/requests')
  expect(browser.page.html).toContain(numbered(request!.number))
  expect(browser.page.html).toMatch(saying('requests.state.confirmed'))
  await browser.open(`/account/requests/${request!.id}`)
  for (const key of ['requests.step.opened', 'requests.step.confirmed']) expect(browser.page.html).toMatch(saying(key))
  expect(browser.page.html).toContain('МСК')
  expect(browser.page.headers.refresh).toBeUndefined()
})

test('a slow registry: the page waits, loads itself anew, says when we ask again, and stops that when it is told to', async () => {
  const { citizen, browser } = await identified(world, 'document-down')
  expect(browser.page.html).toMatch(saying('requests.checking_text'))
  const [request] = await world.house.requests.list(citizen.oid, { limit: 1 })
  const path = `/account/requests/${request!.id}`
  expect(browser.page.headers.refresh).toBe(`10; url=${path}`)
  expect(browser.page.html).toMatch(saying('requests.refreshes', { seconds: 10 }))
  await browser.open(`${path}?still=1`)
  expect(browser.page.headers.refresh).toBeUndefined()
  await browser.open('/account/identity')
  expect(browser.page.html).toMatch(saying('identity.next.wait'))
  expect(browser.page.html.match(/>\s*Проверяется\s*</g)).toHaveLength(3)
  // Three tasks, one request.
  expect(browser.page.html.match(/спросим снова [^<]*МСК/g)).toHaveLength(1)
})

test('another of its kind is refused with the number of the one being checked, and withdrawing makes room', async () => {
  const { citizen, browser } = await identified(world, 'snils-busy')
  const [request] = await world.house.requests.list(citizen.oid, { limit: 1 })
  await browser.open('/account/identity/snils')
  await browser.submit({ snils: madeUp('snils-busy').snils! }, '/snils')
  await answering(world, browser, citizen, 'snils-busy')
  await browser.submit({}, '/check')
  expect(browser.page.status).toBe(409)
  expect(browser.page.html).toMatch(saying('identity.already_open', { number: numbered(request!.number) }))
  await browser.open(`/account/requests/${request!.id}`)
  await browser.submit({}, '/withdraw')
  expect(browser.page.html).toMatch(saying('requests.withdrawn_done'))
  expect((await world.house.requests.find(citizen.oid, request!.id))!.state).toBe('withdrawn')
})

test('what was refused is corrected on the page that it is about, and sent again', async () => {
  const { citizen, browser } = await arriving(world, 'timur')
  await browser.open('/account/identity/name')
  await browser.submit({ familyName: 'Каримоф', givenName: 'Тимур', patronymic: 'Рашидович' }, '/name')
  await answering(world, browser, citizen, 'timur')
  expect(browser.page.html).toContain('Каримоф')
  await browser.submit({}, '/check')
  expect(browser.page.html).toMatch(saying('requests.reason.person.name_differs'))
  await browser.submit({}, '/correct')
  expect(pathOf(browser)).toBe('/account/identity/name')
  expect(browser.page.html).toContain('Каримоф')
  await browser.submit({ familyName: 'Каримов', givenName: 'Тимур', patronymic: 'Рашидович' }, '/name')
  expect(pathOf(browser)).toBe('/account/identity/check')
  await browser.submit({}, '/check')
  expect(browser.page.html).toMatch(saying('requests.confirmed_text'))
  const { identity, person } = await world.house.accounts.read(citizen.oid)
  expect([identity.level, person.familyName]).toEqual(['standard', 'Каримов'])
})

test('the last four digits of an INN are not enough to tell namesakes apart: the whole number is asked for', async () => {
  const { citizen, browser } = await identified(world, 'namesake-elder')
  const { inn } = madeUp('namesake-elder')
  await browser.open('/account/identity/inn')
  await browser.submit({ inn: inn!.slice(-4) }, '/inn')
  await browser.submit({}, '/check')
  expect(browser.page.html).toMatch(saying('requests.reason.inn.ambiguous'))
  await browser.submit({}, '/correct')
  expect(pathOf(browser)).toBe('/account/identity/inn')
  await browser.submit({ inn: inn! }, '/inn')
  await browser.submit({}, '/check')
  expect((await world.house.accounts.read(citizen.oid)).person.inn).toBe(inn)
})

test('twenty to a page', async () => {
  const { citizen, browser } = await arriving(world, 'hyphen', '/account/requests')
  const { house } = world
  const owner = () => house.ownerNotices.ownerOf(citizen.oid)
  for (let n = 0; n < 21; n++) {
    await world.forgetAttempts()
    const opened = await house.requests.open(await owner(), { kind: 'inn', proposal: { inn: '1234' }, origin: 's' })
    if (!opened.ok) throw new Error(opened.why)
    await house.requests.settled(citizen.oid, opened.request.id, 3000)
  }
  await browser.open('/account/requests')
  const links = () => new Set(browser.page.html.match(/\/account\/requests\/[\w-]{36}/g)).size
  expect(links()).toBe(20)
  const [, before] = /\/account\/requests\?before=([\w-]{36})/.exec(browser.page.html)!
  await browser.open(`/account/requests?before=${before}`)
  expect(links()).toBe(1)
})

test('a change that waits for 72 hours stands there with its time, and is gone when it is stopped', async () => {
  const { citizen, browser } = await arriving(world, 'apostrophe', '/account/requests')
  expect(browser.page.html).not.toMatch(saying('requests.changes_title'))
  const { store, ownerNotices, delayedChanges } = world.house
  const owner = await ownerNotices.ownerOf(citizen.oid)
  const change = { kind: 'account.close', payload: { cause: 'owner' }, origin: 'x' }
  const { id } = await store.tx((tx) => delayedChanges.schedule(tx, owner, change))
  await browser.open('/account/requests')
  for (const key of ['requests.changes_title', 'requests.changes_stop', 'change.kind.account.close'])
    expect(browser.page.html).toMatch(saying(key))
  await delayedChanges.stop(citizen.oid, id)
  await browser.open('/account/requests')
  expect(browser.page.html).not.toMatch(saying('requests.changes_title'))
})
