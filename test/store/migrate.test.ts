import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkSchema, migrate } from '#src/store/migrate.ts'
import { type OpenedStore, openedStore } from './opened.ts'

let opened: OpenedStore
beforeAll(async () => {
  opened = await openedStore()
})
afterAll(() => opened.close())

test('a database that is up to date is taken, and migrating it again does nothing', async () => {
  await checkSchema(opened.store)
  expect(await migrate(opened.store)).toEqual([])
})

test('one that is ahead is taken, as migrations only expand', async () => {
  await sql`insert into kysely_migration (name, timestamp) values ('29990101T0000_later', '')`.execute(opened.store.db)
  await checkSchema(opened.store)
  await sql`delete from kysely_migration where name = '29990101T0000_later'`.execute(opened.store.db)
})

test('one that lacks a migration is refused, with its name and the remedy', async () => {
  await sql`delete from kysely_migration where name = '20261122T1500_detachments'`.execute(opened.store.db)
  await expect(checkSchema(opened.store)).rejects.toThrow(
    'the database lacks the migration 20261122T1500_detachments; run "npm run migrate" first',
  )
})
