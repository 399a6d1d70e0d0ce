import pg from 'pg'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { createDatabase } from './database.ts'
import { TEMPLATE, type TestDatabase } from './template.ts'

let first: TestDatabase
let second: TestDatabase

beforeAll(async () => {
  ;[first, second] = await Promise.all([createDatabase(), createDatabase()])
})

afterAll(() => Promise.all([first.drop(), second.drop()]))

async function ask(url: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(statement)).rows
  } finally {
    await client.end()
  }
}

test('what one test file writes, another does not see', async () => {
  await ask(first.url, 'create table only_here ()')
  const find = "select table_name from information_schema.tables where table_name = 'only_here'"
  expect(await ask(first.url, find)).toHaveLength(1)
  expect(await ask(second.url, find)).toHaveLength(0)
})

test('a copy has the tables of the migrations', async () => {
  const tables = await ask(first.url, "select 1 from information_schema.tables where table_name = 'kysely_migration'")
  expect(tables).toHaveLength(1)
})

test('the server keeps its promise of synchronous commits and counts statements', async () => {
  const [settings] = await ask(
    first.url,
    `select current_setting('synchronous_commit') as commits, current_setting('shared_preload_libraries') as libraries,
            current_setting('server_encoding') as encoding`,
  )
  expect(settings).toEqual({ commits: 'on', libraries: 'pg_stat_statements', encoding: 'UTF8' })
})

test('a dropped copy is gone although somebody is still connected', async () => {
  const third = await createDatabase()
  const idle = new pg.Client({ connectionString: third.url })
  idle.on('error', () => undefined)
  await idle.connect()
  await third.drop()
  const name = new URL(third.url).pathname.slice(1)
  const found = await ask(inject('postgresUrl'), `select 1 from pg_database where datname = '${name}'`)
  expect(found).toHaveLength(0)
})

test('nobody can write into the template', async () => {
  const url = new URL(first.url)
  url.pathname = `/${TEMPLATE}`
  await expect(ask(url.href, 'select 1')).rejects.toThrow('not currently accepting connections')
})
