import { expect, test, vi } from 'vitest'
import { addSeconds } from '#src/kernel/clock.ts'
import { wordedDate } from '#src/kernel/locale.ts'
import { codeOn } from '../../proofing/letter/pdf-text.ts'
import { citizen as madeUp } from '../../proofing/rig.ts'
import { saying } from '../../saying.ts'
import { worldOfFile } from '../../world.ts'
import { pathOf } from '../cabinet.ts'
import { arriving, identified } from './rig.ts'

const world = worldOfFile()

/** Standard, with a registered address that a registry has confirmed. */
async function addressed(code: string) {
  const { citizen, browser } = await identified(world, code)
  const { text, postcode = '' } = madeUp(code).address!
  await browser.open('/account/identity/address')
  await browser.submit({ text, postcode }, '/address')
  await browser.submit({}, '/check')
  return { citizen, browser }
}

test('below standard there is none, and without a confirmed address neither', async () => {
  const { browser } = await arriving(world, 'hyphen', '/account/identity/letter')
  expect(browser.page.html).toMatch(saying('identity.letter_obstacle.not_standard'))
  const { browser: standard } = await identified(world, 'twin-anna')
  await standard.open('/account/identity/letter')
  expect(standard.page.html).toMatch(saying('identity.letter_obstacle.no_address'))
  expect(standard.page.html).not.toContain('/letter/order')
})

test('ordered once; a wrong code tells how many tries are left, what cannot be one costs none, the fifth ends it', async () => {
  const { citizen, browser } = await addressed('maria')
  await browser.open('/account/identity/letter')
  await browser.submit({}, '/order')
  expect(world.view).toBe('cabinet/identity/request')
  const path = pathOf(browser)
  await browser.open('/account/identity/letter')
  expect(browser.page.html).not.toContain('/letter/order')
  await browser.open(`${path}/code`)
  await browser.submit({ code: '1' }, '/code')
  expect(browser.page.html).toMatch(saying('identity.code_malformed'))
  for (const count of [4, 3, 2, 1]) {
    await browser.submit({ code: '00000-00000' }, '/code')
    expect(browser.page.html).toMatch(saying('identity.code_wrong', { count }))
    expect(browser.page.html).not.toContain('00000-00000')
  }
  await browser.submit({ code: '00000-00000' }, '/code')
  expect(pathOf(browser)).toBe(path)
  expect(browser.page.html).toMatch(saying('requests.reason.letter.tries_used'))
  expect((await world.house.accounts.read(citizen.oid)).identity.level).toBe('standard')
})

test('the fourth letter of a year is refused with the date from which on there is one', async () => {
  const { citizen, browser } = await addressed('alexandra')
  const { requests, ownerNotices } = world.house
  for (let n = 0; n < 3; n++) {
    await browser.open('/account/identity/letter')
    await browser.submit({}, '/order')
    const id = pathOf(browser).split('/').at(-1)!
    expect(await requests.withdraw(await ownerNotices.ownerOf(citizen.oid), id)).toBe(true)
  }
  const [, , first] = await requests.list(citizen.oid, { limit: 3 })
  await browser.open('/account/identity/letter')
  await browser.submit({}, '/order')
  expect(browser.page.status).toBe(409)
  const date = wordedDate(addSeconds(first!.createdAt, 365 * 86_400), 'ru')
  expect(browser.page.html).toMatch(saying('identity.too_many_letters', { date }))
})

test('the code of the letter makes the account verified, once', async () => {
  const { citizen, browser } = await addressed('timur')
  await browser.open('/account/identity')
  expect(browser.page.html).toMatch(saying('identity.next.prove'))
  await browser.open('/account/identity/letter')
  await browser.submit({}, '/order')
  const path = pathOf(browser)
  expect(browser.page.html).toMatch(saying('requests.withdraw_letter'))
  const { pdf } = await vi.waitFor(
    () => {
      const letter = world.sent.find(({ channel, id }) => channel === 'post' && path.endsWith(id))
      if (!letter) throw new Error('no letter')
      return letter
    },
    { timeout: 10_000, interval: 20 },
  )
  await browser.open(`${path}/code`)
  await browser.submit({ code: (await codeOn(pdf!)).toLowerCase().replace('-', ' ') }, '/code')
  expect(pathOf(browser)).toBe(path)
  expect(browser.page.html).toMatch(saying('requests.state.confirmed'))
  expect(browser.page.html).toMatch(saying('requests.confirmed_letter'))
  expect((await world.house.accounts.read(citizen.oid)).identity.level).toBe('verified')
  await browser.open('/account/identity')
  expect(browser.page.html).toMatch(saying('identity.next.nothing'))
  await browser.open(`${path}/code`)
  expect(pathOf(browser)).toBe(path)
})
