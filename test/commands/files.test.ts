import { expect, test } from 'vitest'
import { withFiles } from '#src/commands/files.ts'

const read = (file: string | number) => `{"from":"${file}"}`

test('a file that is named is read where the command was typed; 0 is standard input', () => {
  const argv = ['clients', 'create', '--metadata', 'a.json', '--jwks', '-', '--name', 'b.json']
  expect(withFiles(argv, read)).toEqual([
    ...['clients', 'create', '--metadata', '{"from":"a.json"}', '--jwks', '{"from":"0"}', '--name', 'b.json'],
  ])
})

test('the text itself, and an option without a value, stay as they are', () => {
  const argv = ['clients', 'create', '--metadata', ' {"a":1}', '--jwks', '--refresh', '--metadata']
  expect(withFiles(argv, read)).toEqual(argv)
})

test('a file that cannot be read is told by the option that names it', () => {
  expect(() => withFiles(['clients', 'create', '--jwks', '/nowhere/jwks.json'])).toThrow(
    /^--jwks: .*\/nowhere\/jwks\.json/,
  )
})
