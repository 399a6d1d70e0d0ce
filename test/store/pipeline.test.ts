import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { isUnreachable } from '#src/kernel/unreachable.ts'
import { makePipeline } from '#src/store/pipeline.ts'
import type { Runner, Statement } from '#src/store/statement.ts'
import { createDatabase } from '#test/setup/database.ts'
import { openedStore } from './opened.ts'

let database: Awaited<ReturnType<typeof createDatabase>>
let pool: pg.Pool
let pipeline: Runner
/** One connection, so that what one statement leaves behind meets the next. */
beforeAll(async () => {
  database = await createDatabase()
  pool = new pg.Pool({ connectionString: database.url, max: 1 })
  pipeline = makePipeline(pool)
  await pool.query('create table seats (id int primary key)')
})
afterEach(() => vi.restoreAllMocks())
afterAll(async () => {
  await pool.end()
  await database.drop()
})

let names = 0
const named = (text: string, more: Partial<Statement> = {}): Statement => ({ name: `test:${++names}`, text, ...more })
const moment = (more: Partial<Statement> = {}) => named('select now()::text as at, pg_backend_pid() as pid', more)

describe('round trips', () => {
  test('what only reads and is asked for in one turn shares one round trip and one transaction', async () => {
    const query = vi.spyOn(pg.Client.prototype, 'query')
    const answers = await Promise.all([1, 2, 3].map(() => pipeline.run(moment({ reads: true }), [])))
    expect(query).toHaveBeenCalledTimes(1)
    expect(new Set(answers.map(([row]) => JSON.stringify(row))).size).toBe(1)
  })

  test('each answers its own rows, in the order of the statements', async () => {
    const numbers = named('select n from generate_series(1, $1::int) n', { reads: true })
    const name = named('select $1::text as name where $1 <> $2', { reads: true })
    const answers = await Promise.all([
      pipeline.run(numbers, [3]),
      pipeline.run(name, ['a', 'a']),
      pipeline.run(numbers, [0]),
      pipeline.run(name, ['b', 'a']),
    ])
    expect(answers).toEqual([[{ n: 1 }, { n: 2 }, { n: 3 }], [], [], [{ name: 'b' }]])
  })

  test('what changes something has a transaction of its own: a neighbour that fails takes nothing back', async () => {
    const seat = named('insert into seats (id) values ($1::int)')
    const answers = await Promise.allSettled([1, 1, 2].map((id) => pipeline.run(seat, [id])))
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect((await pool.query('select id from seats order by id')).rows).toEqual([{ id: 1 }, { id: 2 }])
  })

  test('a read that PostgreSQL refuses fails alone', async () => {
    const divide = named('select 6 / $1::int as n', { reads: true })
    const answers = await Promise.allSettled([2, 0, 3].map((by) => pipeline.run(divide, [by])))
    expect(answers).toMatchObject([
      { status: 'fulfilled', value: [{ n: 3 }] },
      { status: 'rejected', reason: { code: '22012' } },
      { status: 'fulfilled', value: [{ n: 2 }] },
    ])
  })

  test('a statement whose first round trip failed is prepared again on the same connection', async () => {
    const divide = named('select 6 / $1::int as n')
    const before = await pipeline.run(moment(), [])
    await expect(pipeline.run(divide, [0])).rejects.toMatchObject({ code: '22012' })
    expect(await pipeline.run(divide, [2])).toEqual([{ n: 3 }])
    expect(await pipeline.run(divide, [3])).toEqual([{ n: 2 }])
    const after = await pipeline.run(moment(), [])
    expect(after).toMatchObject([{ pid: (before[0] as { pid: number }).pid }])
  })

  test('one that cannot be parsed fails, and the connection serves the next', async () => {
    await expect(pipeline.run(named('selec 1'), [])).rejects.toMatchObject({ code: '42601' })
    expect(await pipeline.run(named('select 1 as one'), [])).toEqual([{ one: 1 }])
  })

  test('a plan is made once, for arrays of any length', async () => {
    const { store, close } = await openedStore()
    const found = named('select a.oid from unnest($1::int[]) as key(oid) join accounts a using (oid)', {
      types: ['int[]'],
    })
    for (let n = 0; n < 10; n++) await store.run(found, [[n]])
    const { rows } = await store.script(
      `select custom_plans::int as custom from pg_prepared_statements where name = '${found.name}'`,
    )
    expect(rows).toEqual([{ custom: 0 }])
    await close()
  })

  test('a connection that does not answer is given up, and the next statement has another one', async () => {
    const impatient = makePipeline(pool, 300)
    const [before] = await impatient.run<{ pid: number }>(moment(), [])
    await expect(impatient.run(named('select pg_sleep(30)'), [])).rejects.toSatisfy(isUnreachable)
    const [after] = await impatient.run<{ pid: number }>(moment(), [])
    expect(after!.pid).not.toBe(before!.pid)
    await pool.query('select pg_terminate_backend($1)', [before!.pid])
  })

  test('when no connection can be had, everybody hears of it', async () => {
    const nowhere = makePipeline(new pg.Pool({ host: '127.0.0.1', port: 1, connectionTimeoutMillis: 1_000 }))
    const answers = await Promise.allSettled([true, true, false].map((reads) => nowhere.run(moment({ reads }), [])))
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
  })
})

