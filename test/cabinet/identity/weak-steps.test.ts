import { afterAll, beforeAll, expect, test } from 'vitest'
import { prove } from '../../proving.ts'
import { startWorld, type World } from '../../world.ts'
import { inCabinet } from '../cabinet.ts'
import { arriving, strongly } from './rig.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

const LIVES = '/account/identity/actual-address'

test('a password alone sends nothing, orders nothing, redeems nothing, takes nothing back and undoes nothing; nor does a proof of six minutes ago', async () => {
  const { citizen, browser } = await arriving(world, 'maria')
  await prove(world, citizen, 'standard')
  for (const text of ['г. Казань, ул. Баумана, д. 1', 'г. Казань, ул. Баумана, д. 2']) {
    await browser.open(LIVES)
    await browser.submit({ text, postcode: '' }, '/actual-address')
    await strongly(world, browser, citizen)
    await browser.submit({}, '/check')
  }
  await browser.open('/account/identity/letter')
  await browser.submit({}, '/order')
  const { oid } = citizen
  const { requests, identityRecords, drafts } = world.house
  const [letter] = await requests.list(oid, { limit: 1 })
  const [change] = await identityRecords.historyOf(oid, { limit: 1 })
  expect([letter!.kind, change!.field]).toEqual(['letter', 'address.actual'])
  await drafts.save(oid, 'actual_address', { text: 'г. Казань, ул. Баумана, д. 3', postcode: '' })
  // The letter goes its way meanwhile.
  const taken = ({ step }: { step: string }) => step !== 'letter_sent'
  const state = async () =>
    JSON.stringify([
      (await requests.list(oid, { limit: 9 })).map(({ id, state, steps }) => [id, state, steps.filter(taken).length]),
      (await identityRecords.historyOf(oid, { limit: 9 })).length,
      (await world.house.accounts.read(oid)).identity,
    ])
  const before = await state()

  const weak = await inCabinet(world, citizen, '/account/identity/name')
  world.travel(360)
  await browser.open('/account/identity/name')
  const doors = [
    `${LIVES}/check`,
    '/account/identity/check',
    '/account/identity/letter/order',
    `/account/requests/${letter!.id}/withdraw`,
    `/account/requests/${letter!.id}/code`,
    `/account/history/${change!.seq}/undo`,
  ]
  for (const held of [weak, browser])
    for (const door of doors) {
      await held.open('/account/identity/name')
      const body = new URLSearchParams({ ...held.form('/name').hidden, code: '0000000000' })
      if (!door.endsWith('/code')) body.delete('code')
      await held.post(door, body.toString())
      expect([door, world.view]).toEqual([door, expect.stringMatching(/^login\//)])
    }
  expect(await state()).toBe(before)
})
