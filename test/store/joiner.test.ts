import { afterAll, beforeAll, beforeEach, describe, expect, type MockInstance, test, vi } from 'vitest'
import { type Joiner, makeJoiner } from '#src/store/joiner.ts'
import type { Statement } from '#src/store/statement.ts'
import type { Store } from '#src/store/store.ts'
import { type Part, Unit, UnitLost, units } from '#src/store/unit.ts'
import { makeThrottle } from '#src/throttle/throttle.ts'
import { handClock, type OpenedStore, openedStore } from './opened.ts'

const page: Part = {
  name: 'test_page',
  columns: { id: 'text', body: 'text' },
  sql: (rows) => `insert into pages (id, body) select id, body from ${rows}
    on conflict (id) do update set body = excluded.body`,
}
const line: Part = {
  name: 'test_line',
  columns: { said: 'text' },
  sql: (rows) => `insert into lines (said) select said from ${rows}`,
}
const punch: Part = {
  name: 'test_punch',
  columns: { id: 'text' },
  spends: true,
  sql: (rows) => `update passes p set punched = true from ${rows} r where p.id = r.id and not p.punched
    returning r.unit, r.position`,
}

describe.each(['postgres', 'pglite'] as const)('joined units on %s', (kind) => {
  let opened: OpenedStore
  let store: Store
  let joiner: Joiner
  let run: MockInstance<Store['run']>
  /** Settles what `hold` held back. */
  let release = () => {}

  beforeAll(async () => {
    opened = await openedStore(kind)
    store = opened.store
    await store.script(`create table pages (id text primary key, body text);
      create table lines (said text check (said <> 'unspeakable'));
      create table passes (id text primary key, punched boolean not null default false)`)
  })
  beforeEach(async () => {
    await store.script(
      "delete from pages; delete from lines; delete from passes; insert into passes (id) values ('a'), ('b')",
    )
    const watched = { ...store }
    run = vi.spyOn(watched, 'run')
    joiner = makeJoiner(watched)
  })
  afterAll(() => opened.close())

  let lines = 0
  /** A unit with a row of its own, as a journal event is, and what else it brings. */
  function unit(said: string, ...rows: [Part, string, string[]][]): Unit {
    const made = new Unit()
    made.put(line, `line ${lines++}`, [said])
    for (const [part, key, row] of rows) made.put(part, key, row)
    return made
  }
  const flushAll = (made: readonly Unit[]) => Promise.allSettled(made.map((one) => joiner.flush(one)))
  const statuses = (results: readonly PromiseSettledResult<void>[]) => results.map(({ status }) => status)
  const said = async () => (await store.script('select said from lines order by said')).rows.map((row) => row.said)
  const pages = async () => (await store.script('select id, body from pages order by id')).rows
  const punched = async () => (await store.script('select id from passes where punched order by id')).rows

  /** The next statement waits until `release`; resolves when it is under way. */
  async function hold(first: Unit): Promise<{ first: Promise<void> }> {
    const held = new Promise<void>((done) => {
      release = done
    })
    run.mockImplementationOnce(async <Row>(statement: Statement, values: readonly unknown[]) => {
      await held
      return store.run<Row>(statement, values)
    })
    const flushed = joiner.flush(first)
    await vi.waitFor(() => expect(run).toHaveBeenCalledTimes(1), 10_000)
    return { first: flushed }
  }

  describe('who shares a statement', () => {
    test('units that are ready in one turn do', async () => {
      await flushAll([unit('a', [page, '1', ['1', 'one']]), unit('b'), unit('c', [page, '2', ['2', 'two']])])
      expect(run).toHaveBeenCalledTimes(1)
      expect(await said()).toEqual(['a', 'b', 'c'])
      expect(await pages()).toEqual([
        { id: '1', body: 'one' },
        { id: '2', body: 'two' },
      ])
    })

    test('those that come while a statement is under way gather for the next one', async () => {
      const { first } = await hold(unit('first'))
      const later = flushAll(Array.from({ length: 40 }, (_, n) => unit(`later ${n}`)))
      expect(await said()).toEqual([])
      release()
      await first
      await later
      expect(run).toHaveBeenCalledTimes(2)
      expect(await said()).toHaveLength(41)
    })

    test('more than fit are all stored, once', async () => {
      const results = await flushAll(Array.from({ length: 150 }, (_, n) => unit(`unit ${String(n).padStart(3, '0')}`)))
      expect(new Set(statuses(results))).toEqual(new Set(['fulfilled']))
      expect(run).toHaveBeenCalledTimes(3)
      expect(await said()).toEqual(Array.from({ length: 150 }, (_, n) => `unit ${String(n).padStart(3, '0')}`))
    })

    test('an empty unit costs no statement and waits for none', async () => {
      await joiner.flush(new Unit())
      expect(run).not.toHaveBeenCalled()
    })

    test('what was flushed is not stored again', async () => {
      const once = unit('once')
      await joiner.flush(once)
      await joiner.flush(once)
      expect(await said()).toEqual(['once'])
    })
  })

  describe('units that write one key', () => {
    test('do not share: both are stored, and the value of the second stays', async () => {
      const results = await flushAll([
        unit('first', [page, '1', ['1', 'first']]),
        unit('neighbour', [page, '2', ['2', 'neighbour']]),
        unit('second', [page, '1', ['1', 'second']]),
      ])
      expect(statuses(results)).toEqual(['fulfilled', 'fulfilled', 'fulfilled'])
      expect(run).toHaveBeenCalledTimes(2)
      expect(await said()).toEqual(['first', 'neighbour', 'second'])
      expect(await pages()).toEqual([
        { id: '1', body: 'second' },
        { id: '2', body: 'neighbour' },
      ])
    })

    test('keep their order even behind one that waits for another key', async () => {
      await flushAll([
        unit('first', [page, '1', ['1', 'first']]),
        unit('second', [page, '1', ['1', 'second']], [page, '2', ['2', 'second']]),
        unit('third', [page, '2', ['2', 'third']]),
      ])
      expect(await pages()).toEqual([
        { id: '1', body: 'second' },
        { id: '2', body: 'third' },
      ])
    })
  })

  describe('single-use values', () => {
    test('a unit that comes too late stores nothing, and its neighbours are stored', async () => {
      await store.script("update passes set punched = true where id = 'a'")
      const results = await flushAll([
        unit('before', [page, '1', ['1', 'before']]),
        unit('late', [punch, 'a', ['a']], [page, '2', ['2', 'late']]),
        unit('in time', [punch, 'b', ['b']]),
      ])
      expect(statuses(results)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
      expect((results[1] as PromiseRejectedResult).reason).toBeInstanceOf(UnitLost)
      expect(run).toHaveBeenCalledTimes(1)
      expect(await said()).toEqual(['before', 'in time'])
      expect(await pages()).toEqual([{ id: '1', body: 'before' }])
      expect(await punched()).toEqual([{ id: 'a' }, { id: 'b' }])
    })

    test('a unit that can spend only one of two stores nothing, and what it spent stays spent', async () => {
      await store.script("update passes set punched = true where id = 'a'")
      const results = await flushAll([unit('half', [punch, 'a', ['a']], [punch, 'b', ['b']]), unit('neighbour')])
      expect(statuses(results)).toEqual(['rejected', 'fulfilled'])
      expect(await said()).toEqual(['neighbour'])
      expect(await punched()).toEqual([{ id: 'a' }, { id: 'b' }])
    })

    test('of units that spend one value at the same time exactly one wins', async () => {
      const results = await flushAll(Array.from({ length: 5 }, (_, n) => unit(`spender ${n}`, [punch, 'a', ['a']])))
      expect(statuses(results)).toEqual(['fulfilled', 'rejected', 'rejected', 'rejected', 'rejected'])
      expect(await said()).toEqual(['spender 0'])
    })

    test('of two processes that spend one value exactly one wins', async () => {
      const elsewhere = makeJoiner(store)
      const results = await Promise.allSettled([
        joiner.flush(unit('here', [punch, 'a', ['a']])),
        elsewhere.flush(unit('there', [punch, 'a', ['a']])),
      ])
      expect(statuses(results).sort()).toEqual(['fulfilled', 'rejected'])
      expect(await said()).toHaveLength(1)
    })
  })

  describe('a statement that fails', () => {
    test.each([
      ['a value that no column holds', 'NUL \0 is no text', '22021'],
      ['a row that a constraint refuses', 'unspeakable', '23514'],
    ])('over %s fails only the unit that brought it', async (_what, bad, code) => {
      const results = await flushAll([unit('before'), unit(bad, [page, '1', ['1', 'bad']]), unit('after')])
      expect(statuses(results)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
      expect((results[1] as PromiseRejectedResult).reason).toMatchObject({ code })
      expect(await said()).toEqual(['after', 'before'])
      expect(await pages()).toEqual([])
      await joiner.flush(unit('next'))
      expect(await said()).toContain('next')
    })

    test('a neighbour of a malformed unit that has spent a value keeps its win', async () => {
      const results = await flushAll([unit('NUL \0'), unit('spender', [punch, 'a', ['a']])])
      expect(statuses(results)).toEqual(['rejected', 'fulfilled'])
      expect(await said()).toEqual(['spender'])
    })

    test.each([
      ['a deadlock', '40P01'],
      ['a serialization failure', '40001'],
    ])('over %s is tried again, unit by unit', async (_what, code) => {
      run.mockRejectedValueOnce(Object.assign(new Error('rolled back'), { code }))
      const results = await flushAll([unit('a'), unit('b')])
      expect(statuses(results)).toEqual(['fulfilled', 'fulfilled'])
      expect(run).toHaveBeenCalledTimes(3)
      expect(await said()).toEqual(['a', 'b'])
    })

    test('of one unit alone is tried again once, if it was rolled back', async () => {
      const deadlock = Object.assign(new Error('rolled back'), { code: '40P01' })
      run.mockRejectedValueOnce(deadlock)
      expect(statuses(await flushAll([unit('a')]))).toEqual(['fulfilled'])
      run.mockRejectedValueOnce(deadlock).mockRejectedValueOnce(deadlock)
      expect(statuses(await flushAll([unit('b')]))).toEqual(['rejected'])
      expect(await said()).toEqual(['a'])
    })

    test.each([
      ['a lost connection', new Error('Connection terminated unexpectedly')],
      ['a database that shuts down', Object.assign(new Error('terminating connection'), { code: '57P01' })],
    ])('over %s fails all and tries none again: they may have been stored', async (_what, fault) => {
      run.mockRejectedValueOnce(fault)
      const results = await flushAll([unit('a'), unit('b'), unit('c')])
      expect(results).toEqual(Array.from({ length: 3 }, () => ({ status: 'rejected', reason: fault })))
      expect(run).toHaveBeenCalledTimes(1)
      expect(await said()).toEqual([])
      await joiner.flush(unit('next'))
      expect(await said()).toEqual(['next'])
    })

    test('does not fail those that came after it', async () => {
      const { first } = await hold(unit('NUL \0'))
      const later = flushAll([unit('later'), unit('last')])
      release()
      await expect(first).rejects.toMatchObject({ code: '22021' })
      expect(statuses(await later)).toEqual(['fulfilled', 'fulfilled'])
    })
  })

  test('three units give one network three attempts back in one statement', async () => {
    const throttle = makeThrottle({ store, clock: handClock() })
    const network = {
      limit: { name: 'network', windowSeconds: 600, free: 5, delaySeconds: 60, maxDelaySeconds: 60 },
      key: '192.0.2.0/24',
    }
    const counted = async () =>
      (await store.script(`select count from throttles where key = 'network:192.0.2.0/24'`)).rows[0]?.count
    for (let i = 0; i < 5; i++) await throttle.enter([network])
    expect((await throttle.enter([network])).open).toBe(false)
    const thankful = Array.from({ length: 3 }, () => new Unit())
    for (const one of thankful) await units.run(one, () => throttle.refund(network))
    expect(statuses(await flushAll(thankful))).toEqual(['fulfilled', 'fulfilled', 'fulfilled'])
    expect(run).toHaveBeenCalledTimes(1)
    expect(await counted()).toBe(2)
    for (let i = 0; i < 3; i++) expect((await throttle.enter([network])).open).toBe(true)
    expect((await throttle.enter([network])).open).toBe(false)
  })
})
