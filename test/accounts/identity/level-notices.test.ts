import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type IdentityRig, PASSPORT, startIdentityRig } from './rig.ts'

/** What owners hear of their level: what it has settled at, and not each step on the way there. */

let rig: IdentityRig
let oid: number
let numbers = 0

beforeAll(async () => {
  rig = await startIdentityRig()
})
beforeEach(async () => {
  oid = await rig.person()
  const number = String(970_000 + ++numbers)
  await rig.reconciled(oid, `90000${number}`, { ...PASSPORT, number })
})
afterAll(() => rig.stop())

/** Several processes look at once. */
async function settled() {
  await rig.settled()
  await Promise.all([rig.levelNotices.tellDue(), rig.levelNotices.tellDue()])
}
const inQuestion = (open: boolean) => rig.change(oid, (record) => record.setCoreChange(open))
const changes = async () =>
  (await rig.events(oid, 'identity.level_changed')).map(({ fields }) => fields.after).reverse()

test('two steps within a moment are one message, and both in the journal', async () => {
  await rig.seenAtCentre(oid)
  expect(rig.told(oid)).toEqual([])
  await settled()
  expect(rig.told(oid)).toEqual(['level_verified'])
  expect(await changes()).toEqual(['standard', 'verified'])
})

test('a level that is back before anybody was told of its loss is not told at all', async () => {
  await rig.seenAtCentre(oid)
  await settled()
  await inQuestion(true)
  rig.clock.pass(19)
  await rig.levelNotices.tellDue()
  await inQuestion(false)
  await settled()
  expect(rig.told(oid)).toEqual(['level_verified'])
  expect(await changes()).toEqual(['standard', 'verified', 'standard', 'verified'])
})

test('a suspension that lasts is told as one, and so is its end', async () => {
  await rig.seenAtCentre(oid)
  await settled()
  await inQuestion(true)
  await settled()
  await settled()
  await inQuestion(false)
  await settled()
  expect(rig.told(oid)).toEqual(['level_verified', 'level_suspended', 'level_restored'])
})

test('who proves who they are after a suspension is verified, and not merely again', async () => {
  await rig.seenAtCentre(oid)
  await settled()
  await rig.change(oid, (record) => record.suspend())
  await settled()
  rig.clock.pass(1)
  await rig.seenAtCentre(oid)
  await settled()
  expect(rig.told(oid)).toEqual(['level_verified', 'level_unproven', 'level_verified'])
})

test('whoever has closed the account is left in peace until it is open again', async () => {
  const put = (state: 'closed' | 'active') =>
    rig.store.db.updateTable('accounts').set({ state }).where('oid', '=', oid).execute()
  await put('closed')
  await settled()
  expect(rig.told(oid)).toEqual([])
  await put('active')
  await settled()
  expect(rig.told(oid)).toEqual(['level_standard'])
})
