import { sql } from 'kysely'
import { afterEach, describe, expect, test } from 'vitest'
import { dropExpired, ensurePartitions } from '#src/journal/partitions.ts'
import { makeDataKeys } from '#src/store/keyring.ts'
import { ME, type Rig, sealerRig } from './rig.ts'

let rig: Rig
afterEach(() => rig.close())

const DAY = 86_400

async function tables(): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select inhrelid::regclass::text as name from pg_inherits
    where inhparent = 'journal'::regclass order by name`.execute(rig.store.db)
  return rows.map(({ name }) => name)
}

test('the journal of an erased account is verified as before, and nobody reads it', async () => {
  rig = await sealerRig()
  await rig.record(3)
  await rig.sealer().seal()
  await rig.store.db.deleteFrom('data_keys').where('oid', '=', ME).execute()
  expect(await rig.verify()).toMatchObject({ faults: [], events: 3 })
  const later = makeDataKeys(rig.store.db, rig.keyring)
  await expect(later.of(ME)).rejects.toThrow('no data key')
})

describe('a month that is over', () => {
  const plan = { retentionDays: 30, months: 6 }
  const drop = () => dropExpired(rig.store.db, rig.clock.now())
  const leaves = async () => (await rig.store.db.selectFrom('journal_leaves').select('number').execute()).length

  test('goes, what is left is verified, and roots stay', async () => {
    rig = await sealerRig({ retentionDays: 30 })
    await ensurePartitions(rig.store.db, rig.clock.now(), plan)
    await rig.record(3)
    await rig.sealer().seal()
    // One root over events of two months.
    await rig.record(2)
    rig.clock.pass(15 * DAY)
    await rig.record(2)
    await rig.sealer().seal()
    expect(await tables()).toContain('journal_2026_03')
    expect(await drop()).toEqual([])
    rig.clock.pass(17 * DAY)
    expect(await drop()).toEqual(['journal_2026_03'])
    expect(await tables()).not.toContain('journal_2026_03')
    expect(await leaves()).toBe(1)
    expect(await rig.verify()).toMatchObject({ faults: [], roots: 2, events: 2, expired: 5 })
    // What is left is no less guarded, and what is over does not come back.
    expect(await rig.afterwards(sql`delete from journal`)).toHaveLength(2)
    const forged = sql`insert into journal (oid, expires_on, seq, at, type, payload) overriding system value
      values (0, '2099-01-01', 1, now(), 'test', '')`
    expect(await rig.afterwards(forged)).toEqual(['event 1: inserted'])
    rig.clock.pass(31 * DAY)
    await drop()
    expect(await leaves()).toBe(0)
    expect(await rig.verify()).toMatchObject({ faults: [], roots: 2, events: 0, expired: 7 })
    // The chain goes on.
    await rig.record(1)
    await rig.sealer().seal()
    expect(await rig.verify()).toMatchObject({ faults: [], roots: 3, events: 1, expired: 7 })
  })

  test('stays while an event of it is not sealed', async () => {
    rig = await sealerRig({ retentionDays: 30 })
    await ensurePartitions(rig.store.db, rig.clock.now(), plan)
    await rig.record(1)
    rig.clock.pass(35 * DAY)
    expect(await drop()).toEqual([])
    await rig.sealer().seal()
    expect(await drop()).toEqual(['journal_2026_03'])
  })

  test('leaves what is needed to verify its events that lie elsewhere', async () => {
    rig = await sealerRig({ retentionDays: 30 })
    // There was no partition for them when they were recorded.
    await rig.record(2)
    await rig.sealer().seal()
    rig.clock.pass(35 * DAY)
    expect(await drop()).toEqual([])
    expect(await leaves()).toBe(1)
    expect(await rig.verify()).toMatchObject({ faults: [], events: 2, expired: 0 })
  })

  test('stays by a clock that is ahead of the database’s', async () => {
    rig = await sealerRig({ retentionDays: 36_500 })
    await ensurePartitions(rig.store.db, rig.clock.now(), { retentionDays: 36_500, months: 1 })
    rig.clock.pass(37_000 * DAY)
    expect(await drop()).toEqual([])
  })
})

describe('a key that signs no longer', () => {
  test('has no private half any more, and what it signed stays good', async () => {
    rig = await sealerRig()
    await rig.record(1)
    await rig.sealer().seal()
    const [former] = await rig.keys.list()
    const before = await rig.store.db.selectFrom('journal_keys').selectAll().execute()
    const [key, retired] = await rig.keys.replace()
    expect(retired).toBe(former!.key)
    const after = await rig.store.db.selectFrom('journal_keys').selectAll().where('key', '=', retired!).execute()
    expect(after[0]!.private_key.length).toBeLessThan(before[0]!.private_key.length)
    expect(await rig.keys.list()).toMatchObject([
      { key: retired, isOurs: true, retiredAt: expect.any(Date) },
      { key, isOurs: true, retiredAt: undefined },
    ])
    await rig.record(1)
    await rig.sealer().seal()
    const roots = await rig.store.db.selectFrom('journal_roots').select('key').orderBy('number').execute()
    expect(roots.map((root) => root.key)).toEqual([retired, key])
    expect((await rig.verify()).faults).toEqual([])
  })

  test('may be replaced by many at once while others seal', async () => {
    rig = await sealerRig()
    await rig.record(3)
    await Promise.all([...Array.from({ length: 8 }, () => rig.keys.replace()), rig.sealer().seal()])
    await rig.sealer().seal()
    expect((await rig.keys.list()).filter(({ retiredAt }) => !retiredAt)).toHaveLength(1)
    expect(await rig.verify()).toMatchObject({ faults: [], unsealed: { events: 0 } })
  })

  test('of a stranger does not sign: nothing is sealed with it', async () => {
    rig = await sealerRig()
    await rig.record(1)
    const stranger = { key: 'A'.repeat(43), private_key: Buffer.alloc(80), made_at: rig.clock.now(), retired_at: null }
    await rig.store.db.insertInto('journal_keys').values(stranger).execute()
    await expect(rig.sealer().seal()).rejects.toThrow('not one of this installation')
  })
})

test('a root out of another past does not follow', async () => {
  rig = await sealerRig()
  const { db } = rig.store
  const from2 = sql`where number >= 2`
  const seal = () => rig.sealer().seal()
  await rig.record(1)
  await seal()
  await rig.record(1)
  await seal()
  await rig.record(1)
  await seal()
  const [, third] = await db
    .selectFrom('journal_roots')
    .selectAll()
    .where('number', '>=', 2)
    .orderBy('number')
    .execute()
  const [, leaves] = await db
    .selectFrom('journal_leaves')
    .selectAll()
    .where('number', '>=', 2)
    .orderBy('number')
    .execute()
  const event = sql`journal where seq = ${third!.last_seq}`
  // A backup of that moment is restored, and the second root made anew, a minute later.
  await rig.force(sql`create table kept as select * from ${event}`, sql`delete from ${event}`)
  await rig.force(sql`delete from journal_leaves ${from2}`, sql`delete from journal_roots ${from2}`)
  rig.clock.pass(60)
  await seal()
  expect(await rig.verify()).toMatchObject({ faults: [], roots: 2 })
  await sql`insert into journal (oid, expires_on, seq, at, type, payload) overriding system value
    select oid, expires_on, seq, at, type, payload from kept`.execute(db)
  await db.insertInto('journal_roots').values(third!).execute()
  await db.insertInto('journal_leaves').values(leaves!).execute()
  expect((await rig.verify()).faults).toEqual(['root 3: does not follow the one before'])
})
