import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCommand } from '#src/commands.ts'
import { startWorld, type World } from '../world.ts'

let world: World
let folder: string
beforeAll(async () => {
  world = await startWorld()
  folder = await mkdtemp(join(tmpdir(), 'propusk-commands-'))
})
afterAll(async () => {
  await world.stop()
  await rm(folder, { recursive: true })
})

const run = (...argv: string[]) => runCommand(argv, { store: world.house.store, house: async () => world.house })

test('no command at all shows how it is used', async () => {
  const { output, exitCode } = await run()
  expect(output).toMatch(/^usage: /)
  expect(exitCode).toBe(2)
})

test('migrate has nothing to do on a database that is up to date', async () => {
  expect(await run('migrate')).toEqual({ output: 'The database is up to date.\n', exitCode: 0 })
})

test('as a process it works on the database, reads files, and says what is wrong with its environment', async () => {
  const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url))
  const node = promisify(execFile)
  const env = {
    PATH: process.env.PATH ?? '',
    MODE: 'sandbox',
    DATABASE_URL: world.databaseUrl!,
    KEY_ENCRYPTION_KEYS: world.keks,
  }
  const file = join(folder, 'client.json')
  const metadata = { client_id: 'from-file', client_name: 'Из файла', redirect_uris: ['https://rp.example/cb'] }
  writeFileSync(file, JSON.stringify(metadata))
  await node(process.execPath, [cli, 'clients', 'create', '--metadata', file], { env })
  const { stdout } = await node(process.execPath, [cli, 'clients', 'list'], { env })
  expect(stdout).toBe('from-file\tactive\tИз файла\thttps://rp.example/cb\n')
  const lacking = node(process.execPath, [cli, 'clients', 'create', '--metadata', join(folder, 'none')], { env })
  await expect(lacking).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('ENOENT') })
  const broken = node(process.execPath, [cli, 'clients', 'list'], { env: { ...env, PORT: 'none', LOG_LEVEL: 'loud' } })
  await expect(broken).rejects.toMatchObject({ code: 1, stderr: expect.stringMatching(/PORT: [\s\S]*LOG_LEVEL: /) })
  const wrongKey = node(process.execPath, [cli, 'clients', 'list'], {
    env: { ...env, KEY_ENCRYPTION_KEYS: `test:${Buffer.alloc(32).toString('base64')}` },
  })
  await expect(wrongKey).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('key-encryption key "test"'),
  })
}, 60_000)
