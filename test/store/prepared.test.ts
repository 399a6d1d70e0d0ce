import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makePrepared } from '#src/store/prepared.ts'
import type { Store } from '#src/store/store.ts'
import { type OpenedStore, openedStore } from './opened.ts'

let opened: OpenedStore
let store: Store
beforeAll(async () => {
  opened = await openedStore('postgres')
  store = opened.store
  await store.script("create table notes (id text primary key, body text); insert into notes values ('a', 'first')")
})
afterAll(() => opened.close())

/** On one connection, as others have prepared statements of their own. */
async function onOne<T>(work: (ask: (text: string, value: unknown) => Promise<T[]>) => Promise<void>): Promise<void> {
  await store.db.connection().execute((one) =>
    work(async (text, value) => {
      const [before, after = ''] = text.split('?')
      return (await sql<T>`${sql.raw(before!)}${value}${sql.raw(after)}`.execute(one)).rows
    }),
  )
}

const preparedFor = 'select count(*)::int as n from pg_prepared_statements where statement like ? || chr(37)'

test('what comes again and again is prepared, and answers the same', async () => {
  await onOne<Record<string, unknown>>(async (ask) => {
    const text = 'select body from notes where id = ?'
    for (let uses = 0; uses < 5; uses++) expect(await ask(text, 'a')).toEqual([{ body: 'first' }])
    expect(await ask(text, 'b')).toEqual([])
    expect(await ask(preparedFor, 'select body from notes where id')).toEqual([{ n: 1 }])
  })
})

test('a refused value leaves the statement and its connection as they were', async () => {
  await onOne<Record<string, unknown>>(async (ask) => {
    const text = 'select 10 / ?::int as tenth'
    for (let uses = 0; uses < 4; uses++) await ask(text, 5)
    await expect(ask(text, 0)).rejects.toMatchObject({ code: '22012' })
    expect(await ask(text, 2)).toEqual([{ tenth: 5 }])
  })
})

test('a column that a migration adds meanwhile disturbs nobody', async () => {
  await onOne<Record<string, unknown>>(async (ask) => {
    const text = "update notes set body = 'second' where id = ? returning id, body"
    for (let uses = 0; uses < 4; uses++) await ask(text, 'a')
    await store.script('alter table notes add column colour text')
    expect(await ask(text, 'a')).toEqual([{ id: 'a', body: 'second' }])
  })
})

test('a connection that replaces a lost one prepares anew', async () => {
  const ask = () => store.db.selectFrom('accounts').select('oid').where('oid', '=', 1).execute()
  for (let uses = 0; uses < 4; uses++) await ask()
  await store.script(`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`)
  await expect.poll(() => ask().catch(() => undefined)).toEqual([])
})

test('lists, each of another length, BEGIN and several statements in one text stay unprepared; so does what exceeds the number', () => {
  const prepared = makePrepared()
  const often = (text: string, values: unknown[]) =>
    Array.from({ length: 4 }, () => prepared(text, values)).at(-1)!.name
  expect(often('begin', [])).toBeUndefined()
  expect(often("delete from notes where id = 'a'; delete from notes where id = 'b'", [])).toBeUndefined()
  expect(often("select id from notes where body = 'second' for update skip locked", [])).toBeDefined()
  expect(often(`select ${'$1,'.repeat(2000)}`, [1])).toBeUndefined()
  const lists = Array.from({ length: 3000 }, (_, length) => prepared(`select id in (${length})`, [length]).name)
  expect(new Set(lists)).toEqual(new Set([undefined]))
  const names = Array.from({ length: 600 }, (_, n) => often(`select ${n}, $1`, [n]))
  expect(new Set(names.slice(0, 499)).size).toBe(499)
  expect(names.slice(499).every((name) => name === undefined)).toBe(true)
})
