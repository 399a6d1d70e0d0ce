import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ApplyChange, DelayedChanges } from '#src/accounts/delayed-changes.ts'
import type { Owner } from '#src/accounts/owner-notices.ts'
import { ISSUER, type OwnerRig, startOwnerRig } from './owner-rig.ts'

const THREE_DAYS = 72 * 3600
const KIND = 'password.reset'

let rig: OwnerRig
let first: DelayedChanges
let second: DelayedChanges
let applied: { oid: number; payload: unknown; origin: string }[]
let answer: () => boolean
const apply: ApplyChange = async (_tx, { account }, payload, origin) => {
  const done = answer()
  if (done) applied.push({ oid: account.oid, payload, origin })
  return done
}

beforeAll(async () => {
  rig = await startOwnerRig()
  first = rig.process({ [KIND]: apply }).delayedChanges
  second = rig.process({ [KIND]: apply }).delayedChanges
})
beforeEach(async () => {
  await rig.store.db.deleteFrom('delayed_changes').execute()
  applied = []
  answer = () => true
  rig.sent.length = 0
})
afterAll(() => rig.stop())

const schedule = (owner: Owner, payload: unknown = { secret: 'тайна' }, origin = 'session-1') =>
  rig.store.tx((tx) => first.schedule(tx, owner, { kind: KIND, payload, origin }))
const ticketOf = ({ account }: Owner) =>
  new URL(rig.to(account.email).find(({ kind }) => kind === 'change_scheduled')!.values.link!).pathname
    .split('/')
    .at(-1)!
const typesOf = async (oid: number) => (await rig.events(oid)).map(({ type }) => type)

describe('nothing is carried out', () => {
  test('before its time', async () => {
    const owner = await rig.person()
    await schedule(owner)
    rig.clock.pass(THREE_DAYS - 1)
    await first.applyDue()
    expect(applied).toEqual([])
    expect(await first.waiting(owner.oid)).toHaveLength(1)
  })

  test('that was stopped by the link of the notice, once', async () => {
    const owner = await rig.person()
    await schedule(owner)
    const ticket = ticketOf(owner)
    expect(await second.find(ticket)).toMatchObject({ kind: KIND })
    expect(await second.stopByTicket(ticket)).toBe(true)
    expect(await first.stopByTicket(ticket)).toBe(false)
    expect(await first.find(ticket)).toBeUndefined()
    rig.clock.pass(THREE_DAYS)
    await first.applyDue()
    expect(applied).toEqual([])
    expect((await rig.events(owner.oid))[0]).toMatchObject({ type: 'change.stopped', fields: { reason: 'objected' } })
    expect(rig.to(owner.account.phone).map(({ kind }) => kind)).toEqual(['change_scheduled', 'change_stopped'])
  })

  test('by a wrong ticket, or by an id in place of one', async () => {
    const owner = await rig.person()
    const { id } = await schedule(owner)
    for (const ticket of ['', 'x'.repeat(43), id, ticketOf(owner).toLowerCase()])
      expect(await first.stopByTicket(ticket)).toBe(false)
    expect(await first.waiting(owner.oid)).toHaveLength(1)
  })

  test('that belongs to another account, whoever knows its id', async () => {
    const [owner, stranger] = [await rig.person(), await rig.person()]
    const { id } = await schedule(owner)
    expect(await first.stop(stranger.oid, id)).toBe(false)
    expect(await first.stop(owner.oid, id)).toBe(true)
    expect(await first.stop(owner.oid, id)).toBe(false)
    expect(await rig.store.tx((tx) => first.stopFrom(tx, stranger.oid, ['session-1']))).toBe(0)
  })

  test('that was asked for in a session which was not the owner’s', async () => {
    const owner = await rig.person()
    await schedule(owner, {}, 'bad')
    await schedule(owner, {}, 'good')
    expect(await rig.store.tx((tx) => first.stopFrom(tx, owner.oid, []))).toBe(0)
    expect(await rig.store.tx((tx) => first.stopFrom(tx, owner.oid, ['bad', 'worse']))).toBe(1)
    rig.clock.pass(THREE_DAYS)
    await first.applyDue()
    expect(applied.map(({ origin }) => origin)).toEqual(['good'])
  })

  test('for an account that was blocked meanwhile, nor later', async () => {
    const owner = await rig.person()
    await schedule(owner)
    await rig.store.db.updateTable('accounts').set({ state: 'blocked' }).where('oid', '=', owner.oid).execute()
    rig.clock.pass(THREE_DAYS)
    await first.applyDue()
    await rig.store.db.updateTable('accounts').set({ state: 'active' }).where('oid', '=', owner.oid).execute()
    await first.applyDue()
    expect(applied).toEqual([])
    expect((await rig.events(owner.oid))[0]).toMatchObject({ type: 'change.stopped', fields: { reason: 'inactive' } })
  })

  test('that has become void, and the owner hears of it', async () => {
    const owner = await rig.person()
    await schedule(owner)
    answer = () => false
    rig.clock.pass(THREE_DAYS)
    await first.applyDue()
    expect((await rig.events(owner.oid))[0]).toMatchObject({ type: 'change.stopped', fields: { reason: 'void' } })
    expect(rig.to(owner.account.email).at(-1)!.kind).toBe('change_void')
  })
})

