import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterAll, expect, test, vi } from 'vitest'
import { startPostgres } from './postgres.ts'

const parent = await mkdtemp(join(tmpdir(), 'propusk-data-'))
// Where we are root, the server is somebody else.
await chmod(parent, 0o755)

afterAll(() => rm(parent, { recursive: true, force: true }))

async function query(url: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(statement)).rows
  } finally {
    await client.end()
  }
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

test('a run that is killed leaves neither server nor files', async () => {
  const postgres = new URL('./postgres.ts', import.meta.url).href
  const script = `const { startPostgres } = await import(${JSON.stringify(postgres)})
    const { url } = await startPostgres({ inMemory: true })
    console.log(url)
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: dirname(fileURLToPath(import.meta.url)),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [url] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  const asked = "select current_setting('unix_socket_directories') as folder, current_setting('data_directory') as data"
  const [{ folder, data }] = (await query(url, asked)) as [{ folder: string; data: string }]
  child.kill('SIGKILL')
  await vi.waitFor(async () => {
    expect(await answers(Number(new URL(url).port))).toBe(false)
    for (const gone of [folder, dirname(data)]) await expect(readdir(gone)).rejects.toThrow('ENOENT')
  }, 10_000)
})

test('data in a folder of the caller outlive the server; two servers never share it', async () => {
  const dataDir = join(parent, 'data')
  const first = await startPostgres({ dataDir })
  await query(first.url, 'create table kept ()')
  await expect(startPostgres({ dataDir })).rejects.toThrow('lock file "postmaster.pid" already exists')
  await first.stop()

  const second = await startPostgres({ dataDir, flags: ['-c', 'work_mem=7MB'] })
  expect(
    await query(second.url, "select to_regclass('kept')::text as kept, current_setting('work_mem') as memory"),
  ).toEqual([{ kept: 'kept', memory: '7MB' }])
  await second.stop()
})
