import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Store } from '#src/store/store.ts'
import { type Part, Unit, UnitLost, units, write } from '#src/store/unit.ts'
import { type OpenedStore, openedStore } from './opened.ts'

const note: Part = {
  name: 'note',
  columns: { id: 'text', body: 'text' },
  sql: (rows) => `insert into notes (id, body) select id, body from ${rows}
    on conflict (id) do update set body = excluded.body`,
}
const erase: Part = {
  name: 'erase',
  columns: { id: 'text' },
  sql: (rows) => `delete from notes n using ${rows} r where n.id = r.id`,
}
const spend: Part = {
  name: 'spend',
  columns: { id: 'text' },
  spends: true,
  sql: (rows) => `update tickets t set spent = true from ${rows} r where t.id = r.id and not t.spent
    returning r.unit, r.position`,
}
const spendOther: Part = { ...spend, name: 'spend_other' }

describe.each(['postgres', 'pglite'] as const)('unit of work on %s', (kind) => {
  let opened: OpenedStore
  let store: Store
  beforeAll(async () => {
    opened = await openedStore(kind)
    store = opened.store
    await store.script('create table notes (id text primary key, body text)')
    await store.script('create table tickets (id text primary key, spent boolean not null default false)')
  })
  beforeEach(async () => {
    await store.script('delete from notes; delete from tickets')
    await store.script("insert into tickets (id) values ('a'), ('b')")
    vi.restoreAllMocks()
  })
  afterAll(() => opened.close())

  const notes = async () => (await store.script('select id, body from notes order by id')).rows
  const spent = async () =>
    (await store.script('select id from tickets where spent order by id')).rows.map((row) => row.id)
  function unitWith(...rows: [Part, string, string[]][]): Unit {
    const unit = new Unit()
    for (const [part, key, row] of rows) unit.put(part, key, row)
    return unit
  }

  test('everything buffered is stored by one statement', async () => {
    await store.script("insert into notes values ('old', 'x')")
    const run = vi.spyOn(store, 'run')
    await unitWith(
      [note, '1', ['1', 'one']],
      [note, '2', ['2', 'two']],
      [erase, 'old', ['old']],
      [spend, 'a', ['a']],
    ).flush(store)
    expect(run).toHaveBeenCalledTimes(1)
    expect(await notes()).toEqual([
      { id: '1', body: 'one' },
      { id: '2', body: 'two' },
    ])
    expect(await spent()).toEqual(['a'])
  })

  test('nothing is stored before the flush, and a second flush stores nothing again', async () => {
    const unit = unitWith([note, '1', ['1', 'one']])
    expect(await notes()).toEqual([])
    await unit.flush(store)
    const run = vi.spyOn(store, 'run')
    await unit.flush(store)
    expect(run).not.toHaveBeenCalled()
  })

  test('an empty unit costs no statement', async () => {
    const run = vi.spyOn(store, 'run')
    await new Unit().flush(store)
    expect(run).not.toHaveBeenCalled()
  })

  test('a second write of the same key replaces the first', async () => {
    await unitWith([note, '1', ['1', 'first']], [note, '1', ['1', 'second']]).flush(store)
    expect(await notes()).toEqual([{ id: '1', body: 'second' }])
  })

  test('what was removed or discarded is not stored', async () => {
    const unit = unitWith([note, '1', ['1', 'one']], [note, '2', ['2', 'two']])
    expect(unit.remove(note, '1')).toBe(true)
    expect(unit.remove(note, '1')).toBe(false)
    await unit.flush(store)
    expect(await notes()).toEqual([{ id: '2', body: 'two' }])
    const dropped = unitWith([note, '3', ['3', 'three']])
    dropped.discard()
    await dropped.flush(store)
    expect(await notes()).toHaveLength(1)
  })

  test('a unit that comes too late to spend writes nothing at all', async () => {
    await unitWith([spend, 'a', ['a']]).flush(store)
    const late = unitWith([spend, 'a', ['a']], [note, '1', ['1', 'one']])
    await expect(late.flush(store)).rejects.toThrow(UnitLost)
    expect(await notes()).toEqual([])
  })

  test('a unit that can spend only one of two writes nothing at all', async () => {
    await unitWith([spend, 'a', ['a']]).flush(store)
    const half = unitWith([spend, 'a', ['a']], [spendOther, 'b', ['b']], [note, '1', ['1', 'one']])
    await expect(half.flush(store)).rejects.toThrow(UnitLost)
    expect(await notes()).toEqual([])
  })

  test('what was never there cannot be spent', async () => {
    await expect(unitWith([spend, 'z', ['z']]).flush(store)).rejects.toThrow(UnitLost)
  })

  test('of parallel units that spend the same one wins', async () => {
    const late = Array.from({ length: 8 }, (_, n) =>
      unitWith([spend, 'a', ['a']], [note, String(n), [String(n), 'mine']]),
    )
    const results = await Promise.allSettled(late.map((unit) => unit.flush(store)))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await notes()).toHaveLength(1)
  })

  test('a failed flush stores nothing and says why', async () => {
    await store.script("insert into notes values ('old', 'x')")
    const unit = unitWith([note, 'new', ['new', 'y']], [erase, 'old', ['old']])
    unit.put(note, 'bad', ['bad', 'NUL \0 is no text'])
    await expect(unit.flush(store)).rejects.toThrow()
    expect(await notes()).toEqual([{ id: 'old', body: 'x' }])
  })

  test('outside a request a write is stored at once, and a late spend says so', async () => {
    await write(store, note, '1', ['1', 'one'])
    expect(await notes()).toHaveLength(1)
    await write(store, spend, 'a', ['a'])
    await expect(write(store, spend, 'a', ['a'])).rejects.toThrow(UnitLost)
  })

  test('inside a request a write waits for the flush, and requests do not see each other', async () => {
    const [mine, other] = [new Unit(), new Unit()]
    await units.run(mine, () => write(store, note, '1', ['1', 'one']))
    expect(mine.get(note, '1')).toEqual(['1', 'one'])
    expect(other.get(note, '1')).toBeUndefined()
    expect(await notes()).toEqual([])
    await mine.flush(store)
    expect(await notes()).toHaveLength(1)
  })

  test('statements of many parts are told apart although names are cut at 63 bytes', async () => {
    const long = kind.padEnd(60, 'p')
    const [first, second] = [
      { ...note, name: `${long}1` },
      { ...erase, name: `${long}2` },
    ]
    await unitWith([first, '1', ['1', 'one']]).flush(store)
    await unitWith([second, '1', ['1']]).flush(store)
    await unitWith([first, '2', ['2', 'two']]).flush(store)
    expect(await notes()).toEqual([{ id: '2', body: 'two' }])
  })
})
