import type { Announce, Bed } from './bed.ts'
import { measureCluster } from './cluster-bench.ts'
import { measureDatabase } from './database-bench.ts'
import { measureExistence } from './existence-bench.ts'
import { measureDiscovery, measureFlow } from './flow-benches.ts'
import { measureMemory, measureStart } from './footprint-benches.ts'
import { measureLeaked } from './leaked-bench.ts'
import { measureLogin } from './login-bench.ts'
import { measureMillion } from './million.ts'
import type { Figures, Measured } from './rounds.ts'

export interface Target {
  readonly text: string
  reached(figures: Figures): boolean
}

const atLeast = (least: number): Target => ({ text: `≥ ${least}`, reached: ({ ratio }) => ratio >= least })
const atMost = (most: number): Target => ({ text: `≤ ${most}`, reached: ({ ratio }) => ratio <= most })

/** What each bench aims at, in the order of the table. */
export const targets = {
  code_flow: {
    text: '≥ 0.6, CPU too',
    reached: ({ ratio, cpuRatio }) => ratio >= 0.6 && (cpuRatio ?? 0) >= 0.6,
  },
  sso_flow: atLeast(0.75),
  refresh: atLeast(0.6),
  client_credentials: atLeast(0.6),
  introspection: atLeast(0.8),
  login: atLeast(0.9),
  discovery: atLeast(0.6),
  statements: atMost(4),
  commits: atMost(1.5),
  existence: {
    text: '0.97–1.03 or 5 ms',
    reached: ({ ratio, differenceMs = 0 }) => (ratio >= 0.97 && ratio <= 1.03) || Math.abs(differenceMs) <= 5,
  },
  cluster: atMost(1.05),
  memory: { text: '≤ 400 MB', reached: ({ ratio }) => ratio <= 400 },
  start: { text: '≤ 2 s', reached: ({ ratio }) => ratio <= 2 },
  leaked: { text: '≤ 1 ms', reached: ({ ratio }) => ratio <= 1 },
  million: {
    text: '≤ 1.1, CPU ≥ 0.9',
    reached: ({ ratio, cpuRatio }) => ratio <= 1.1 && (cpuRatio ?? 0) >= 0.9,
  },
} as const satisfies Record<string, Target>

export type BenchName = keyof typeof targets

/** Takes a quarter of an hour by itself, so it runs only when named. */
export const ONLY_NAMED: BenchName = 'million'

export function isBenchName(name: string): name is BenchName {
  return Object.hasOwn(targets, name)
}

/** Measures what is named, each measurement once though it may answer for two names. */
export async function* measure(
  bed: Bed,
  names: readonly BenchName[],
  announce: Announce,
): AsyncGenerator<Partial<Record<BenchName, Measured>>> {
  const wanted = new Set(names)
  for (const flow of ['code_flow', 'sso_flow', 'refresh', 'client_credentials', 'introspection'] as const)
    if (wanted.has(flow)) yield { [flow]: await measureFlow(bed, flow) }
  if (wanted.has('login')) yield { login: await measureLogin(bed) }
  if (wanted.has('discovery')) yield { discovery: await measureDiscovery(bed) }
  if (wanted.has('statements') || wanted.has('commits')) {
    const both = await measureDatabase(bed)
    for (const name of ['statements', 'commits'] as const) if (wanted.has(name)) yield { [name]: both[name] }
  }
  if (wanted.has('existence')) yield { existence: await measureExistence(bed) }
  if (wanted.has('cluster')) yield { cluster: await measureCluster(bed) }
  if (wanted.has('memory')) yield { memory: await measureMemory(bed) }
  if (wanted.has('start')) yield { start: await measureStart(bed) }
  if (wanted.has('leaked')) yield { leaked: await measureLeaked() }
  if (wanted.has('million')) yield { million: await measureMillion(announce) }
}
