import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ownFolder } from '#src/store/sole-owner.ts'
import { openStore } from '#src/store/store.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'propusk-owner-'))
})
afterEach(() => rmSync(root, { recursive: true }))

test('an embedded database that is open is opened by nobody else: two writers would destroy it', async () => {
  const folder = join(root, 'db')
  const store = await openStore({ kind: 'pglite', folder }, () => {})
  expect(() => ownFolder(folder, 0)).toThrow(`another process works on ${folder}`)
  await store.close()
  ownFolder(folder, 0)()
})

test('a process that is killed holds nothing', async () => {
  const folder = join(root, 'db')
  const module = new URL('../../src/store/sole-owner.ts', import.meta.url).href
  const script = `import { ownFolder } from ${JSON.stringify(module)}
    globalThis.free = ownFolder(${JSON.stringify(folder)}); console.log('mine'); setInterval(() => {}, 1000)`
  const other = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(other, 'exit')
  try {
    await once(other.stdout, 'data')
    expect(() => ownFolder(folder, 0)).toThrow('another process works on')
  } finally {
    other.kill('SIGKILL')
    await ended
  }
  ownFolder(folder, 0)()
})
