import { expect, test } from 'vitest'
import { randomBytes } from '#src/kernel/random.ts'

test('bytes are as many as asked for and never the same twice', () => {
  const seen = new Set<string>()
  // Several fillings of the pool, in pieces that do not divide it.
  for (let n = 0; n < 2_000; n++) {
    const bytes = randomBytes(29)
    expect(bytes).toHaveLength(29)
    seen.add(bytes.toString('hex'))
  }
  expect(seen.size).toBe(2_000)
})

test('no two pieces overlap in memory, and writing to one changes no other', () => {
  const [one, other] = [randomBytes(16), randomBytes(16)]
  const before = other.toString('hex')
  one.fill(0)
  expect(other.toString('hex')).toBe(before)
})

test('more than the pool holds is no prefix of zeros', () => {
  const bytes = randomBytes(10_000)
  expect(bytes).toHaveLength(10_000)
  // Each window of 64 zeros has a chance of 2⁻⁵¹².
  for (let at = 0; at < bytes.length; at += 64)
    expect(bytes.subarray(at, at + 16).every((byte) => byte === 0)).toBe(false)
})
