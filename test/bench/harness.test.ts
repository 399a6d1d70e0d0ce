import { readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { median, percentile, ratioOfPairs, shuffled } from '../../bench/arithmetic.ts'
import { openBed } from '../../bench/bed.ts'
import { measureFlow } from '../../bench/flow-benches.ts'
import { save, table } from '../../bench/report.ts'
import { closedLoop, type Measured } from '../../bench/rounds.ts'
import { createDatabase } from '../setup/database.ts'

test.each([
  [[7], 7],
  [[3, 1, 2], 2],
  [[10, 9, 1, 2], 5.5],
])('the median of %j is %d', (values, expected) => {
  expect(median(values)).toBe(expected)
})

test.each([
  [[1, 2, 3, 4, 5], 0, 1],
  [[5, 4, 3, 2, 1], 100, 5],
  [[1, 2, 3, 4, 5], 75, 4],
  [[0, 10], 99, 9.9],
])('of %j, %d percent lie below %d', (values, percent, expected) => {
  expect(percentile(values, percent)).toBeCloseTo(expected, 10)
})

test('nothing measured has no median', () => {
  expect(() => median([])).toThrow(RangeError)
})

test('a machine that slows down between blocks does not change the ratio', () => {
  expect(
    ratioOfPairs([
      [80, 100],
      [40, 50],
      [8, 10],
    ]),
  ).toBe(0.8)
})

test('shuffling keeps every element', () => {
  const list = Array.from({ length: 50 }, (_, n) => n)
  expect(shuffled(list).sort((a, b) => a - b)).toEqual(list)
})

test('a closed loop counts every operation, and stops for the first one that fails', async () => {
  let calls = 0
  const round = await closedLoop(4, 20, async () => {
    calls++
    await new Promise((done) => setTimeout(done, 5))
  })
  expect(round.ops).toBe(calls)
  expect(round.latencies).toHaveLength(calls)
  await expect(closedLoop(4, 20, () => Promise.reject(new Error('refused')))).rejects.toThrow('refused')
})

const measured: Measured = {
  ratio: 0.61234567,
  cpuRatio: 0.5,
  ops: 123.456789,
  p50: 40,
  p99: 90,
  control: 1.01,
  controlCpu: 0.99,
  notes: [],
}

test('a partial run replaces its own figures only', async () => {
  const file = join(tmpdir(), `bench-${process.pid}.json`)
  try {
    await save({ sso_flow: measured, code_flow: measured }, file)
    await save({ code_flow: { ...measured, ratio: 2 } }, file)
    const kept = { cpuRatio: 0.5, ops: 123.5, p50: 40, p99: 90 }
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({
      code_flow: { ratio: 2, ...kept },
      sso_flow: { ratio: 0.6123, ...kept },
    })
  } finally {
    await rm(file, { force: true })
  }
})

test('the table says beside each figure whether its target is reached', () => {
  const lines = table({ code_flow: measured, refresh: measured }).split('\n')
  expect(lines[1]).toMatch(/^code_flow +0\.612 +≥ 0\.6, CPU too +no /)
  expect(lines[2]).toMatch(/^refresh +0\.612 +≥ 0\.6 +yes /)
})

test('a short run signs people in on both sides and compares them', { timeout: 60_000 }, async () => {
  const database = await createDatabase()
  const sides: string[] = []
  const bed = await openBed(database.url, 20, (line) => sides.push(line))
  try {
    const schedule = { blocks: 1, roundMs: 100, warmUpMs: 100 }
    const { ratio, cpuRatio, ops, p50, p99 } = await measureFlow(bed, 'code_flow', { schedule, concurrency: 2 })
    for (const figure of [ratio, cpuRatio, ops, p50, p99]) expect(figure).toBeGreaterThan(0)
    expect(p99).toBeGreaterThanOrEqual(p50!)
    expect(sides.map((line) => line.split(':')[0])).toEqual(['ours', 'bare'])
  } finally {
    await bed.stop()
    await database.drop()
  }
})
