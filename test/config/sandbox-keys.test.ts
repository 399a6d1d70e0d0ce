import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sandboxKeyEncryptionKeys } from '#src/config/sandbox-keys.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'propusk-keys-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const revealed = (keys = sandboxKeyEncryptionKeys(folder)) => keys.map(({ id, key }) => `${id}:${key.reveal()}`)

test('the key is made once, for its owner only', () => {
  const made = revealed()
  expect(revealed()).toEqual(made)
  expect(Buffer.from(made[0]!.split(':')[1]!, 'base64')).toHaveLength(32)
  expect(statSync(join(folder, 'kek.json')).mode & 0o777).toBe(0o600)
  expect(readdirSync(folder)).toEqual(['kek.json'])
})

test('processes that start at once agree on one key', async () => {
  const program = join(folder, 'start.ts')
  const module = JSON.stringify(new URL('../../src/config/sandbox-keys.ts', import.meta.url).href)
  writeFileSync(
    program,
    `import { sandboxKeyEncryptionKeys } from ${module}
process.send!(sandboxKeyEncryptionKeys(${JSON.stringify(folder)})[0]!.key.reveal())
process.disconnect()`,
  )
  const processes = Array.from({ length: 3 }, () => fork(program, { execArgv: [] }))
  const answers = await Promise.all(processes.map(async (process) => (await once(process, 'message'))[0]))
  expect(new Set(answers).size).toBe(1)
})

test.each(['', '{}', '{"keys":[]}', '{"keys":[{"id":"a","key":"dG9vIHNob3J0"}]}'])(
  'a file with %j is named, not quoted',
  (text) => {
    const file = join(folder, 'kek.json')
    writeFileSync(file, text)
    expect(() => sandboxKeyEncryptionKeys(folder)).toThrow(/kek\.json holds no key-encryption keys; restore it/)
    expect(readFileSync(file, 'utf8')).toBe(text)
  },
)
