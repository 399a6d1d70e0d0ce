import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createDatabase } from '#test/setup/database.ts'
import { exchange } from './raw-http.ts'

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url))
const START_MS = 40_000

interface Line {
  readonly msg: string
  readonly pid?: number
}

let database: Awaited<ReturnType<typeof createDatabase>>
let environment: Record<string, string>
let origin: string
const running: ChildProcess[] = []

beforeAll(async () => {
  database = await createDatabase()
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as { port: number }
  await new Promise((done) => probe.close(done))
  origin = `http://127.0.0.1:${port}`
  environment = {
    PATH: process.env.PATH ?? '',
    MODE: 'production',
    ISSUER: 'https://id.example.org',
    HOST: '127.0.0.1',
    PORT: String(port),
    WORKERS: '2',
    DATABASE_URL: database.url,
    KEY_ENCRYPTION_KEYS: `workers:${randomBytes(32).toString('base64')}`,
    SMS_GATEWAY_URL: 'https://sms.example.org/messages',
    SMS_GATEWAY_TOKEN: 'never-used',
    SMTP_URL: 'smtps://mail.example.org',
    MAIL_FROM: 'Propusk <no-reply@example.org>',
  }
})
afterAll(async () => {
  for (const child of running) child.kill('SIGKILL')
  await database.drop()
})

describe('with WORKERS', () => {
  test(
    'the port is served by several processes, one that is killed is replaced, and all drain at once',
    async () => {
      const { child, lines } = start(environment)
      await vi.waitFor(() => expect(named(lines(), 'ready')).toHaveLength(2), START_MS)
      const pids = named(lines(), 'worker started').map(({ pid }) => pid!)
      expect(new Set([...pids, child.pid]).size).toBe(3)

      process.kill(pids[0]!, 'SIGKILL')
      await vi.waitFor(() => expect(named(lines(), 'ready')).toHaveLength(3), START_MS)
      for (let n = 0; n < 6; n++) expect((await exchange(origin, { target: '/ready' })).status).toBe(200)

      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      expect(await ended).toEqual([0, null])
      expect(named(lines(), 'worker ended')).toHaveLength(1)
    },
    3 * START_MS,
  )

  test(
    'a worker that cannot start ends the whole service with 1',
    async () => {
      const { child } = start({ ...environment, DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nowhere' })
      expect(await once(child, 'exit')).toEqual([1, null])
    },
    START_MS,
  )

  test(
    'the sandbox refuses them',
    async () => {
      const { child, errors } = start({ PATH: environment.PATH!, WORKERS: '2' })
      expect(await once(child, 'exit')).toEqual([1, null])
      expect(errors()).toContain('WORKERS: must be 1 in the sandbox')
    },
    START_MS,
  )
})

const named = (lines: readonly Line[], msg: string) => lines.filter((line) => line.msg === msg)

function start(env: Record<string, string>) {
  const child = spawn(process.execPath, ['src/main.ts'], { cwd: REPOSITORY, env, stdio: ['ignore', 'pipe', 'pipe'] })
  running.push(child)
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  child.stderr.on('data', (chunk) => {
    err += chunk
  })
  const lines = (): Line[] =>
    out
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line))
  return { child, lines, errors: () => err }
}
