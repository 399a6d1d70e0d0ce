import { hash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { importLeaked } from '#src/factors/password/leaked/importing.ts'
import { makeLeakedPasswords } from '#src/factors/password/leaked/leaked-passwords.ts'
import { percentile } from './arithmetic.ts'
import type { Measured } from './rounds.ts'

const LISTED = 10_000_000
/** So many of them are passwords that are looked up, so that hits are measured as well as misses. */
const KNOWN = 20_000
const LINES_AT_ONCE = 20_000
const SPAN = 2n ** 64n / BigInt(LISTED)

const knownPassword = (n: number) => `known password ${n}`
const sha1 = (text: string) => hash('sha1', text, 'hex').toUpperCase()

/** Ten million hashes as evenly as SHA-1 spreads them, in their order, with those of the known passwords among them. */
function* sortedList(): Generator<string> {
  const known = Array.from({ length: KNOWN }, (_, n) => sha1(knownPassword(n))).sort()
  let next = 0
  let lines: string[] = []
  for (let n = 0n; n < LISTED; n++) {
    const start = n * SPAN + BigInt(Math.floor(Math.random() * Number(SPAN)))
    const made = start.toString(16).toUpperCase().padStart(16, '0').padEnd(40, '0')
    while (next < KNOWN && known[next]! < made) lines.push(`${known[next++]}:1\n`)
    lines.push(`${made}:1\n`)
    if (lines.length < LINES_AT_ONCE) continue
    yield lines.join('')
    lines = []
  }
  yield lines.join('')
}

/** Milliseconds of one look-up in a list of ten million, hash and read together: half of them are in it. */
export async function measureLeaked(): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), 'propusk-leaked-bench-'))
  try {
    const source = join(folder, 'sorted.txt')
    await pipeline(Readable.from(sortedList()), createWriteStream(source))
    const begun = performance.now()
    const { entries } = await importLeaked(source, folder, () => {})
    const importSeconds = (performance.now() - begun) / 1000
    const { size } = await stat(join(folder, 'leaked.bin'))

    const before = process.memoryUsage().rss
    const leaked = makeLeakedPasswords(folder, (fault) => {
      throw fault
    })
    const times: number[] = []
    const found = { known: 0, other: 0 }
    for (let n = 0; n < KNOWN; n++)
      for (const kind of ['known', 'other'] as const) {
        const password = kind === 'known' ? knownPassword(n) : `other password ${n}`
        const at = performance.now()
        const has = leaked.has(password)
        times.push(performance.now() - at)
        if (has) found[kind]++
      }
    if (found.known !== KNOWN) throw new Error(`${KNOWN - found.known} passwords of the list were not found in it`)
    const grownMb = (process.memoryUsage().rss - before) / 1e6
    return {
      ratio: percentile(times, 99),
      cpuRatio: null,
      control: 1,
      controlCpu: null,
      ops: 1000 / (times.reduce((sum, time) => sum + time, 0) / times.length),
      p50: percentile(times, 50),
      p99: percentile(times, 99),
      notes: [
        `${entries} entries, ${(size / 1e6).toFixed(0)} MB, imported in ${importSeconds.toFixed(0)} s`,
        `${found.other} of ${KNOWN} other passwords taken for leaked; the process grew by ${grownMb.toFixed(1)} MB`,
      ],
    }
  } finally {
    await rm(folder, { recursive: true })
  }
}
