import { expect, test } from 'vitest'
import { citizen as madeUp } from '../../proofing/rig.ts'
import { saying } from '../../saying.ts'
import { worldOfFile } from '../../world.ts'
import { inCabinet, pathOf } from '../cabinet.ts'
import { identified, strongly } from './rig.ts'

const world = worldOfFile()

test('numbers are masked until each is opened by its own link', async () => {
  const { browser } = await identified(world, 'maria')
  await browser.open('/account')
  const hidden = ['900-000-101\u00a085', '100001', 'МВД по Заречной']
  for (const value of hidden) expect(browser.page.html).not.toContain(value)
  await browser.open('/account?open=snils')
  expect(browser.page.html).toContain('900-000-101\u00a085')
  expect(browser.page.html).not.toContain('100001')
  await browser.open('/account?open=document')
  expect(browser.page.html).toContain('100001')
  expect(browser.page.html).not.toContain('900-000-101')
  await browser.open('/account?open=everything')
  for (const value of hidden) expect(browser.page.html).not.toContain(value)
})

test('numbers are opened for nobody but the session of their owner', async () => {
  const { citizen } = await identified(world, 'timur')
  const stranger = world.browser()
  await stranger.open('/account?open=snils')
  expect(stranger.page.html).not.toContain(madeUp('timur').snils)
  const other = await inCabinet(world, await world.citizen(), '/account?open=snils')
  expect(other.page.html).not.toMatch(/900-000-102/)
  expect(other.page.html).not.toContain(String(citizen.oid))
})

test('another family name needs its document: the change is not sent before', async () => {
  const { citizen, browser } = await identified(world, 'leap-day')
  await browser.open('/account/identity/name')
  await browser.submit({ familyName: 'Иная', givenName: 'Фёдор', patronymic: 'Ильич' }, '/name')
  expect(pathOf(browser)).toBe('/account/identity/document')
  await browser.open('/account/identity/check')
  expect(pathOf(browser)).toBe('/account/identity/document')
  const [newest] = await world.house.requests.list(citizen.oid, { limit: 1 })
  expect(newest!.kind).toBe('identity')
})

test('what is confirmed already is not sent again', async () => {
  const { browser } = await identified(world, 'apostrophe')
  await browser.open('/account/identity/snils')
  await browser.submit({ snils: madeUp('apostrophe').snils! }, '/snils')
  expect(pathOf(browser)).toBe('/account/identity/check')
  await browser.submit({}, '/check')
  expect(browser.page.status).toBe(409)
  expect(browser.page.html).toMatch(saying('identity.same'))
})

test('the history tells what was before, masked, and from where; undoing is a new request', async () => {
  const { citizen, browser } = await identified(world, 'old-snils')
  const addresses = ['г. Казань, ул. Баумана, д. 1', 'г. Казань, ул. Баумана, д. 2']
  for (const text of addresses) {
    await browser.open('/account/identity/actual-address')
    await browser.submit({ text, postcode: '' }, '/actual-address')
    await browser.submit({}, '/check')
  }
  await browser.open('/account/history')
  for (const shown of ['•••', 'МСК']) expect(browser.page.html).toContain(shown)
  expect(browser.page.html).toMatch(saying('history.by_owner'))
  expect(browser.page.html).not.toContain('Баумана')
  expect(browser.page.html).not.toContain('&lt;')
  expect(browser.page.html).toMatch(saying('history.field.address.actual'))
  const undoable = [...new Set(browser.page.html.match(/\/account\/history\/\d+/g))]
  expect(undoable).toHaveLength(1)
  const opening = /href="(\/account\/history\?open=\d+)"/.exec(browser.page.html)![1]!
  await browser.open(opening)
  for (const text of addresses) expect(browser.page.html).toContain(text)
  expect(browser.page.html).not.toContain(madeUp('old-snils').document!.number)
  await browser.open(undoable[0]!)
  // Nobody can agree to what is not shown.
  expect(browser.page.html).toMatch(saying('history.undo_row', { before: addresses[0]!, after: addresses[1]! }))
  await browser.submit({}, '/undo')
  expect(world.view).toBe('cabinet/identity/request')
  const [actual] = (await world.house.accounts.read(citizen.oid)).addresses.filter(
    ({ address }) => address.kind === 'actual',
  )
  expect(actual!.address.text).toBe(addresses[0])
})

test('the changes of others are not there to be undone', async () => {
  const { citizen: owner } = await identified(world, 'hyphen')
  const [change] = await world.house.identityRecords.historyOf(owner.oid, { limit: 1 })
  const { citizen, browser } = await identified(world, 'no-patronymic')
  for (const seq of [change!.seq, '0', 'x', '9'.repeat(30)]) {
    await browser.open(`/account/history/${seq}`)
    await strongly(world, browser, citizen)
    expect(browser.page.status).toBe(404)
  }
  const tried = (await world.journal(citizen.oid)).filter(({ type }) => type === 'cabinet.reference_refused')
  expect(tried).toHaveLength(4)
})
