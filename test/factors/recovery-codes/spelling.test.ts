import { expect, test } from 'vitest'
import { codeOf, grouped, newCode } from '#src/factors/recovery-codes/spelling.ts'

test('a code has sixteen characters of five random bits each, none of which is read as another', () => {
  const codes = Array.from({ length: 200 }, newCode)
  for (const code of codes) expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{16}$/)
  expect(new Set(codes).size).toBe(200)
  expect(new Set(codes.join('')).size).toBe(32)
})

test('it is shown in groups of four, and read back', () => {
  const code = newCode()
  expect(grouped(code)).toMatch(/^\w{4}-\w{4}-\w{4}-\w{4}$/)
  expect(codeOf(grouped(code))).toBe(code)
})

test.each([
  ['k7qm-02vx-19ab-cdef', 'K7QM02VX19ABCDEF'],
  ['K7QM O2VX I9AB CDEF', 'K7QM02VX19ABCDEF'],
  ['k7qmo2vxl9abcdef', 'K7QM02VX19ABCDEF'],
  [' K7QM–02VX—19AB.CDEF ', 'K7QM02VX19ABCDEF'],
  ['К7QМ-О2VХ-19АВ-СDЕF', 'K7QM02VX19ABCDEF'],
])('%j is read as %s', (typed, code) => {
  expect(codeOf(typed)).toBe(code)
})

test.each(['', 'K7QM-02VX-19AB-CDE', 'K7QM-02VX-19AB-CDEFG', 'K7QM-02VX-19AB-CDEU', '!'.repeat(16), 'Ж'.repeat(16)])(
  '%j is no code',
  (typed) => {
    expect(codeOf(typed)).toBeUndefined()
  },
)
