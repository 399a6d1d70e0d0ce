import { expect, test } from 'vitest'
import { refererPath, returnPath } from '#src/http/return-path.ts'

test.each(['/', '/login?a=b&c=%2F', '/a//b', '/..//evil.example', '/%0d%0aSet-Cookie'])('%j stays here', (path) => {
  expect(returnPath(path)).toBe(path)
  expect(new URL(path, 'https://id.example').origin).toBe('https://id.example')
})

test.each([
  '',
  'login',
  '//evil.example',
  '/\\evil.example',
  '\\/evil.example',
  '/a\\b',
  'https://evil.example/',
  'javascript:alert(1)',
  '/\t/evil.example',
  '/\n/evil.example',
  '/a b',
  '/a\u0000',
  '/a\u0085',
  ' /a',
  `/${'a'.repeat(5000)}`,
  undefined,
  ['/a', '/b'],
])('%j is refused', (path) => {
  expect(returnPath(path)).toBeUndefined()
})

test('the way back is the Referer of this origin only', () => {
  expect(refererPath('https://id.example/form?x=1', 'https://id.example')).toBe('/form?x=1')
  expect(refererPath('https://id.example.evil.example/form', 'https://id.example')).toBeUndefined()
  expect(refererPath('https://id.example//evil.example', 'https://id.example')).toBeUndefined()
  expect(refererPath('', 'https://id.example')).toBeUndefined()
})
