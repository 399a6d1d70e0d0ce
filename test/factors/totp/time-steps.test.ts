import { describe, expect, test } from 'vitest'
import { digitsOf, groupsOf, keyUri, newSecret, stepOfCode } from '#src/factors/totp/time-steps.ts'

const secret = Buffer.from('12345678901234567890')

describe('codes of RFC 6238, appendix B, by SHA-1, of which we take six digits', () => {
  test.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('at %i', (at, code) => {
    expect(stepOfCode(secret, code, at)).toBe(Math.floor(at / 30))
  })
})

describe('the step before and the one after pass, no other', () => {
  const at = 1_234_567_890
  test.each([
    [-60, undefined],
    [-30, 0],
    [0, 0],
    [29, 0],
    [30, 0],
    [60, undefined],
  ])('%i seconds off', (off, expected) => {
    const step = stepOfCode(secret, '005924', at + off)
    expect(step).toBe(expected === undefined ? undefined : Math.floor(at / 30))
  })
})

test('a key has 160 bits and comes back in groups of four', () => {
  expect(newSecret()).toHaveLength(20)
  expect(groupsOf(secret)).toEqual(['GEZD', 'GNBV', 'GY3T', 'QOJQ', 'GEZD', 'GNBV', 'GY3T', 'QOJQ'])
})

test('an app learns from the address whose key it is', () => {
  const uri = new URL(keyUri(secret, { issuer: 'Пропуск', label: '1234567890' }))
  expect(decodeURIComponent(uri.href)).toContain('otpauth://totp/Пропуск:1234567890?')
  expect(Object.fromEntries(uri.searchParams)).toMatchObject({
    secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
    issuer: 'Пропуск',
  })
})

test.each([
  ['123456', '123456'],
  [' 123 456 ', '123456'],
  ['123\u00a0456', '123456'],
  ['12345', undefined],
  ['1234567', undefined],
  ['12345а', undefined],
  ['١٢٣٤٥٦', undefined],
  ['', undefined],
])('%j typed', (typed, code) => {
  expect(digitsOf(typed)).toBe(code)
})
