import { afterAll, beforeAll, expect, test } from 'vitest'
import { erasedTables, keptTables } from '#src/accounts/leaving/tables.ts'
import { type OpenedStore, openedStore } from '../../store/opened.ts'

/** Columns that hold the number of an account; a table with one says what becomes of it when the account is erased. */
const NAMES_AN_ACCOUNT = /(^|_)oid$/

let opened: OpenedStore
beforeAll(async () => {
  opened = await openedStore()
})
afterAll(() => opened.close())

async function columnsNamingAccounts(): Promise<[table: string, column: string][]> {
  const { rows } = await opened.store.script(`select c.relname as table, a.attname as column from pg_attribute a
    join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition and a.attnum > 0 and not a.attisdropped`)
  return rows
    .map((row): [string, string] => [String(row.table), String(row.column)])
    .filter(([, column]) => NAMES_AN_ACCOUNT.test(column))
}

test('every table that names an account says whether its rows go with the account, or why they stay', async () => {
  const found = await columnsNamingAccounts()
  expect(found.length).toBeGreaterThan(30)
  const told = [
    ...Object.entries(erasedTables).map(([table, column]) => `${table}.${column}`),
    ...Object.keys(keptTables).map((table) => `${table}.oid`),
  ]
  expect(told.sort()).toEqual(found.map(([table, column]) => `${table}.${column}`).sort())
})

test('no table is both', () => {
  expect(Object.keys(keptTables).filter((table) => Object.hasOwn(erasedTables, table))).toEqual([])
})
