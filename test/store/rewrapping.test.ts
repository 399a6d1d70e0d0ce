import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Secret } from '#src/kernel/secret.ts'
import { makeDataKeys, openKeyring } from '#src/store/keyring.ts'
import { makeRewrapping } from '#src/store/rewrapping.ts'
import { openStore, type Store } from '#src/store/store.ts'
import { createDatabase } from '#test/setup/database.ts'

const oldKek = { id: 'old', key: new Secret(randomBytes(32).toString('base64')) }
const newKek = { id: 'new', key: new Secret(randomBytes(32).toString('base64')) }
const ACCOUNTS = 1_200
const FIRST = 1_000_000_000

let store: Store
let drop: () => Promise<void>
const before = new Map<number, string>()
const keyringOf = (...keks: (typeof oldKek)[]) => openKeyring(store.db, keks)

beforeAll(async () => {
  const database = await createDatabase()
  drop = () => database.drop()
  const url = new Secret(database.url)
  store = await openStore({ kind: 'postgres', url, poolSize: 5, connectTimeoutMs: 5000 }, () => {})
  const keyring = await keyringOf(oldKek)
  const rows = Array.from({ length: ACCOUNTS }, (_, n) => {
    const key = randomBytes(32)
    before.set(FIRST + n, key.toString('hex'))
    const { kekId, wrapped } = keyring.wrap(`data:${FIRST + n}`, key)
    return { oid: FIRST + n, kek_id: kekId, wrapped }
  })
  await store.db.insertInto('data_keys').values(rows).execute()
  const { kekId, wrapped } = keyring.wrap('draft:one', randomBytes(32))
  const draft = { id: 'one', kek_id: kekId, wrapped, answers: wrapped, version: 1, expires_at: new Date() }
  await store.db.insertInto('drafts').values(draft).execute()
})
afterAll(async () => {
  await store.close()
  await drop()
})

async function wrappedByOld(): Promise<number> {
  const counts = await Promise.all(
    ['keyring', 'data_keys', 'drafts'].map((table) => store.script(`select from ${table} where kek_id = 'old'`)),
  )
  return counts.reduce((sum, { rows }) => sum + rows.length, 0)
}

describe('wrapping anew', () => {
  test('cannot begin without the key that wrapped what is there', async () => {
    const was = await wrappedByOld()
    await expect(keyringOf(newKek)).rejects.toThrow(/"old"/)
    expect(await wrappedByOld()).toBe(was)
  })

  test('goes on where it was interrupted', async () => {
    const rewrapping = makeRewrapping({ store, keyring: await keyringOf(newKek, oldKek) })
    const was = await wrappedByOld()
    const interrupted = rewrapping.run(({ done }) => {
      if (done > 500) throw new Error('interrupted')
    })
    await expect(interrupted).rejects.toThrow('interrupted')
    const left = await wrappedByOld()
    expect(left).toBeGreaterThan(0)
    expect(left).toBeLessThan(was)
    const progress: number[] = []
    expect(await rewrapping.run(({ done }) => void progress.push(done))).toEqual({ done: left, found: left })
    expect(progress).toEqual([...progress].sort((a, b) => a - b))
    expect(await wrappedByOld()).toBe(0)
  })

  test('leaves every key what it was, and none needs the old one any more', async () => {
    const keyring = await keyringOf(newKek)
    const dataKeys = makeDataKeys(store.db, keyring)
    for (const [oid, key] of before) expect((await dataKeys.of(oid)).toString('hex')).toBe(key)
  })

  test('leaves a destroyed key destroyed, and counts it as gone', async () => {
    const keyring = await keyringOf(newKek, oldKek)
    await store.script(`update data_keys set kek_id = 'old', wrapped = $1 where oid = ${FIRST}`, [
      (await keyringOf(oldKek, newKek)).wrap(`data:${FIRST}`, randomBytes(32)).wrapped,
    ])
    const racing = {
      activeKek: keyring.activeKek,
      wrap: keyring.wrap,
      unwrap(name: string, kekId: string, wrapped: Uint8Array) {
        erasing ??= store.script(`delete from data_keys where oid = ${FIRST}`)
        return keyring.unwrap(name, kekId, wrapped)
      },
    }
    let erasing: Promise<unknown> | undefined
    const { done, found } = await makeRewrapping({ store, keyring: racing }).run(() => {})
    await erasing
    expect(found).toBe(1)
    expect(done).toBeLessThanOrEqual(1)
    expect((await store.script(`select 1 from data_keys where oid = ${FIRST}`)).rows).toEqual([])
  })
})