describe('what is due', () => {
  test('is carried out once by any number of processes, and told', async () => {
    const owner = await rig.person()
    await schedule(owner, { secret: 'тайна' })
    rig.clock.pass(THREE_DAYS)
    await Promise.all([first, second, first, second].map((one) => one.applyDue()))
    expect(applied).toEqual([{ oid: owner.oid, payload: { secret: 'тайна' }, origin: 'session-1' }])
    expect(await typesOf(owner.oid)).toEqual(['change.applied', 'change.scheduled'])
    expect(rig.to(owner.account.phone).map(({ kind }) => kind)).toEqual(['change_scheduled', 'change_done'])
    expect(await first.stopByTicket(ticketOf(owner))).toBe(false)
  })

  test('is either stopped or carried out, never both', async () => {
    for (let round = 0; round < 8; round++) {
      const owner = await rig.person()
      await schedule(owner)
      applied = []
      rig.clock.pass(THREE_DAYS)
      const [stopped] = await Promise.all([second.stopByTicket(ticketOf(owner)), first.applyDue()])
      expect(applied.length).toBe(stopped ? 0 : 1)
      const ends = (await typesOf(owner.oid)).filter((type) => type !== 'change.scheduled')
      expect(ends).toEqual([stopped ? 'change.stopped' : 'change.applied'])
    }
  })

  test('is not held up by one that fails, which is tried again', async () => {
    const [failing, fine] = [await rig.person(), await rig.person()]
    await schedule(failing)
    rig.clock.pass(1)
    await schedule(fine)
    rig.clock.pass(THREE_DAYS)
    const process = rig.process({
      [KIND]: async (tx, owner, payload, origin) => {
        if (owner.account.oid === failing.oid) throw new Error('down')
        return apply(tx, owner, payload, origin)
      },
    })
    await process.delayedChanges.applyDue()
    expect(applied.map(({ oid }) => oid)).toEqual([fine.oid])
    expect(process.log).toHaveLength(1)
    await first.applyDue()
    expect(applied.map(({ oid }) => oid)).toEqual([fine.oid, failing.oid])
  })
})

test('every contact is told at once, in the owner’s language, with a link that the issuer’s origin stands in', async () => {
  const owner = await rig.person()
  await rig.store.tx((tx) => rig.settings.change(tx, owner.oid, { locale: 'en' }))
  await schedule(await rig.ownerNotices.ownerOf(owner.oid))
  for (const contact of [owner.account.phone, owner.account.email]) {
    const [notice] = rig.to(contact)
    expect(notice).toMatchObject({ kind: 'change_scheduled', locale: 'en', values: { what: 'new password' } })
    expect(new URL(notice!.values.link!).origin).toBe(ISSUER.origin)
  }
})

test('the table holds neither ticket nor payload in the clear, and no payload once it is over', async () => {
  const owner = await rig.person()
  await schedule(owner, { secret: 'приметная тайна' })
  const rows = () => rig.store.db.selectFrom('delayed_changes').selectAll().where('oid', '=', owner.oid).execute()
  const [row] = await rows()
  const dump = JSON.stringify({ ...row, payload: Buffer.from(row!.payload!).toString('utf8') })
  expect(dump).not.toContain('приметная')
  expect(dump).not.toContain(ticketOf(owner))
  await first.stopByTicket(ticketOf(owner))
  expect((await rows())[0]!.payload).toBeNull()
})

test('a kind that nothing carries out is refused when it is asked for, and at the start', async () => {
  const owner = await rig.person()
  const scheduled = rig.store.tx((tx) => first.schedule(tx, owner, { kind: 'toString', payload: {}, origin: 'x' }))
  await expect(scheduled).rejects.toThrow('nothing carries out')
  await schedule(owner)
  await first.check()
  await expect(rig.process().delayedChanges.check()).rejects.toThrow(KIND)
})
