import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Secret } from '#src/kernel/secret.ts'
import { keyNames, makeDataKeys, openKeyring } from '#src/store/keyring.ts'
import type { Store } from '#src/store/store.ts'
import { type OpenedStore, openedStore } from './opened.ts'

let opened: OpenedStore
let store: Store
beforeAll(async () => {
  opened = await openedStore()
  store = opened.store
})
afterAll(() => opened.close())

const kek = (id: string) => ({ id, key: new Secret(randomBytes(32).toString('base64')) })
const emptied = () => store.db.deleteFrom('keyring').execute()

describe('the keyring', () => {
  test('is made once, by whichever of several processes is first', async () => {
    await emptied()
    const one = kek('k1')
    const rings = await Promise.all(Array.from({ length: 5 }, () => openKeyring(store.db, [one])))
    for (const name of keyNames) {
      const keys = new Set(rings.map((ring) => ring.key(name).toString('hex')))
      expect(keys.size, name).toBe(1)
      expect(rings[0]!.key(name)).toHaveLength(32)
    }
    expect(new Set(keyNames.map((name) => rings[0]!.key(name).toString('hex'))).size).toBe(keyNames.length)
  })
  test('holds no key in the clear', async () => {
    await emptied()
    const ring = await openKeyring(store.db, [kek('k1')])
    const rows = await store.db.selectFrom('keyring').select('wrapped').execute()
    const stored = Buffer.concat(rows.map((row) => Buffer.from(row.wrapped)))
    for (const name of keyNames) expect(stored.includes(ring.key(name))).toBe(false)
  })
  test('opens with an older key-encryption key beside a newer one, which wraps what is new', async () => {
    await emptied()
    const [older, newer] = [kek('k1'), kek('k2')]
    const before = await openKeyring(store.db, [older])
    const after = await openKeyring(store.db, [newer, older])
    expect(after.key('subject')).toEqual(before.key('subject'))
    expect(after.wrap('x', randomBytes(32)).kekId).toBe('k2')
  })
  test('names the key-encryption key that is missing, or wrong, or that there is none', async () => {
    await emptied()
    await openKeyring(store.db, [kek('k1')])
    await expect(openKeyring(store.db, [kek('k2')])).rejects.toThrow('"k1" is needed')
    await expect(openKeyring(store.db, [kek('k1')])).rejects.toThrow('"k1" does not open')
    await expect(openKeyring(store.db, [])).rejects.toThrow('no key-encryption key')
  })
  test('does not open a wrapped key under another name', async () => {
    await emptied()
    const keyring = await openKeyring(store.db, [kek('k1')])
    const { kekId, wrapped } = keyring.wrap('data:1', randomBytes(32))
    expect(() => keyring.unwrap('data:2', kekId, wrapped)).toThrow()
  })
})

describe('data keys', () => {
  test('are made with the account, seen inside its transaction, and the same for every process', async () => {
    await emptied()
    const keyring = await openKeyring(store.db, [kek('k1')])
    const [mine, other] = [makeDataKeys(store.db, keyring), makeDataKeys(store.db, keyring)]
    const made = await store.tx(async (tx) => {
      const key = await mine.create(tx, 1_000_000_001)
      expect(await mine.of(1_000_000_001, tx)).toEqual(key)
      return key
    })
    expect(await other.of(1_000_000_001)).toEqual(made)
  })
  test('a draft hands its key on to the account', async () => {
    await emptied()
    const keyring = await openKeyring(store.db, [kek('k1')])
    const keys = makeDataKeys(store.db, keyring)
    const draft = randomBytes(32)
    await store.tx((tx) => keys.create(tx, 1_000_000_002, draft))
    expect(await keys.of(1_000_000_002)).toEqual(draft)
  })
  test('of an account that was never made, or whose transaction was undone, do not exist', async () => {
    await emptied()
    const keyring = await openKeyring(store.db, [kek('k1')])
    const keys = makeDataKeys(store.db, keyring)
    const undone = store.tx(async (tx) => {
      await keys.create(tx, 1_000_000_003)
      throw new Error('undone')
    })
    await expect(undone).rejects.toThrow('undone')
    await expect(keys.of(1_000_000_003)).rejects.toThrow('has no data key')
  })
})
