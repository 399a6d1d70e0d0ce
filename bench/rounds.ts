import { setTimeout as pause } from 'node:timers/promises'
import { median, percentile, ratioOfPairs, shuffled } from './arithmetic.ts'
import type { Child } from './child.ts'

/** What one short round of load came to. */
export interface Round {
  readonly ops: number
  readonly opsPerSecond: number
  /** Of each operation, in ms. */
  readonly latencies: readonly number[]
}

/** One thing that is measured: its load, and the process whose CPU counts. */
export interface Side {
  readonly child: Child
  /** What a round of `ms` uses up, made before its clock and its CPU run. */
  prepare?(ms: number): Promise<void>
  /** @param ms how long the round goes on starting operations */
  round(ms: number): Promise<Round>
}

export interface Schedule {
  readonly blocks: number
  readonly roundMs: number
  readonly warmUpMs: number
}

/** A full run: enough rounds for a median, short enough that both sides see the same weather. */
export const FULL: Schedule = { blocks: 9, roundMs: 1_500, warmUpMs: 4_000 }

/** What `bench/result.json` keeps of a bench; null where there is nothing to measure. */
export interface Figures {
  /** Ours ÷ the other side by operations per second, or the figure itself where the design's table has one. */
  readonly ratio: number
  /** The other side's Node CPU per operation ÷ ours. */
  readonly cpuRatio: number | null
  /** Operations per second, ours. */
  readonly ops: number | null
  /** Milliseconds, ours. */
  readonly p50: number | null
  readonly p99: number | null
  /** Only where two kinds of one side are compared: the difference of their medians, in ms. */
  readonly differenceMs?: number
}

/** A bench's figures, and how far the same measurement of one side against itself strays from 1. */
export interface Measured extends Figures {
  readonly control: number
  readonly controlCpu: number | null
  /** Printed below the table. */
  readonly notes: readonly string[]
}

interface Taken extends Round {
  readonly cpuPerOp: number
}

/**
 * Measures both sides in blocks of three rounds (ours, the other, ours again) in random order. Each ratio is the median over the
 * blocks of the ratio within a block; ours against ours again is the control.
 */
export async function compare(ours: Side, other: Side, schedule: Schedule): Promise<Measured> {
  for (const side of [ours, other]) await take(side, schedule.warmUpMs)
  const blocks: Record<'ours' | 'other' | 'again', Taken>[] = []
  for (let n = 0; n < schedule.blocks; n++) {
    const block: Partial<Record<'ours' | 'other' | 'again', Taken>> = {}
    for (const name of shuffled(['ours', 'other', 'again'] as const))
      block[name] = await take(name === 'other' ? other : ours, schedule.roundMs)
    blocks.push(block as Required<typeof block>)
  }
  const latencies = blocks.flatMap((block) => block.ours.latencies)
  const speed = (block: (typeof blocks)[number], name: keyof typeof block) => block[name].opsPerSecond
  const otherOps = median(blocks.map((block) => speed(block, 'other')))
  const cpu = (name: 'ours' | 'other') => median(blocks.map((block) => block[name].cpuPerOp))
  return {
    ratio: ratioOfPairs(blocks.map((block) => [speed(block, 'ours'), speed(block, 'other')])),
    cpuRatio: ratioOfPairs(blocks.map(({ ours, other }) => [other.cpuPerOp, ours.cpuPerOp])),
    ops: median(blocks.map((block) => speed(block, 'ours'))),
    p50: percentile(latencies, 50),
    p99: percentile(latencies, 99),
    control: ratioOfPairs(blocks.map((block) => [speed(block, 'again'), speed(block, 'ours')])),
    controlCpu: ratioOfPairs(blocks.map(({ ours, again }) => [again.cpuPerOp, ours.cpuPerOp])),
    notes: [
      `other side ${otherOps.toFixed(0)} ops/s; Node CPU per operation: ours ${cpu('ours').toFixed(2)} ms, other ${cpu('other').toFixed(2)} ms`,
    ],
  }
}

const BETWEEN_ROUNDS_MS = 100

async function take(side: Side, ms: number): Promise<Taken> {
  await side.prepare?.(ms)
  await pause(BETWEEN_ROUNDS_MS)
  const before = await side.child.cpuMs()
  const round = await side.round(ms)
  return { ...round, cpuPerOp: ((await side.child.cpuMs()) - before) / round.ops }
}

/**
 * A closed loop: `concurrency` workers, each starting its next operation when the last one ended, for `ms`. The speed is the sum of
 * the workers' own speeds, so that a worker that waits for nobody at the end of the round counts neither for nor against.
 * @param supply how many operations there is something for, at least one per worker
 */
export async function closedLoop(
  concurrency: number,
  ms: number,
  operation: () => Promise<unknown>,
  supply = Number.POSITIVE_INFINITY,
): Promise<Round> {
  const latencies: number[] = []
  let begun = 0
  const start = performance.now()
  const speeds = await Promise.all(
    Array.from({ length: concurrency }, async () => {
      let ended = start
      let ops = 0
      do {
        begun++
        const began = performance.now()
        await operation()
        ended = performance.now()
        latencies.push(ended - began)
        ops++
      } while (ended - start < ms && begun < supply)
      return (ops * 1000) / (ended - start)
    }),
  )
  return { ops: latencies.length, opsPerSecond: speeds.reduce((sum, speed) => sum + speed, 0), latencies }
}
