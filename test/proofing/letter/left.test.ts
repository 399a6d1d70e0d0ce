import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { endOpenRequests } from '#src/proofing/request-store.ts'
import { type LetterRig, startLetterRig } from './rig.ts'

/** No letter is printed for somebody who has left. */

let rig: LetterRig
let oid: number

beforeAll(async () => {
  rig = await startLetterRig()
})
beforeEach(async () => {
  oid = await rig.citizen()
})
afterAll(async () => {
  expect(rig.faults).toEqual([])
  await rig.stop()
})

/** What closing an account does to it and to its requests. */
const close = () =>
  rig.store.tx(async (tx) => {
    await tx.updateTable('accounts').set({ state: 'closed' }).where('oid', '=', oid).execute()
    await endOpenRequests(tx, oid, rig.clock.now())
  })
async function ordered(): Promise<string> {
  const done = await rig.order(oid)
  if (!done.ok) throw new Error(done.why)
  return done.request.id
}
const posted = () => rig.posted.filter((letter) => letter.oid === oid)

test('closed before the letter is printed', async () => {
  const id = await ordered()
  await close()
  await rig.letters.work({ oid, id })
  await rig.letters.workDue()
  expect(posted()).toEqual([])
  expect(await rig.request(oid, id)).toMatchObject({ state: 'withdrawn' })
})

test('closed while it is printed', async () => {
  const id = await ordered()
  const slow = rig.process({ beforeTx: async (count) => void (count === 2 && (await close())) })
  await slow.workDue()
  expect(posted()).toEqual([])
  expect(await rig.request(oid, id)).toMatchObject({ state: 'withdrawn' })
})

test('closed while it is ordered: the order is taken back, and nobody is told of it', async () => {
  const slow = rig.process({ beforeTx: async () => close() })
  await rig.order(oid, slow)
  await rig.letters.workDue()
  expect(posted()).toEqual([])
  expect(rig.told(oid).filter((kind) => kind === 'letter_void' || kind === 'letter_unsent')).toEqual([])
  const states = await rig.store.db.selectFrom('requests').select('state').where('oid', '=', oid).execute()
  expect(states.filter(({ state }) => state !== 'withdrawn')).toEqual([])
})
