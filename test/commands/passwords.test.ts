import { execFile } from 'node:child_process'
import { hash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runLocalCommand } from '#src/commands.ts'
import { makeLeakedPasswords } from '#src/factors/password/leaked/leaked-passwords.ts'

let folder: string
let source: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'propusk-leaked-'))
  source = join(folder, 'sorted.txt')
  await writeFile(source, `${hash('sha1', 'password', 'hex').toUpperCase()}:9\r\n`)
})
afterAll(() => rm(folder, { recursive: true }))

const shown: string[] = []
const run = (...argv: string[]) =>
  runLocalCommand(argv, { leakedPasswordsFolder: join(folder, 'list'), showProgress: (line) => void shown.push(line) })

test('a list is imported with a bar that grows, and checked', async () => {
  expect(await run('passwords', 'check')).toMatchObject({ exitCode: 1, output: expect.stringContaining('ENOENT') })
  expect(await run('passwords', 'import', source)).toEqual({
    exitCode: 0,
    output: 'Passwords in the list: 1. Processes use it from now on.\n',
  })
  expect(shown.at(-1)).toMatch(/^\[#{30}\] 100 %/)
  expect(await run('passwords', 'check')).toMatchObject({
    exitCode: 0,
    output: expect.stringMatching(/sound. Passwords: 1/),
  })
})

test.each([
  [['passwords']],
  [['passwords', 'constructor']],
  [['passwords', 'import']],
  [['passwords', 'import', 'a', 'b']],
  [['passwords', 'import', 'a', '--fast']],
])('%j is told how it is used', async (argv) => {
  expect(await run(...(argv as string[]))).toMatchObject({ exitCode: 2 })
})

test('another noun is left to others', async () => {
  expect((await run('clients', 'list')) ?? 'not here').toBe('not here')
})

test('as a process it needs the folder, and no database', async () => {
  const node = promisify(execFile)
  const env = { PATH: process.env.PATH ?? '', DATABASE_URL: '', MODE: 'sandbox', SANDBOX_FOLDER: join(folder, 'none') }
  const argv = ['src/cli.ts', 'passwords', 'import', source]
  await expect(node(process.execPath, argv, { env })).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining('LEAKED_PASSWORDS_FOLDER'),
  })
  const list = join(folder, 'by-process')
  const { stdout } = await node(process.execPath, argv, { env: { ...env, LEAKED_PASSWORDS_FOLDER: list } })
  expect(stdout).toContain('Passwords in the list: 1.')
  const leaked = makeLeakedPasswords(list, () => {})
  expect([leaked.has('password'), leaked.has('passwort')]).toEqual([true, false])
})
