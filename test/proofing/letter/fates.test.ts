import { afterAll, beforeAll, expect, test } from 'vitest'
import { type LetterRig, startLetterRig } from './rig.ts'

const DAY = 86_400
let rig: LetterRig

beforeAll(async () => {
  rig = await startLetterRig()
})
afterAll(() => rig.stop())

async function withLetter() {
  const oid = await rig.citizen()
  return { oid, ...(await rig.ordered(oid)) }
}
/** Two processes look at once. */
const look = () => Promise.all([rig.letters.workDue(), rig.process().workDue()])
const stepsOf = async (oid: number, id: string) => (await rig.request(oid, id))!.steps.map(({ step }) => step)

test.each(['refused', 'expired'] as const)(
  'a letter that the print service %s is over, and can be ordered anew',
  async (outcome) => {
    const { oid, id, code } = await withLetter()
    await rig.settle(oid, id, outcome)
    rig.clock.pass(60)
    await look()
    expect(await rig.request(oid, id)).toMatchObject({ state: 'refused', reasons: ['letter.not_sent'] })
    expect(rig.told(oid).filter((kind) => kind === 'letter_unsent')).toHaveLength(1)
    expect(await rig.redeem(oid, id, code)).toMatchObject({ why: 'gone' })
    expect((await rig.order(oid)).ok).toBe(true)
  },
)

test('a letter that waits to be printed goes on waiting', async () => {
  const { oid, id } = await withLetter()
  for (let n = 0; n < 3; n++) {
    rig.clock.pass(DAY)
    await look()
  }
  expect(await rig.request(oid, id)).toMatchObject({ state: 'waiting', steps: [{ step: 'opened' }] })
})

test('a letter that was sent says so, once', async () => {
  const { oid, id } = await withLetter()
  rig.clock.pass(60)
  await look()
  await rig.settle(oid, id, 'sent')
  for (let n = 0; n < 3; n++) {
    rig.clock.pass(60)
    await look()
  }
  expect(await stepsOf(oid, id)).toEqual(['opened', 'letter_sent'])
  expect(await rig.events(oid, 'letter.sent')).toHaveLength(1)
})

test('after 60 days the letter is over, its owner is told once, and nothing of the record stays with the request', async () => {
  const { oid, id } = await withLetter()
  await rig.settle(oid, id, 'sent')
  rig.clock.pass(60)
  await look()
  rig.clock.pass(60 * DAY - 61)
  await look()
  expect(await rig.request(oid, id)).toMatchObject({ state: 'waiting' })
  rig.clock.pass(1)
  await look()
  await look()
  expect(await stepsOf(oid, id)).toEqual(['opened', 'letter_sent', 'expired'])
  expect(rig.told(oid).filter((kind) => kind === 'letter_void')).toHaveLength(1)
  expect((await rig.events(oid, 'letter.ended'))[0]!.fields).toMatchObject({ reason: 'expired' })
  const row = await rig.store.db
    .selectFrom('requests')
    .select(['payload', 'try_at'])
    .where('oid', '=', oid)
    .executeTakeFirst()
  expect(row).toEqual({ payload: null, try_at: null })
})

test('a process that died at the last try leaves no letter open', async () => {
  const { oid, id, code } = await withLetter()
  await rig.store.db.updateTable('proofing_letters').set({ tries: 5 }).where('oid', '=', oid).execute()
  expect(await rig.redeem(oid, id, code)).toMatchObject({ why: 'gone' })
  rig.clock.pass(60)
  await look()
  expect(await rig.request(oid, id)).toMatchObject({ state: 'refused', reasons: ['letter.tries_used'] })
})

test('nothing failed', () => {
  expect(rig.faults).toEqual([])
})
