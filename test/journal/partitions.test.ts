import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensurePartitions } from '#src/journal/partitions.ts'
import { Secret } from '#src/kernel/secret.ts'
import { openStore, type Store } from '#src/store/store.ts'
import { createDatabase } from '#test/setup/database.ts'

const plan = { retentionDays: 365, months: 2 }
let store: Store
let drop: () => Promise<void>

beforeAll(async () => {
  const { url, drop: dropDatabase } = await createDatabase()
  store = await openStore({ kind: 'postgres', url: new Secret(url), poolSize: 6, connectTimeoutMs: 5000 }, () => {})
  drop = dropDatabase
})
afterAll(async () => {
  await store.close()
  await drop()
})

async function record(expiresOn: string): Promise<string> {
  const { rows } = await sql<{ partition: string }>`
    insert into journal (oid, expires_on, at, type, payload) values (0, ${expiresOn}, now(), 'test', '')
    returning tableoid::regclass::text as partition`.execute(store.db)
  return rows[0]!.partition
}

test('makes the months in which events of today and of the next months expire, once, by any number of processes', async () => {
  const now = new Date('2026-11-22T14:00:00Z')
  const made = await Promise.all(Array.from({ length: 3 }, () => ensurePartitions(store.db, now, plan)))
  expect(made.flat().sort()).toEqual(['journal_2027_11', 'journal_2027_12', 'journal_2028_01'])
  expect(await ensurePartitions(store.db, now, plan)).toEqual([])
  expect(await record('2027-11-30')).toBe('journal_2027_11')
  expect(await record('2027-12-01')).toBe('journal_2027_12')
  expect(await record('2028-02-01')).toBe('journal_later')
})

test('skips a month whose events lie in the default partition, and makes the others', async () => {
  expect(await record('2030-02-10')).toBe('journal_later')
  const made = await ensurePartitions(store.db, new Date('2029-01-15T00:00:00Z'), plan)
  expect(made).toEqual(['journal_2030_01', 'journal_2030_03'])
})

test('does not stop the writers behind a long reader: it gives up and leaves the month to another day', async () => {
  await store.tx(async (tx) => {
    await sql`select count(*) from journal`.execute(tx)
    const made = await ensurePartitions(store.db, new Date('2034-01-15T00:00:00Z'), { retentionDays: 0, months: 0 })
    expect(made).toEqual([])
  })
})

test('the trigger against changes holds in new partitions', async () => {
  await record('2027-11-30')
  await expect(sql`delete from journal_2027_11`.execute(store.db)).rejects.toThrow('append-only')
})
