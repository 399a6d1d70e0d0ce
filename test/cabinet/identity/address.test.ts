import { expect, test } from 'vitest'
import { provenAddressOf } from '#src/accounts/identity/proven-data.ts'
import { RegistryUnavailable } from '#src/registries/registries.ts'
import type { Browser } from '../../browser-http.ts'
import { citizen as madeUp } from '../../proofing/rig.ts'
import { saying } from '../../saying.ts'
import { worldOfFile } from '../../world.ts'
import { arriving, identified } from './rig.ts'

const world = worldOfFile()

const DIRECTORY = '/account/identity/address/suggestions'
/** As the script of the page asks. */
const ask = (browser: Browser, hidden: Record<string, string>, text: string, more = '') =>
  browser.post(DIRECTORY, new URLSearchParams({ ...hidden, text }) + more)

test('the directory suggests addresses to whoever is signed in, and to nobody else', async () => {
  const stranger = world.browser()
  await stranger.open('/registration')
  await ask(stranger, stranger.form().hidden, 'Садовая 5')
  expect([stranger.page.status, JSON.parse(stranger.page.html)]).toEqual([200, { suggestions: [] }])
  const { browser } = await arriving(world, 'maria', '/account/identity/actual-address')
  const { hidden } = browser.form('/actual-address')
  await ask(browser, hidden, 'Садовая 5')
  const { suggestions } = JSON.parse(browser.page.html)
  expect(suggestions).toContainEqual({
    text: 'Заречная область, г. Приозёрск-на-Каме, ул. Садовая, д. 5',
    postcode: '000100',
  })
  for (const [text, more] of [
    ['', ''],
    [' ', ''],
    ['Садовая', '&text=Речная'],
    ['Садовая\0', ''],
  ] as const) {
    await ask(browser, hidden, text, more)
    expect(JSON.parse(browser.page.html)).toEqual({ suggestions: [] })
  }
  await ask(browser, {}, 'Садовая 5')
  expect(browser.page.status).toBe(403)
})

test('a directory that is down, or was asked too often, leaves the field as it is', async () => {
  const { citizen, browser } = await arriving(world, 'maria', '/account/identity/actual-address')
  const { hidden } = browser.form('/actual-address')
  const { registries, store } = world.house
  const { suggestAddresses } = registries
  Object.assign(registries, {
    suggestAddresses: async () => {
      throw new RegistryUnavailable('address_suggestions', 'timeout')
    },
  })
  await ask(browser, hidden, 'Садовая')
  expect([browser.page.status, JSON.parse(browser.page.html)]).toEqual([200, { suggestions: [] }])
  Object.assign(registries, { suggestAddresses })
  await store.db
    .updateTable('throttles')
    .set({ count: 301 })
    .where('key', '=', `address_suggestions:${citizen.oid}`)
    .execute()
  await ask(browser, hidden, 'Садовая')
  await ask(browser, hidden, 'Садовая')
  expect(JSON.parse(browser.page.html)).toEqual({ suggestions: [] })
})

test('the registered address is compared, and a letter may go there; where somebody lives is taken as it is', async () => {
  const { citizen, browser } = await identified(world, 'hyphen')
  const { text, postcode = '' } = madeUp('hyphen').address!
  await browser.open('/account/identity/address')
  await browser.submit({ text: text.replace('д. 1', 'д. 2'), postcode }, '/address')
  await browser.submit({}, '/check')
  expect(browser.page.html).toMatch(saying('requests.reason.address.differs'))
  await browser.submit({}, '/correct')
  await browser.submit({ text, postcode }, '/address')
  await browser.submit({}, '/check')
  expect(browser.page.html).toMatch(saying('requests.confirmed_text'))
  await browser.open('/account/identity/actual-address')
  await browser.submit({ text: 'г. Казань, ул. Баумана, д. 1', postcode: '' }, '/actual-address')
  await browser.submit({}, '/check')
  expect(browser.page.html).toMatch(saying('requests.confirmed_text'))
  const account = await world.house.accounts.read(citizen.oid)
  expect(account.addresses.map(({ address }) => address.kind)).toEqual(['registered', 'actual'])
  expect(provenAddressOf(account)).toMatchObject({ kind: 'registered' })
})
