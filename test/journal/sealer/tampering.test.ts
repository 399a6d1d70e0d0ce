import { type RawBuilder, sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { verifyJournal } from '#src/journal/sealer/verification.ts'
import { OTHER, type Rig, sealerRig } from './rig.ts'

/** What somebody who owns the database, but not the keys, could do to it; two roots of three events each. */

let rig: Rig
let seqs: readonly number[]
let [first, second, third, , fifth] = [0, 0, 0, 0, 0]
/** A number that was drawn and not used, as by whoever rolls back. */
let unused = 0
beforeAll(async () => {
  rig = await sealerRig()
  const one = await rig.record(3)
  await rig.sealer().seal()
  const { rows } = await sql<{ unused: number }>`select nextval('journal_seq_seq')::int as unused`.execute(rig.store.db)
  unused = rows[0]!.unused
  const two = await rig.record(2)
  seqs = [...one, ...two, ...(await rig.record(1, OTHER))]
  ;[first = 0, second = 0, third = 0, , fifth = 0] = seqs
  await rig.sealer().seal()
  await rig.record(1)
})
afterAll(() => rig.close())

test('what nobody touched is as it was sealed, and what is not sealed yet is counted', async () => {
  expect(await rig.verify()).toMatchObject({ faults: [], roots: 2, events: 6, expired: 0, unsealed: { events: 1 } })
})

type Attack = () => readonly RawBuilder<unknown>[]

const copy = (
  seq: number,
  changes: RawBuilder<unknown>,
) => sql`insert into journal (oid, expires_on, seq, at, type, payload)
  overriding system value select ${changes} from journal where seq = ${seq}`

describe('an event', () => {
  test.each<[string, Attack, () => string[]]>([
    [
      'whose payload is changed',
      () => [sql`update journal set payload = payload || '\\x00'::bytea where seq = ${second}`],
      () => [`event ${second}: altered`],
    ],
    [
      'whose type is changed',
      () => [sql`update journal set type = 'marker.other' where seq = ${second}`],
      () => [`event ${second}: altered`],
    ],
    [
      'whose time is a microsecond later',
      () => [sql`update journal set at = at + interval '1 microsecond' where seq = ${second}`],
      () => [`event ${second}: altered`],
    ],
    [
      'whose time is no time',
      () => [sql`update journal set at = 'infinity' where seq = ${second}`],
      () => [`event ${second}: altered`],
    ],
    [
      'of somebody else',
      () => [sql`update journal set oid = ${OTHER} where seq = ${second}`],
      () => [`event ${second}: altered`],
    ],
    [
      'that shall expire earlier',
      () => [sql`update journal set expires_on = '2020-01-01' where seq = ${second}`],
      () => [`event ${second}: altered`],
    ],
    ['that is gone', () => [sql`delete from journal where seq = ${second}`], () => [`event ${second}: missing`]],
    [
      'that is gone, the last one of a root',
      () => [sql`delete from journal where seq = ${third}`],
      () => [`event ${third}: missing`],
    ],
    [
      'that was put in between',
      () => [copy(first, sql`oid, expires_on, ${unused}::bigint, at, type, payload`)],
      () => [`event ${unused}: inserted`],
    ],
    [
      'that was put in before all others',
      () => [copy(first, sql`oid, expires_on, -7, at, type, payload`)],
      () => ['event -7: inserted'],
    ],
    [
      'that was put in with the number of another',
      () => [copy(first, sql`${OTHER}::int, expires_on, seq, at, type, payload`)],
      () => [`event ${first}: inserted, there are 2 of this number`],
    ],
    [
      'whose number was given to a further one',
      () => [
        sql`delete from journal where seq = ${second}`,
        copy(third, sql`oid, expires_on, ${second}::bigint, at, type, payload`),
      ],
      () => [`event ${second}: altered`],
    ],
    [
      'that changed places with its neighbour',
      () => [
        sql`create temporary table swapped on commit drop as select * from journal where seq in (${first}, ${second})`,
        sql`delete from journal where seq in (${first}, ${second})`,
        sql`insert into journal (oid, expires_on, seq, at, type, payload) overriding system value
          select oid, expires_on, ${first + second} - seq, at, type, payload from swapped`,
      ],
      () => [`event ${first}: altered`, `event ${second}: altered`],
    ],
    [
      'that moved to another root',
      () => [
        sql`delete from journal where seq = ${fifth}`,
        copy(first, sql`oid, expires_on, ${fifth}::bigint, at, type, payload`),
      ],
      () => [`event ${fifth}: altered`],
    ],
  ])('%s is found', async (_what, attack, expected) => {
    expect(await rig.afterwards(...attack())).toEqual(expected())
  })
})

describe('a root', () => {
  const rows = sql`journal_roots where number = 2`
  test.each<[string, Attack, RegExp[]]>([
    [
      'that is gone',
      () => [sql`delete from journal_leaves where number = 1`, sql`delete from journal_roots where number = 1`],
      [/^root 1: missing$/],
    ],
    ['that is gone, the last one', () => [sql`delete from ${rows}`], [/^root 2: missing, its leaves are there$/]],
    [
      'whose time is another',
      () => [sql`update journal_roots set at = at - interval '1 day' where number = 2`],
      [/^root 2: altered/],
    ],
    [
      'that tells of fewer events, which are gone',
      () => [
        sql`delete from journal where seq = ${seqs[5]}`,
        sql`update journal_roots set events = 2, last_seq = ${seqs[4]} where number = 2`,
      ],
      [/^root 2: altered/],
    ],
    [
      'whose events expired by its word',
      () => [
        sql`update journal_roots set expires_on = '2020-01-01' where number = 2`,
        sql`delete from journal_leaves where number = 2`,
        sql`delete from journal where seq > ${third}`,
      ],
      [/^root 2: altered/],
    ],
    [
      'that changed places with another',
      () => [sql`update journal_roots set number = -number`, sql`update journal_roots set number = 3 + number`],
      [/^root 1: altered/, /^root 2: altered/],
    ],
    [
      'that is signed by a key of a stranger',
      () => [
        sql`insert into journal_keys (key, private_key, made_at, retired_at) select ${'A'.repeat(43)}, private_key, made_at, made_at from journal_keys`,
        sql`update journal_roots set key = ${'A'.repeat(43)} where number = 2`,
      ],
      [/^root 2: signed by a key that is none of this installation$/],
    ],
    [
      'whose leaves are gone',
      () => [sql`delete from journal_leaves where number = 2`],
      [/^root 2: its leaves are missing/],
    ],
    [
      'whose leaves say that an event has expired, and it is gone',
      () => [
        sql`update journal_leaves set leaves = overlay(leaves placing '\\x00000001'::bytea from 9 for 4) where number = 2`,
        sql`delete from journal where seq = ${seqs[3]}`,
      ],
      [/^root 2: its leaves are altered/],
    ],
    [
      'whose leaves are cut',
      () => [sql`update journal_leaves set leaves = substring(leaves from 1 for 50) where number = 2`],
      [/^root 2: its leaves are altered/],
    ],
  ])('%s is found', async (_what, attack, expected) => {
    expect(await rig.afterwards(...attack())).toEqual(expected.map((fault) => expect.stringMatching(fault)))
  })
})

test('all that is cut off at the end is found by whoever has kept a root', async () => {
  const { last } = await rig.verify()
  const cut = [
    sql`delete from journal_leaves where number = 2`,
    sql`delete from journal_roots where number = 2`,
    sql`delete from journal where seq > ${third}`,
  ]
  expect(await rig.afterwards(...cut)).toEqual([])
  const { number, hash } = last!
  expect((await rig.verify({ known: { number, hash } })).faults).toEqual([])
  expect((await rig.verify({ known: { number: 3, hash } })).faults).toEqual(['root 3: missing'])
  expect((await rig.verify({ known: { number: 1, hash } })).faults).toEqual(['root 1: is another one than was kept'])
})

test('nobody changes or removes a root by mistake', async () => {
  const { db } = rig.store
  await expect(sql`update journal_roots set events = 1`.execute(db)).rejects.toThrow('append-only')
  await expect(sql`delete from journal_roots`.execute(db)).rejects.toThrow()
  await expect(sql`update journal_leaves set leaves = ''`.execute(db)).rejects.toThrow('append-only')
})

test('what others seal meanwhile, with a new key, is no fault', async () => {
  let isFirst = true
  const found = await verifyJournal(
    {
      db: rig.store.db,
      keys: {
        async list() {
          const keys = await rig.keys.list()
          if (isFirst) {
            isFirst = false
            await rig.keys.replace()
            await rig.record(1)
            await rig.sealer().seal()
          }
          return keys
        },
      },
    },
    { today: rig.clock.now() },
  )
  expect(found).toMatchObject({ faults: [], roots: 2, unsealed: { events: 0 } })
})