describe('values', () => {
  const echo = async (type: string, values: unknown[]) => {
    const statement = named(`select * from unnest($1::${type}[]) with ordinality as u(value, at) order by at`, {
      types: [`${type}[]`],
    })
    return (await pipeline.run<{ value: unknown }>(statement, [values])).map(({ value }) => value)
  }

  test.each([
    ['text', ['', 'plain', 'Ольга 🦊', '"quoted" \\ {a,b}', 'NULL', null, 'x'.repeat(70_000)]],
    ['int', [0, 1, -1, 2_147_483_647, -2_147_483_648, null]],
    ['boolean', [true, false, null]],
    ['bytea', [Buffer.from([0, 255, 92, 34]), Buffer.alloc(0), null]],
    [
      'timestamptz',
      ['2026-03-01T09:00:00.123Z', '1999-12-31T23:59:59.999Z', '1900-01-01Z', '2126-01-01Z'].map((at) => new Date(at)),
    ],
    ['bigint', ['9007199254740993', null]],
    ['uuid', ['6f1e6f0c-1df0-4f6a-9f25-0b7b0f0c5c11', null]],
    ['text', []],
  ])('of %s come back as they went', async (type, values) => {
    expect(await echo(type, values)).toEqual(values)
  })

  test('days stay the days they are', async () => {
    const statement = named('select array_agg(day::text order by day) as days from unnest($1::date[]) day', {
      types: ['date[]'],
    })
    const days = ['1999-12-31', '2000-01-01', '2026-11-22', '2127-02-28']
    expect(await pipeline.run(statement, [days])).toEqual([{ days }])
  })

  test('scalars without a declared type are read by PostgreSQL as text', async () => {
    const statement = named('select $1::int as n, $2::timestamptz as at, $3::text as nothing, $4::bytea as bytes')
    const at = new Date('2026-03-01T09:00:00.123Z')
    expect(await pipeline.run(statement, [7, at, null, Buffer.from('ab')])).toEqual([
      { n: 7, at, nothing: null, bytes: Buffer.from('ab') },
    ])
  })

  test.each([
    ['int', 1.5],
    ['int', Number.NaN],
    ['int', 3_000_000_000],
    ['int', '7'],
    ['timestamptz', new Date(Number.NaN)],
    ['date', 'never'],
  ])(
    'a value that is no %s (%s) is refused like PostgreSQL refuses one, before anything is sent',
    async (type, value) => {
      await expect(echo(type, [value])).rejects.toMatchObject({ code: '22P02' })
      expect(await echo('int', [1])).toEqual([1])
    },
  )

  test('a value that does not fit fails only the read that brought it', async () => {
    const numbers = (reads: boolean) => named('select unnest($1::int[]) as n', { types: ['int[]'], reads })
    const answers = await Promise.allSettled(
      [[1], [Number.NaN], [2]].map((values) => pipeline.run(numbers(true), [values])),
    )
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  })
})
