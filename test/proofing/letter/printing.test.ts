import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { ADDRESS, type LetterRig, startLetterRig } from './rig.ts'

/** A letter is printed after it was ordered, outside any transaction, once; and not at all once nobody wants it any more. */

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

async function ordered(): Promise<string> {
  const done = await rig.order(oid)
  if (!done.ok) throw new Error(done.why)
  return done.request.id
}
const posted = () => rig.posted.filter((letter) => letter.oid === oid)
const sheet = () =>
  rig.store.db.selectFrom('messages').select(['state', 'recipient', 'body']).where('oid', '=', oid).executeTakeFirst()

test('nothing is printed while it is ordered, and there is no code before there is a sheet', async () => {
  const id = await ordered()
  expect(posted()).toEqual([])
  const hash = () =>
    rig.store.db.selectFrom('proofing_letters').select('code_hash').where('oid', '=', oid).executeTakeFirst()
  expect(await hash()).toEqual({ code_hash: '' })
  expect(await rig.redeem(oid, id, '0000000000')).toMatchObject({ why: 'wrong' })
  await rig.letters.work({ oid, id })
  expect(posted()).toHaveLength(1)
  expect(await hash()).not.toEqual({ code_hash: '' })
})

test('two processes that print one letter post it once, and the code on that sheet is the one that counts', async () => {
  const id = await ordered()
  const other = rig.process()
  // The first one is so slow that another takes the letter over.
  const slow = rig.process({
    async beforeTx(count) {
      if (count !== 2) return
      rig.clock.pass(61)
      await other.workDue()
      expect(posted()).toHaveLength(1)
    },
  })
  await slow.workDue()
  expect(posted()).toHaveLength(1)
  expect(await rig.redeem(oid, id, await rig.codeOf(id))).toEqual({ ok: true })
})

test('a process that dies over it leaves it to others', async () => {
  const id = await ordered()
  const dying = rig.process({
    async beforeTx(count) {
      if (count === 2) throw new Error('died')
    },
  })
  await dying.workDue()
  expect(rig.faults.splice(0)).toHaveLength(1)
  await rig.letters.workDue()
  expect(posted()).toEqual([])
  rig.clock.pass(61)
  await rig.letters.workDue()
  expect(posted()).toHaveLength(1)
  expect(await rig.redeem(oid, id, await rig.codeOf(id))).toEqual({ ok: true })
})

test.each<[string, Parameters<LetterRig['change']>[1]]>([
  ['name', (record) => record.setPerson({ familyName: 'Другая' })],
  ['address', (record) => record.putAddress({ ...ADDRESS, text: 'г. Казань, ул. Пушкина, д. 2' })],
])('a letter whose %s has changed before it was printed is over', async (_what, work) => {
  const id = await ordered()
  await rig.change(oid, work)
  await rig.letters.workDue()
  expect(posted()).toEqual([])
  expect(await rig.request(oid, id)).toMatchObject({ state: 'refused', reasons: ['letter.record_changed'] })
})

test('a letter that was withdrawn before is not printed', async () => {
  const id = await ordered()
  await rig.withdraw(oid, id)
  await rig.letters.work({ oid, id })
  await rig.letters.workDue()
  expect(posted()).toEqual([])
})

test('a letter that is withdrawn while it is printed is not posted', async () => {
  const id = await ordered()
  const slow = rig.process({ beforeTx: async (count) => void (count === 2 && (await rig.withdraw(oid, id))) })
  await slow.workDue()
  expect(posted()).toEqual([])
})

test('a sheet that waits for the print service does not go out once its letter is withdrawn', async () => {
  const { id } = await rig.ordered(oid)
  expect(await sheet()).toMatchObject({ state: 'waiting' })
  await rig.withdraw(oid, id)
  expect(await sheet()).toEqual({ state: 'expired', recipient: null, body: null })
})

test('nor once five wrong codes were entered', async () => {
  const { id } = await rig.ordered(oid)
  for (let n = 0; n < 5; n++) await rig.redeem(oid, id, '0000000000')
  expect(await sheet()).toEqual({ state: 'expired', recipient: null, body: null })
})

test('what was handed over stays so', async () => {
  const { id } = await rig.ordered(oid)
  await rig.settle(oid, id, 'sent')
  await rig.withdraw(oid, id)
  expect(await sheet()).toMatchObject({ state: 'sent' })
})
