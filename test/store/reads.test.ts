import { setImmediate } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { defineRead, makeReader } from '#src/store/reads.ts'
import type { Statement } from '#src/store/statement.ts'
import type { Store } from '#src/store/store.ts'
import { type OpenedStore, openedStore } from './opened.ts'

const shelf = defineRead<{ title: string }>({
  name: 'test_shelf',
  parameters: { shelf: 'text' },
  sql: 'select title from books where shelf = key.shelf order by title',
})
const loan = defineRead<{ reader: number; title: string }>({
  name: 'test_loan',
  parameters: { reader: 'int', since: 'timestamptz' },
  sql: 'select reader, title from loans where reader = key.reader and since >= key.since order by title',
})

describe.each(['postgres', 'pglite'] as const)('joined reads on %s', (kind) => {
  let opened: OpenedStore
  let store: Store
  beforeAll(async () => {
    opened = await openedStore(kind)
    store = opened.store
    await store.script(
      'create table books (shelf text, title text); create table loans (reader int, since timestamptz, title text)',
    )
    await store.script(
      `insert into books select 's' || n, 'book ' || n || '.' || m from generate_series(1, 200) n, generate_series(1, n % 3) m`,
    )
    await store.script(
      `insert into loans values (1, '2026-01-01Z', 'old'), (1, '2026-03-01Z', 'new'), (2, '2026-03-01Z', 'b')`,
    )
  })
  afterEach(() => vi.restoreAllMocks())
  afterAll(() => opened.close())

  /** A reader over the same database whose statements are counted. */
  function watched() {
    const through = { run: store.run }
    const run = vi.spyOn(through, 'run')
    return { ...makeReader(through), run }
  }

  const titles = (n: number) => Array.from({ length: n % 3 }, (_, m) => ({ title: `book ${n}.${m + 1}` }))

  test('those who ask in one turn are answered by one statement, each with its own rows in order', async () => {
    const { read, run } = watched()
    const rows = await Promise.all([2, 3, 1, 5].map((n) => read(shelf, [`s${n}`])))
    expect(rows).toEqual([titles(2), [], titles(1), titles(5)])
    expect(run).toHaveBeenCalledTimes(1)
  })

  test('one alone is answered too, and what is not there is no row', async () => {
    const { read, run } = watched()
    expect(await read(shelf, ['s2'])).toEqual(titles(2))
    expect(await read(shelf, ['nowhere'])).toEqual([])
    expect(run).toHaveBeenCalledTimes(2)
  })

  test('a key asked for twice answers both, and neither holds the rows of the other', async () => {
    const { read } = watched()
    const [one, other] = await Promise.all([read(shelf, ['s2']), read(shelf, ['s2'])])
    expect([one, other]).toEqual([titles(2), titles(2)])
    one![0]!.title = 'changed'
    expect(other).toEqual(titles(2))
  })

  test('keys of several columns keep numbers and moments what they are', async () => {
    const { read, run } = watched()
    const since = new Date('2026-02-01T00:00:00Z')
    const rows = await Promise.all([
      read(loan, [1, since]),
      read(loan, [1, new Date(0)]),
      read(loan, [2, since]),
      read(loan, [3, since]),
    ])
    expect(rows.map((found) => found.map(({ title }) => title))).toEqual([['new'], ['new', 'old'], ['b'], []])
    expect(rows[0]).toEqual([{ reader: 1, title: 'new' }])
    expect(run).toHaveBeenCalledTimes(1)
  })

  test('different look-ups of one turn leave together', async () => {
    const { read, run } = watched()
    await Promise.all([read(shelf, ['s1']), read(loan, [1, new Date(0)]), read(shelf, ['s2'])])
    expect(run.mock.calls.map(([statement]) => statement.name).sort()).toEqual(['read:test_loan', 'read:test_shelf'])
  })

  test('more than fit into one statement are all answered', async () => {
    const { read, run } = watched()
    const numbers = Array.from({ length: 150 }, (_, n) => n + 1)
    const rows = await Promise.all(numbers.map((n) => read(shelf, [`s${n}`])))
    expect(rows).toEqual(numbers.map(titles))
    expect(run).toHaveBeenCalledTimes(3)
  })

  test('load makes statements larger and not more', async () => {
    const { read, run } = watched()
    let release = () => {}
    const held = new Promise<void>((done) => {
      release = done
    })
    run.mockImplementationOnce(async <Row>(statement: Statement, values: readonly unknown[]) => {
      await held
      return store.run<Row>(statement, values)
    })
    const first = read(shelf, ['s1'])
    await vi.waitFor(() => expect(run).toHaveBeenCalledTimes(1), 10_000)
    const later = []
    for (let n = 1; n <= 60; n++) {
      later.push(read(shelf, [`s${n}`]))
      if (n % 20 === 0) await setImmediate()
    }
    expect(run).toHaveBeenCalledTimes(1)
    release()
    expect(await first).toEqual(titles(1))
    expect(await Promise.all(later)).toEqual(Array.from({ length: 60 }, (_, n) => titles(n + 1)))
    expect(run).toHaveBeenCalledTimes(2)
  })

  test('a malformed value fails only the one who asked with it', async () => {
    const { read } = watched()
    const [before, malformed, after] = await Promise.allSettled([
      read(shelf, ['s1']),
      read(shelf, ['s\0']),
      read(shelf, ['s2']),
    ])
    expect(before).toMatchObject({ status: 'fulfilled', value: titles(1) })
    expect(malformed).toMatchObject({ status: 'rejected', reason: { code: '22021' } })
    expect(after).toMatchObject({ status: 'fulfilled', value: titles(2) })
    expect(await read(shelf, ['s4'])).toEqual(titles(4))
  })

  test('a fault of the connection fails all who waited for that statement, without a second try, and the next read works', async () => {
    const { read, run } = watched()
    run.mockRejectedValueOnce(new Error('Connection terminated unexpectedly'))
    const answers = await Promise.allSettled(['s1', 's2', 's4'].map((key) => read(shelf, [key])))
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    expect(run).toHaveBeenCalledTimes(1)
    expect(await read(shelf, ['s1'])).toEqual(titles(1))
  })

  test('who asks while a statement is failing is answered by the next one', async () => {
    const { read, run } = watched()
    let late: Promise<unknown> | undefined
    run.mockImplementationOnce(async () => {
      late = read(shelf, ['s2'])
      throw new Error('Connection terminated unexpectedly')
    })
    await expect(read(shelf, ['s1'])).rejects.toThrow('terminated')
    expect(await late).toEqual(titles(2))
  })
})

test('a connection that PostgreSQL cuts is replaced for the next read', async () => {
  const { store, close } = await openedStore()
  const cut = defineRead<{ cut: boolean }>({
    name: 'test_cut',
    parameters: { key: 'text' },
    sql: `select pg_terminate_backend(pg_backend_pid()) as cut, pg_sleep(5) where key.key = 'cut'`,
  })
  const answers = await Promise.allSettled([store.read(cut, ['cut']), store.read(cut, ['spared'])])
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(await store.read(cut, ['spared'])).toEqual([])
  await close()
})
