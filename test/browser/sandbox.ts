import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { vi } from 'vitest'

/** The sandbox as `npm start` starts it, on free ports and a folder of its own. */
export interface Sandbox {
  readonly provider: string
  /** The demo relying party, on the host of the provider. */
  readonly party: string
  /** The same on another host: for the browser another site. */
  readonly crossSiteParty: string
  readonly outbox: string
  /** The six digits of the newest message. @param after how many messages to this recipient came before */
  code(to: string, after?: number): Promise<string>
  /** How many messages have gone to a recipient. */
  sentTo(to: string): Promise<number>
  /** Runs a command as its operator would beside it. @returns its output. @throws Error with `stderr` when it fails */
  command(...argv: string[]): Promise<string>
  stop(): Promise<void>
}

interface Message {
  readonly text: string
}

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url))
const STARTING_MS = 45_000

/** @param env further variables of its environment; FOLDER in them stands for its folder */
export async function startSandbox(env: Readonly<Record<string, string>> = {}): Promise<Sandbox> {
  const folder = await mkdtemp(join(tmpdir(), 'propusk-sandbox-'))
  const [provider, party, outbox] = await freePorts(3)
  const environment = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    MODE: 'sandbox',
    SANDBOX_FOLDER: folder,
    PORT: String(provider),
    SANDBOX_RELYING_PARTY_PORT: String(party),
    SANDBOX_OUTBOX_PORT: String(outbox),
    LOG_LEVEL: 'silent',
    KEY_ENCRYPTION_KEYS: `test:${randomBytes(32).toString('base64')}`,
    // A person in a hurry: the flows ask for one code right after another.
    CODE_RESEND_SECONDS: '0',
    ...Object.fromEntries(Object.entries(env).map(([name, value]) => [name, value.replace('FOLDER', folder)])),
  }
  const child = spawn(process.execPath, ['src/main.ts'], {
    cwd: REPOSITORY,
    env: environment,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let complaints = ''
  child.stderr!.setEncoding('utf8').on('data', (chunk: string) => {
    complaints += chunk
  })
  const origins = {
    provider: `http://localhost:${provider}`,
    party: `http://localhost:${party}`,
    crossSiteParty: `http://127.0.0.1:${party}`,
    outbox: `http://localhost:${outbox}`,
  }
  const stop = async () => {
    await ended(child)
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await vi.waitFor(
      async () => {
        if (child.exitCode !== null) return
        for (const origin of Object.values(origins)) await fetch(`${origin}/health`)
      },
      { timeout: STARTING_MS, interval: 100 },
    )
    if (child.exitCode !== null) throw new Error(`the sandbox ended: ${complaints}`)
  } catch (fault) {
    await stop()
    throw fault
  }

  async function messages(to: string): Promise<Message[]> {
    const response = await fetch(`${origins.outbox}/api/messages?${new URLSearchParams({ to })}`)
    return (await response.json()) as Message[]
  }

  return {
    ...origins,
    async command(...argv) {
      const options = { cwd: REPOSITORY, env: environment }
      const { stdout } = await promisify(execFile)(process.execPath, ['src/cli.ts', ...argv], options)
      return stdout
    },
    sentTo: async (to) => (await messages(to)).length,
    code: (to, after = 0) =>
      vi.waitFor(
        async () => {
          const found = await messages(to)
          const digits = found.length > after ? /\b\d{6}\b/.exec(found[0]!.text)?.[0] : undefined
          if (digits === undefined) throw new Error(`no code for ${to}`)
          return digits
        },
        { timeout: 10_000, interval: 50 },
      ),
    stop,
  }
}

/** All taken at once, so that no port is given twice. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer()
      await new Promise<void>((done) => server.listen(0, done))
      return server
    }),
  )
  const ports = servers.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))))
  return ports
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const exit = new Promise((done) => child.once('exit', done))
  child.kill('SIGTERM')
  await exit
}
