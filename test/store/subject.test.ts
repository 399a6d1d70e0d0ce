import fc from 'fast-check'
import { expect, test } from 'vitest'
import { subjectOf } from '#src/store/subject.ts'

const key = Buffer.alloc(32, 7)
const SIZE = 1_147_483_648
const sequences = fc.integer({ min: 0, max: SIZE - 1 })

test('every number fits 32-bit clients and is one of the range', () => {
  fc.assert(
    fc.property(sequences, (sequence) => {
      const oid = subjectOf(key, sequence)
      expect(Number.isInteger(oid)).toBe(true)
      expect(oid).toBeGreaterThanOrEqual(1_000_000_000)
      expect(oid).toBeLessThanOrEqual(2_147_483_647)
    }),
    { numRuns: 300 },
  )
})

test('no two registrations get the same number', () => {
  const near = Array.from({ length: 3000 }, (_, n) => subjectOf(key, n))
  const far = Array.from({ length: 300 }, (_, n) => subjectOf(key, SIZE - 1 - n))
  expect(new Set([...near, ...far]).size).toBe(3300)
  fc.assert(
    fc.property(sequences, sequences, (a, b) => {
      fc.pre(a !== b)
      expect(subjectOf(key, a)).not.toBe(subjectOf(key, b))
    }),
    { numRuns: 200 },
  )
})

test('the number is the same for ever under one key, and another under another', () => {
  expect(subjectOf(key, 0)).toBe(subjectOf(Buffer.from(key), 0))
  const other = Buffer.alloc(32, 8)
  const differing = Array.from({ length: 100 }, (_, n) => subjectOf(key, n) !== subjectOf(other, n))
  expect(differing.filter(Boolean).length).toBeGreaterThan(98)
})

test('neighbours in registration are no neighbours in number', () => {
  const steps = Array.from({ length: 1000 }, (_, n) => Math.abs(subjectOf(key, n + 1) - subjectOf(key, n)))
  expect(steps.filter((step) => step < 1000)).toHaveLength(0)
})

test.each([-1, SIZE, 0.5, Number.NaN])('sequence %s is refused', (sequence) => {
  expect(() => subjectOf(key, sequence)).toThrow(RangeError)
})
