import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { median, percentile, ratioOfPairs, shuffled } from './arithmetic.ts'
import { type Bed, openSite } from './bed.ts'
import { codeFlow } from './flows.ts'
import { closedLoop, type Measured, type Round } from './rounds.ts'

const CONCURRENCY = 32
const BLOCKS = 3
const WARM_UP_MS = 4_000
const LOAD_MS = 3_000
/** An idle backend tells its statistics at most 10 s after its last transaction (PGSTAT_IDLE_INTERVAL). */
const SETTLE_MS = 10_500
/** Statements rarer than that are not listed. */
const LISTED_PER_FLOW = 0.02

/** What the database has done so far. */
interface Counters {
  readonly statements: number
  readonly commits: number
  /** Calls by text. */
  readonly calls: ReadonlyMap<string, number>
}

interface Window {
  readonly statements: number
  readonly commits: number
  readonly calls: ReadonlyMap<string, number>
  readonly round: Round | undefined
}

/**
 * Statements and commits of one code flow at concurrency 32, BEGIN and COMMIT counted. A window is some load, or none, and the wait
 * until every backend has told its statistics; what an idle window counts (job queue, upkeep) is subtracted.
 */
export async function measureDatabase(bed: Bed): Promise<Record<'statements' | 'commits', Measured>> {
  const site = openSite(bed, await bed.startOurs({ hashes: false }), CONCURRENCY)
  const database = await openCounters(bed.databaseUrl)
  const load = (ms: number) =>
    closedLoop(CONCURRENCY, ms, () => codeFlow(site.visitor(), bed.client, bed.nextResident()))

  async function window(loaded: boolean): Promise<Window> {
    const before = await database.read()
    const round = loaded ? await load(LOAD_MS) : undefined
    if (!loaded) await pause(LOAD_MS)
    await pause(SETTLE_MS)
    const after = await database.read()
    return {
      statements: after.statements - before.statements,
      commits: after.commits - before.commits,
      calls: new Map([...after.calls].map(([text, calls]) => [text, calls - (before.calls.get(text) ?? 0)])),
      round,
    }
  }

  try {
    await load(WARM_UP_MS)
    await pause(SETTLE_MS)
    const blocks: Record<'idle' | 'ours' | 'again', Window>[] = []
    for (let n = 0; n < BLOCKS; n++) {
      const block: Partial<Record<'idle' | 'ours' | 'again', Window>> = {}
      for (const name of shuffled(['idle', 'ours', 'again'] as const)) block[name] = await window(name !== 'idle')
      blocks.push(block as Required<typeof block>)
    }
    const loads = blocks.flatMap(({ ours, again }) => [ours, again])
    const latencies = loads.flatMap(({ round }) => round!.latencies)
    const figure = (name: 'statements' | 'commits', notes: readonly string[]): Measured => {
      const perFlow = (loaded: Window, idle: Window) => (loaded[name] - idle[name]) / loaded.round!.ops
      const idle = median(blocks.map((block) => block.idle[name]))
      return {
        ratio: median(blocks.flatMap((block) => [perFlow(block.ours, block.idle), perFlow(block.again, block.idle)])),
        cpuRatio: null,
        ops: median(loads.map(({ round }) => round!.opsPerSecond)),
        p50: percentile(latencies, 50),
        p99: percentile(latencies, 99),
        control: ratioOfPairs(
          blocks.map((block) => [perFlow(block.again, block.idle), perFlow(block.ours, block.idle)]),
        ),
        controlCpu: null,
        notes: [`${idle} ${name} in an idle window of ${(LOAD_MS + SETTLE_MS) / 1000} s, subtracted`, ...notes],
      }
    }
    return { statements: figure('statements', listed(blocks)), commits: figure('commits', []) }
  } finally {
    await database.close()
    await site.close()
  }
}

/** Calls per flow by statement, the most frequent first; those of an idle server are subtracted here, too. */
function listed(blocks: readonly Record<'idle' | 'ours' | 'again', Window>[]): string[] {
  const perFlow = new Map<string, number>()
  const flows = blocks.reduce((sum, { ours, again }) => sum + ours.round!.ops + again.round!.ops, 0)
  const add = (window: Window, times: number) => {
    for (const [text, calls] of window.calls) perFlow.set(text, (perFlow.get(text) ?? 0) + (times * calls) / flows)
  }
  for (const { idle, ours, again } of blocks) {
    add(ours, 1)
    add(again, 1)
    add(idle, -2)
  }
  return [...perFlow]
    .filter(([, calls]) => calls >= LISTED_PER_FLOW)
    .sort(([, a], [, b]) => b - a)
    .map(([text, calls]) => `${calls.toFixed(2)} per flow: ${text.replace(/\s+/g, ' ').slice(0, 160)}`)
}

/** Counts from another database of the same server, so that counting is not counted. */
async function openCounters(databaseUrl: string) {
  const url = new URL(databaseUrl)
  const name = url.pathname.slice(1)
  url.pathname = '/postgres'
  const client = new pg.Client({ connectionString: url.href })
  await client.connect()
  await client.query('create extension if not exists pg_stat_statements')
  return {
    async read(): Promise<Counters> {
      const statements = await client.query<{ query: string; calls: string }>(
        `select query, sum(calls) as calls from pg_stat_statements s join pg_database d on d.oid = s.dbid
          where d.datname = $1 group by query`,
        [name],
      )
      const { rows } = await client.query<{ xact_commit: string }>(
        'select xact_commit from pg_stat_database where datname = $1',
        [name],
      )
      const calls = new Map(statements.rows.map((row) => [row.query, Number(row.calls)]))
      return {
        statements: [...calls.values()].reduce((sum, count) => sum + count, 0),
        commits: Number(rows[0]!.xact_commit),
        calls,
      }
    },
    close: () => client.end(),
  }
}
