import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { isLetterCode, letterCodeHash, newLetterCode, printedCode, readLetterCode } from '#src/proofing/letter/code.ts'

const key = randomBytes(32)
const which = { oid: 1_000_000_001, id: '0f8fad5b-d9cb-469f-a165-70867728950e' }

test('a code has ten characters that nobody mistakes for others, each of them as likely', () => {
  const codes = Array.from({ length: 2_000 }, newLetterCode)
  expect(new Set(codes).size).toBe(codes.length)
  const seen = new Set(codes.join(''))
  expect([...seen].sort().join('')).toBe('0123456789ABCDEFGHJKMNPQRSTVWXYZ')
  for (const code of codes) {
    expect(code).toHaveLength(10)
    expect(readLetterCode(printedCode(code))).toBe(code)
  }
})

test.each([
  ['K7QM0-2VX4T', 'K7QM02VX4T'],
  [' k7qmo 2vx4t ', 'K7QM02VX4T'],
  ['К7QМО–2VХ4Т', 'K7QM02VX4T'],
  ['lI0oO-11111', '1100011111'],
])('%s is read as %s', (typed, code) => {
  expect(readLetterCode(typed)).toBe(code)
})

test.each(['', 'K7QM02VX4', 'K7QM02VX4TT', 'U7QM02VX4T', 'Ж7QM02VX4T', '\0'.repeat(10), '😀'.repeat(5)])(
  '%j is no code',
  (typed) => {
    expect(readLetterCode(typed)).toBeUndefined()
  },
)

test('what is stored in its place fits this code of this letter under this key, and no other', () => {
  const code = 'K7QM02VX4T'
  const hash = letterCodeHash(key, which, code)
  expect(hash).not.toContain(code)
  expect(isLetterCode(key, which, code, hash)).toBe(true)
  expect(isLetterCode(key, which, 'K7QM02VX4V', hash)).toBe(false)
  expect(isLetterCode(key, { ...which, oid: which.oid + 1 }, code, hash)).toBe(false)
  expect(isLetterCode(key, { ...which, id: '00000000-0000-4000-8000-000000000000' }, code, hash)).toBe(false)
  expect(isLetterCode(randomBytes(32), which, code, hash)).toBe(false)
})
