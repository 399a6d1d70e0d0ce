import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { median, percentile } from './arithmetic.ts'
import { type Bed, openSite } from './bed.ts'
import { nodeFlags } from './child.ts'
import { environmentOf } from './environment.ts'
import { codeFlow } from './flows.ts'
import { closedLoop, type Measured } from './rounds.ts'

const CONCURRENCY = 32
const LOAD_MS = 20_000
const SAMPLE_MS = 250
const STARTS = 5

const alone = { cpuRatio: null, control: 1, controlCpu: null }

/** The most memory that one process holds while 32 code flows are always under way, in MB. */
export async function measureMemory(bed: Bed): Promise<Measured> {
  const site = openSite(bed, await bed.startOurs({ hashes: false }), CONCURRENCY)
  try {
    const before = await site.child.rssMb()
    let [most, loaded] = [before, true]
    const watch = (async () => {
      while (loaded) {
        most = Math.max(most, await site.child.rssMb())
        await pause(SAMPLE_MS)
      }
    })()
    const round = await closedLoop(CONCURRENCY, LOAD_MS, () =>
      codeFlow(site.visitor(), bed.client, bed.nextResident()),
    ).finally(() => {
      loaded = false
    })
    await watch
    return {
      ...alone,
      ratio: most,
      ops: round.opsPerSecond,
      p50: percentile(round.latencies, 50),
      p99: percentile(round.latencies, 99),
      notes: [`${before.toFixed(0)} MB before the load, ${LOAD_MS / 1000} s of it`],
    }
  } finally {
    await site.close()
  }
}

/** Seconds from `node src/main.ts` in production to its first answer, on a database that has its schema and keys. */
export async function measureStart(bed: Bed): Promise<Measured> {
  const seconds: number[] = []
  for (let n = 0; n < STARTS; n++) seconds.push(await secondsToAnswer(bed))
  const ms = seconds.map((value) => value * 1000)
  return {
    ...alone,
    ratio: median(seconds),
    ops: null,
    p50: percentile(ms, 50),
    p99: percentile(ms, 99),
    notes: [`${STARTS} starts, ${seconds.map((value) => value.toFixed(2)).join(' ')} s`],
  }
}

async function secondsToAnswer({ databaseUrl, keyEncryptionKeys }: Bed): Promise<number> {
  const port = await freePort()
  const begun = performance.now()
  const child = spawn(process.execPath, [...nodeFlags, fileURLToPath(new URL('../src/main.ts', import.meta.url))], {
    env: { PATH: process.env.PATH, PORT: String(port), ...environmentOf({ databaseUrl, keyEncryptionKeys }) },
    stdio: 'ignore',
  })
  try {
    for (;;) {
      if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode} instead of starting`)
      const answer = await fetch(`http://127.0.0.1:${port}/.well-known/openid-configuration`).catch(() => undefined)
      if (answer?.ok) return (performance.now() - begun) / 1000
      await pause(5)
    }
  } finally {
    if (child.exitCode === null) {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
    }
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as { port: number }
  await new Promise((done) => probe.close(done))
  return port
}
