import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Pool } from 'undici'
import { startPostgres } from '#test/setup/postgres.ts'
import { copyTemplate, createTemplate } from '#test/setup/template.ts'
import type { BareOptions, BareReady } from './bare.ts'
import { type Child, type Ready, startChild } from './child.ts'
import type { OursOptions, OursReady } from './ours.ts'
import { type Resident, settle } from './people.ts'
import { type ClientTerms, makeClient } from './terms.ts'
import { type Requester, Visitor } from './visitor.ts'

/** Where benches are run: a database with residents, and the ways to start a side on it. */
export interface Bed {
  readonly client: ClientTerms
  readonly databaseUrl: string
  readonly keyEncryptionKeys: string
  readonly residents: readonly Resident[]
  /** Residents in turn, so that a sign-in finds nothing of the last one in a cache. */
  nextResident(): Resident
  /** An address of a network that nobody else came from lately: throttling by network stays on and out of the way. */
  nextAddress(): string
  startOurs(options: Pick<OursOptions, 'hashes' | 'proofCost'>): Promise<Child<OursReady>>
  startBare(keys: OursReady['keys']): Promise<Child<BareReady>>
  /** Starts a child that needs nothing of the bed. */
  start(file: URL): Promise<Child>
  stop(): Promise<void>
}

/** A child that listens, with keep-alive connections to it. */
export interface Site {
  readonly child: Child
  visitor(): Visitor
  close(): Promise<void>
}

/** Durable as in production: the test server's shortcuts are taken back. */
export const DURABLE = ['fsync=on', 'full_page_writes=on', 'synchronous_commit=on'].flatMap((setting) => [
  '-c',
  setting,
])

/** Told of each side as it starts, so that a reader sees what was compared. */
export type Announce = (line: string) => void

/** PostgreSQL from npm with durable commits, and `count` residents. */
export async function startBed(count: number, announce: Announce): Promise<Bed> {
  // As one would on one machine: the kernel's work for TCP over loopback would count as the server's own.
  const sockets = await mkdtemp(join(tmpdir(), 'propusk-sockets-'))
  await chmod(sockets, 0o777)
  const postgres = await startPostgres({ flags: [...DURABLE, '-c', `unix_socket_directories=${sockets}`] })
  try {
    await createTemplate(postgres.url)
    const { url } = await copyTemplate(postgres.url)
    const bed = await openBed(`${url}?host=${sockets}`, count, announce)
    return {
      ...bed,
      async stop() {
        await bed.stop()
        await postgres.stop()
        await rm(sockets, { recursive: true, force: true })
      },
    }
  } catch (error) {
    await postgres.stop()
    throw error
  }
}

/** A bed on a migrated and empty database. @param settlers who the residents are */
export async function openBed(
  databaseUrl: string,
  count: number,
  announce: Announce,
  settlers: typeof settle = settle,
): Promise<Bed> {
  const client = makeClient()
  const kek = { id: 'bench', key: randomBytes(32).toString('base64') }
  const keyEncryptionKeys = `${kek.id}:${kek.key}`
  const residents = await settlers({ databaseUrl, kek, client, count })
  const children = new Set<Child>()
  let visits = 0
  let turns = 0

  async function start<R extends Ready>(file: URL, options: unknown): Promise<Child<R>> {
    const child = await startChild<R>(file, options)
    children.add(child)
    announce(`${child.name}: ${JSON.stringify(child.ready.configuration)}`)
    return child
  }

  return {
    client,
    databaseUrl,
    keyEncryptionKeys,
    residents,
    nextResident: () => residents[turns++ % residents.length]!,
    nextAddress() {
      const n = ++visits
      return `10.${(n >> 8) & 255}.${n & 255}.7`
    },
    startOurs: (chosen) => {
      const options: OursOptions = { databaseUrl, keyEncryptionKeys, ...chosen }
      return start<OursReady>(new URL('./ours.ts', import.meta.url), options)
    },
    startBare: (keys) =>
      start<BareReady>(new URL('./bare.ts', import.meta.url), { client, keys, residents } satisfies BareOptions),
    start: (file) => start(file, {}),
    async stop() {
      for (const child of children) await child.stop()
    },
  }
}

function poolOf({ ready }: Child, connections: number): Pool {
  return new Pool(`http://127.0.0.1:${ready.port}`, { connections, pipelining: 1, keepAliveTimeout: 60_000 })
}

/** Opens connections to a child, each visitor coming from a network of its own. */
export function openSite(bed: Bed, child: Child, connections: number): Site {
  const pool = poolOf(child, connections)
  return {
    child,
    visitor: () => new Visitor(pool, bed.nextAddress()),
    async close() {
      await pool.close()
      await child.stop()
    },
  }
}

/** Several children behind a balancer that sends each request to the next one, whoever it comes from. */
export function openBalanced(bed: Bed, children: readonly [Child, ...Child[]], connections: number): Site {
  const pools = children.map((child) => poolOf(child, connections))
  let turns = 0
  const balancer: Requester = { request: (options) => pools[turns++ % pools.length]!.request(options) }
  const sum = async (figure: (child: Child) => Promise<number>) =>
    (await Promise.all(children.map(figure))).reduce((total, one) => total + one, 0)
  return {
    child: { ...children[0], cpuMs: () => sum((child) => child.cpuMs()), rssMb: () => sum((child) => child.rssMb()) },
    visitor: () => new Visitor(balancer, bed.nextAddress()),
    async close() {
      await Promise.all(pools.map((pool) => pool.close()))
      await Promise.all(children.map((child) => child.stop()))
    },
  }
}
