import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addSeconds } from '#src/kernel/clock.ts'
import { type IdentityRig, PASSPORT, startIdentityRig } from './rig.ts'

const DAY = 86_400
/** What `settled` passes. */
const SETTLING = 20
let rig: IdentityRig
let numbers = 0

beforeAll(async () => {
  rig = await startIdentityRig()
})
afterAll(() => rig.stop())

/** A verified account whose owner knows that, and whose passport ends after so many days. */
async function verifiedFor(days: number): Promise<number> {
  const oid = await rig.person()
  await renewed(oid, days, SETTLING)
  await rig.seenAtCentre(oid)
  await rig.settled()
  return oid
}
const renewed = (oid: number, days: number, seconds = 0) => {
  const n = String(960_000 + ++numbers)
  return rig.reconciled(
    oid,
    `90000${oid % 1_000_000}`.padEnd(11, '0'),
    { ...PASSPORT, number: n },
    addSeconds(rig.clock.now(), days * DAY + seconds),
  )
}
/** Two processes look at once. */
const look = () => Promise.all([rig.levelEnds.tellDue(), rig.levelEnds.tellDue()])
const count = (oid: number, kind: string) => rig.told(oid).filter((told) => told === kind).length

describe('a level that ends by time', () => {
  test('is journalled and told, once', async () => {
    const oid = await verifiedFor(60)
    rig.clock.pass(60 * DAY - 1)
    await look()
    expect(await rig.levelOf(oid)).toBe('verified')
    expect(count(oid, 'level_simplified')).toBe(0)
    rig.clock.pass(1)
    expect(await rig.levelOf(oid)).toBe('simplified')
    await look()
    await look()
    await rig.settled()
    expect(count(oid, 'level_simplified')).toBe(1)
    expect((await rig.events(oid, 'identity.level_changed'))[0]!.fields).toMatchObject({
      before: 'verified',
      after: 'simplified',
      cause: 'expired',
      lacks: 'document',
    })
  })

  test('is announced 30 days before, once', async () => {
    const oid = await verifiedFor(60)
    rig.clock.pass(30 * DAY - 1)
    await look()
    expect(count(oid, 'level_ends')).toBe(0)
    rig.clock.pass(1)
    await look()
    await look()
    expect(count(oid, 'level_ends')).toBe(1)
  })

  test('is neither announced nor told to whoever has closed the account, until it is open again', async () => {
    const oid = await verifiedFor(60)
    const put = (state: 'closed' | 'active') =>
      rig.store.db.updateTable('accounts').set({ state }).where('oid', '=', oid).execute()
    await put('closed')
    rig.clock.pass(40 * DAY)
    await look()
    rig.clock.pass(21 * DAY)
    await look()
    expect([count(oid, 'level_ends'), count(oid, 'level_simplified')]).toEqual([0, 0])
    await put('active')
    await look()
    await rig.settled()
    expect([count(oid, 'level_ends'), count(oid, 'level_simplified')]).toEqual([0, 1])
  })

  test('is announced at once where less than that is left', async () => {
    const oid = await verifiedFor(5)
    await look()
    expect(rig.told(oid).at(-1)).toBe('level_ends')
  })

  test('has not ended where the document was renewed in time', async () => {
    const oid = await verifiedFor(60)
    rig.clock.pass(20 * DAY)
    await renewed(oid, 3650)
    rig.clock.pass(50 * DAY)
    await look()
    await rig.settled()
    expect([count(oid, 'level_ends'), count(oid, 'level_simplified')]).toEqual([0, 0])
    expect(await rig.levelOf(oid)).toBe('verified')
  })

  test('comes back with the new document, without another proof', async () => {
    const oid = await verifiedFor(1)
    rig.clock.pass(2 * DAY)
    await look()
    await rig.settled()
    await renewed(oid, 3650)
    expect(await rig.levelOf(oid)).toBe('verified')
    await rig.settled()
    expect(
      rig
        .told(oid)
        .filter((kind) => kind.startsWith('level_'))
        .slice(-2),
    ).toEqual(['level_simplified', 'level_verified'])
  })
})
