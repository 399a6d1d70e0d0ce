import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { isDue } from '#src/journal/sealer/sealer.ts'
import { ended, lookAt } from '#src/journal/sealer/settled.ts'
import type { Tx } from '#src/store/store.ts'
import { ME, noted, type Rig, sealerRig } from './rig.ts'

let rig: Rig
beforeAll(async () => {
  rig = await sealerRig()
})
beforeEach(async () => {
  await rig.sealer().seal()
  rig.log.length = 0
})
afterAll(() => rig.close())

const roots = () => rig.store.db.selectFrom('journal_roots').selectAll().orderBy('number').execute()

/** A transaction that has recorded an event, and ends when it is told to. */
async function writer() {
  const recorded = Promise.withResolvers<void>()
  const told = Promise.withResolvers<'commit' | 'roll back'>()
  const over = rig.store
    .tx(async (tx: Tx) => {
      await rig.journal.record(tx, noted({ account: ME, place: 'late' }))
      recorded.resolve()
      if ((await told.promise) === 'roll back') throw new Error('rolled back')
    })
    .catch(() => {})
  await recorded.promise
  return {
    async end(how: 'commit' | 'roll back') {
      told.resolve(how)
      await over
    },
  }
}

describe('an event whose transaction is still open', () => {
  test.each([
    ['commit', 3],
    ['roll back', 2],
  ] as const)('%ss: the sealer waits for it, whoever records does not wait for the sealer', async (how, expected) => {
    const late = await writer()
    const [after = 0] = await rig.record(1)
    const before = (await roots()).length
    const sealing = rig.sealer().seal()
    // Meanwhile others record, as always.
    await rig.record(1)
    expect(await roots()).toHaveLength(before)
    await late.end(how)
    expect(await sealing).toBeLessThanOrEqual(expected)
    const last = (await roots()).at(-1)!
    expect(Number(last.first_seq)).toBe(how === 'commit' ? after - 1 : after)
    await rig.sealer().seal()
    expect(await rig.verify()).toMatchObject({ faults: [], unsealed: { events: 0 } })
  })

  test('holds the sealing up, which says so, and is sealed later', async () => {
    const late = await writer()
    await rig.record(1)
    expect(await rig.sealer({ patienceMs: 0 }).seal()).toBe(0)
    expect(rig.log).toEqual([['warn', expect.stringContaining('stays open')]])
    await late.end('commit')
    expect(await rig.sealer().seal()).toBe(2)
  })

  test('is waited for if it came through a partition, and not if it only reads', async () => {
    const open = Promise.withResolvers<void>()
    const work = (statement: string) => {
      const begun = Promise.withResolvers<void>()
      const over = rig.store
        .tx(async (tx) => {
          await sql.raw(statement).execute(tx)
          begun.resolve()
          await open.promise
          throw new Error('rolled back')
        })
        .catch(() => {})
      return { begun: begun.promise, over }
    }
    const reader = work('select count(*) from journal')
    await reader.begun
    expect((await lookAt(rig.store.db)).writers).toEqual([])
    const direct = work(`insert into journal_later (oid, expires_on, at, type, payload)
      values (0, '2199-01-01', now(), 'test', '')`)
    await direct.begun
    const { writers } = await lookAt(rig.store.db)
    expect(writers).toHaveLength(1)
    expect(await ended(rig.store.db, writers, 0)).toBe(false)
    open.resolve()
    await Promise.all([reader.over, direct.over])
    expect(await ended(rig.store.db, writers, 10_000)).toBe(true)
  })
})

describe('sealing', () => {
  test('makes no root of nothing, and chains those it makes', async () => {
    const before = (await roots()).length
    expect(await rig.sealer().seal()).toBe(0)
    await rig.record(7)
    expect(await rig.sealer({ batch: 3 }).seal()).toBe(7)
    const made = (await roots()).slice(before)
    expect(made.map(({ events }) => events)).toEqual([3, 3, 1])
    expect(await rig.verify()).toMatchObject({ faults: [], roots: before + 3 })
    expect(rig.log).toEqual(made.map(() => ['info', 'journal sealed']))
  })

  test('by two processes at once seals every event once', async () => {
    await rig.record(20)
    const sealers = Array.from({ length: 4 }, () => rig.sealer({ batch: 3 }))
    await Promise.all(sealers.map((sealer) => sealer.seal()))
    await rig.sealer().seal()
    expect(await rig.verify()).toMatchObject({ faults: [], unsealed: { events: 0 } })
  })

  test('that breaks off leaves nothing behind, and is done by the next round', async () => {
    const { db } = rig.store
    await rig.record(5)
    const before = (await roots()).length
    await sql`create trigger broken before insert on journal_leaves for each row execute function refuse_change()`.execute(
      db,
    )
    await expect(rig.sealer().seal()).rejects.toThrow('append-only')
    expect(await roots()).toHaveLength(before)
    await sql`drop trigger broken on journal_leaves`.execute(db)
    expect(await rig.sealer().seal()).toBe(5)
    expect((await rig.verify()).faults).toEqual([])
  })

  test.each([
    ['gone', sql`delete from journal_roots where number = (select max(number) from journal_roots)`],
    [
      'changed',
      sql`update journal_roots set at = at - interval '1 day' where number = (select max(number) from journal_roots)`,
    ],
  ])('says so when the last root that it has seen is %s', async (_what, attack) => {
    const sealer = rig.sealer()
    await rig.record(1)
    await sealer.seal()
    await rig.record(1)
    await sealer.seal()
    rig.log.length = 0
    const [last] = (await roots()).slice(-1)
    const leaves = await rig.store.db
      .selectFrom('journal_leaves')
      .selectAll()
      .where('number', '=', last!.number)
      .execute()
    await rig.force(sql`delete from journal_leaves where number = ${last!.number}`, attack)
    await rig.record(1)
    await sealer.seal()
    expect(rig.log).toContainEqual(['error', expect.stringContaining('gone or was changed')])
    // For the other tests everything is as it was.
    await rig.force(
      sql`delete from journal_leaves where number >= ${last!.number}`,
      sql`delete from journal_roots where number >= ${last!.number}`,
    )
    await rig.store.db.insertInto('journal_roots').values(last!).execute()
    await rig.store.db.insertInto('journal_leaves').values(leaves).execute()
    expect((await rig.verify()).faults).toEqual([])
  })

  test('is due once in a minute, or when a whole batch waits', () => {
    const now = rig.clock.now()
    const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000)
    const due = (rootAt: Date | null, newest: number) => isDue({ rootAt, sealed: 10, newest }, now)
    expect(due(ago(3600), 10)).toBe(false)
    expect(due(ago(20), 11)).toBe(false)
    expect(due(ago(58), 11)).toBe(true)
    expect(due(null, 11)).toBe(true)
    expect(due(ago(20), 3_000)).toBe(true)
    expect(due(ago(-3600), 11)).toBe(true)
  })
})
