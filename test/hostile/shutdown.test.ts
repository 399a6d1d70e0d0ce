import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ConfigError, loadConfig } from '#src/config/load.ts'
import { exchange } from './raw-http.ts'

const run = promisify(execFile)
const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url))
const START_MS = 40_000

interface Started {
  readonly process: ChildProcess
  /** What it has written so far, standard error after standard output. */
  output(): string
  ended: Promise<number>
}

let folder: string
let environment: Record<string, string>
let provider: string
let demo: string
let outbox: string
const running: ChildProcess[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'propusk-smoke-'))
  const [port, demoPort, outboxPort] = await freePorts(3)
  provider = `http://localhost:${port}`
  demo = `http://localhost:${demoPort}`
  outbox = `http://localhost:${outboxPort}`
  environment = {
    PATH: process.env.PATH ?? '',
    PORT: String(port),
    SANDBOX_RELYING_PARTY_PORT: String(demoPort),
    SANDBOX_OUTBOX_PORT: String(outboxPort),
    SANDBOX_FOLDER: join(folder, 'sandbox'),
    KEY_ENCRYPTION_KEYS: `smoke:${Buffer.alloc(32, 7).toString('base64')}`,
    MODE: 'sandbox',
    DRAIN_SECONDS: '10',
  }
})
afterAll(async () => {
  for (const child of running) child.kill('SIGKILL')
  await rm(folder, { recursive: true, force: true })
})

describe('node src/main.ts', () => {
  test(
    'starts a sandbox, takes commands, lets a request finish, and starts again on the same folder',
    async () => {
      const first = start(environment)
      await ready(first)
      await everythingAnswers()
      await commandsWork()
      const intruder = start({ ...environment, PORT: '1', SANDBOX_RELYING_PARTY_PORT: '2', SANDBOX_OUTBOX_PORT: '4' })
      expect(await intruder.ended).toBe(1)
      expect(intruder.output()).toContain('a sandbox already runs on')
      await drains(first)
      expect(await first.ended).toBe(0)

      const second = start(environment)
      await ready(second)
      const { stdout } = await cli('clients', 'list')
      expect(stdout).toContain('smoke-rp')
      second.process.kill('SIGTERM')
      expect(await second.ended).toBe(0)
    },
    2 * START_MS,
  )

  test('refuses production without its keys, names everything that is missing at once, and ends with 1', async () => {
    const production = { PATH: environment.PATH!, MODE: 'production', ISSUER: 'http://id.example.org', PORT: 'many' }
    const refused = start(production)
    expect(await refused.ended).toBe(1)
    let faults: readonly string[] = []
    try {
      loadConfig(production)
    } catch (fault) {
      faults = (fault as ConfigError).faults
    }
    expect(
      faults.filter((fault) => /^(DATABASE_URL|ISSUER|KEY_ENCRYPTION_KEYS|SMTP_URL|PORT):/.test(fault)),
    ).toHaveLength(5)
    expect(refused.output().split('\n')).toEqual(expect.arrayContaining([...faults]))
  })
})

function start(env: Record<string, string>): Started {
  const child = spawn(process.execPath, ['src/main.ts'], { cwd: REPOSITORY, env, stdio: ['ignore', 'pipe', 'pipe'] })
  running.push(child)
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  child.stderr.on('data', (chunk) => {
    err += chunk
  })
  return { process: child, output: () => out + err, ended: once(child, 'exit').then(([code]) => code as number) }
}

/** Waits until the process serves. @throws Error with its output when it does not */
async function ready({ process: child, output }: Started): Promise<void> {
  const until = Date.now() + START_MS
  for (;;) {
    const answer = await exchange(outbox, { target: '/ready' }).catch(() => undefined)
    if (answer?.status === 200) return
    if (child.exitCode !== null || Date.now() > until) throw new Error(`did not start:\n${output()}`)
    await pause(100)
  }
}

async function everythingAnswers(): Promise<void> {
  for (const [origin, target] of [
    [provider, '/health'],
    [provider, '/ready'],
    [provider, '/registration'],
    [provider, '/.well-known/openid-configuration'],
    [provider, '/oauth2/jwks'],
    [demo, '/'],
    [outbox, '/'],
    [outbox, '/api/messages'],
  ] as const)
    expect((await exchange(origin, { target })).status, `${origin}${target}`).toBe(200)
  const { body } = await exchange(provider, { target: '/.well-known/openid-configuration' })
  expect(JSON.parse(body).issuer).toBe(provider)
}

function cli(...argv: string[]): Promise<{ stdout: string }> {
  return run(process.execPath, ['src/cli.ts', ...argv], { cwd: REPOSITORY, env: environment })
}

/** The sandbox's database has room for one process: commands reach it through the running one. */
async function commandsWork(): Promise<void> {
  expect((await cli('clients', 'list')).stdout).toMatch(/^demo\tactive\t/m)
  const created = await cli(
    'clients',
    'create',
    '--id',
    'smoke-rp',
    '--name',
    'Проба',
    '--redirect-uri',
    'https://rp.example/cb',
  )
  expect(created.stdout).toMatch(/client_secret +\S{43}/)
}

/** A form whose body is still on its way when the process is told to stop is answered; nobody new is let in. */
async function drains({ process: child, output }: Started): Promise<void> {
  const { port } = new URL(provider)
  const body = 'csrf=none'
  const socket = connect(Number(port), 'localhost')
  let answer = ''
  socket.on('data', (chunk) => {
    answer += chunk
  })
  const closed = once(socket, 'close')
  socket.write(
    `POST /registration HTTP/1.1\r\nHost: localhost:${port}\r\nContent-Type: application/x-www-form-urlencoded\r\n` +
      `Content-Length: ${body.length}\r\n\r\n${body.slice(0, 4)}`,
  )
  await pause(300)
  child.kill('SIGTERM')
  await expect.poll(output, { timeout: 5_000 }).toContain('draining')
  await pause(300)
  await expect(exchange(provider, { target: '/health' })).rejects.toThrow()
  expect(child.exitCode).toBeNull()
  socket.write(body.slice(4))
  await closed
  expect(answer).toMatch(/^HTTP\/1\.1 403 /)
  expect(answer).toMatch(/^Connection: close\r$/m)
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1')
      await once(server, 'listening')
      return server
    }),
  )
  const ports = servers.map((server) => (server.address() as { port: number }).port)
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))))
  return ports
}
