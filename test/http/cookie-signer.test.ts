import { expect, test } from 'vitest'
import { makeCookieSigner } from '#src/http/cookie-signer.ts'

const signer = makeCookieSigner(['new key', 'old key'])

test('signatures are those that keygrip makes, so that sessions outlive the change', () => {
  expect([0, 1, 2, 3].map((n) => signer.sign(`session=${n}`))).toEqual([
    'iqL3zuvays3vCwReB7EQcQk645I',
    'sjSeHFM1rtklXXJOJIvYHOth5gs',
    'Fej20bpCyH7SHAs0uiW4tffV4aI',
    'MomXam7q4TYH3YIUKZxHFjqwIaY',
  ])
})

test('another value, another key, a cut, longer or empty signature is refused', () => {
  const signature = signer.sign('session=abc')
  expect(signer.verify('session=abc', signature)).toBe(true)
  expect(signer.verify('session=abd', signature)).toBe(false)
  expect(makeCookieSigner(['another key']).verify('session=abc', signature)).toBe(false)
  for (const forged of [
    '',
    signature.slice(0, -1),
    `${signature}A`,
    signature.toUpperCase(),
    'ü'.repeat(signature.length),
  ])
    expect(signer.verify('session=abc', forged)).toBe(false)
})

test('a former key still verifies and is told from the one that signs', () => {
  const former = makeCookieSigner(['old key']).sign('session=abc')
  expect(signer.index('session=abc', former)).toBe(1)
  expect(signer.index('session=abc', signer.sign('session=abc'))).toBe(0)
  expect(signer.index('session=abc', 'nonsense')).toBe(-1)
})
