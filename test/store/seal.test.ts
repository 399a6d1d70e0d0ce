import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { keyedHash, open, seal } from '#src/store/seal.ts'

const key = randomBytes(32)
const place = { table: 'persons', column: 'core', key: 1_000_000_001 }
const sealed = seal(key, place, 'Ветрова Ольга')

test('what was sealed opens, text and bytes alike', () => {
  expect(open(key, place, sealed).toString('utf8')).toBe('Ветрова Ольга')
  const bytes = randomBytes(1000)
  expect(open(key, place, seal(key, place, bytes))).toEqual(bytes)
  expect(open(key, place, new Uint8Array(sealed)).toString('utf8')).toBe('Ветрова Ольга')
  expect(open(key, place, seal(key, place, '')).length).toBe(0)
})

test('the same text is sealed to other bytes each time', () => {
  expect(seal(key, place, 'Ветрова Ольга').equals(sealed)).toBe(false)
})

describe('does not open', () => {
  test.each([
    ['in another table', { ...place, table: 'contacts' }],
    ['in another column', { ...place, column: 'name' }],
    ['in the row of another person', { ...place, key: 1_000_000_002 }],
    ['where the parts only join to the same text', { table: 'person', column: 'score', key: 1_000_000_001 }],
  ])('%s', (_what, elsewhere) => {
    expect(() => open(key, elsewhere, sealed)).toThrow()
  })
  test('with another key', () => {
    expect(() => open(randomBytes(32), place, sealed)).toThrow()
  })
  test('when any byte differs', () => {
    for (let i = 0; i < sealed.length; i++) {
      const changed = Buffer.from(sealed)
      changed[i]! ^= 1
      expect(() => open(key, place, changed), `byte ${i}`).toThrow()
    }
  })
  test('when it is cut short, down to nothing', () => {
    for (let length = 0; length < sealed.length; length++)
      expect(() => open(key, place, sealed.subarray(0, length)), `${length} bytes`).toThrow()
  })
})

test('a keyed hash differs by key, purpose and value', () => {
  const hash = keyedHash(key, 'phone', '+79161000001')
  expect(keyedHash(key, 'phone', '+79161000001')).toBe(hash)
  expect(keyedHash(key, 'email', '+79161000001')).not.toBe(hash)
  expect(keyedHash(key, 'phone', '+79161000002')).not.toBe(hash)
  expect(keyedHash(randomBytes(32), 'phone', '+79161000001')).not.toBe(hash)
  expect(hash).toMatch(/^[\w-]{43}$/)
})
