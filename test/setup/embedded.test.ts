import { existsSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { checkSchema } from '#src/store/migrate.ts'
import { openStore, type Store } from '#src/store/store.ts'
import { createEmbedded } from './embedded.ts'

async function opened(): Promise<Store> {
  const { folder, remove } = await createEmbedded()
  const store = await openStore({ kind: 'pglite', folder }, () => {})
  onTestFinished(async () => {
    await store.close()
    await remove()
    expect(existsSync(folder)).toBe(false)
  })
  return store
}

test('an embedded database has the current schema, and nothing of what others write', async () => {
  const [one, other] = [await opened(), await opened()]
  await checkSchema(one)
  await one.script('create table only_here ()')
  const find = "select table_name from information_schema.tables where table_name = 'only_here'"
  expect((await one.script(find)).rows).toHaveLength(1)
  expect((await other.script(find)).rows).toHaveLength(0)
})
