import { readFile, writeFile } from 'node:fs/promises'
import { rounded } from './arithmetic.ts'
import { type BenchName, targets } from './benches.ts'
import type { Figures, Measured } from './rounds.ts'

export type Results = Partial<Record<BenchName, Measured>>

const HEAD = ['bench', 'ratio', 'target', 'reached', 'cpuRatio', 'ops/s', 'p50 ms', 'p99 ms', 'A/A', 'A/A CPU']

/** A table of what was measured beside what was aimed at; A/A is the same side against itself, so its distance from 1 is noise. */
export function table(results: Results): string {
  const shown = (value: number | null) => (value === null ? '–' : String(rounded(value, 3)))
  const rows = entriesOf(results).map(([name, measured]) => [
    name,
    shown(measured.ratio),
    targets[name].text,
    targets[name].reached(measured) ? 'yes' : 'no',
    ...[measured.cpuRatio, measured.ops, measured.p50, measured.p99, measured.control, measured.controlCpu].map(shown),
  ])
  const lines = [HEAD, ...rows]
  const widths = HEAD.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)))
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

export function notes(results: Results): string {
  return entriesOf(results)
    .flatMap(([name, measured]) => measured.notes.map((note) => `${name}: ${note}`))
    .join('\n')
}

const FILE = new URL('./result.json', import.meta.url)

/** Replaces the figures of what was measured, and leaves the others as the last run wrote them. */
export async function save(results: Results, file: URL | string = FILE): Promise<void> {
  const kept = JSON.parse(await readFile(file, 'utf8').catch(() => '{}')) as Partial<Record<BenchName, Figures>>
  const fresh = Object.fromEntries(entriesOf(results).map(([name, measured]) => [name, figuresOf(measured)]))
  const merged: Partial<Record<string, Figures>> = { ...kept, ...fresh }
  const ordered = Object.keys(targets).flatMap((name) => (merged[name] ? [[name, merged[name]]] : []))
  await writeFile(file, `${JSON.stringify(Object.fromEntries(ordered), null, 2)}\n`)
}

function figuresOf({ ratio, cpuRatio, ops, p50, p99, differenceMs }: Measured): Figures {
  const number = (value: number | null) => value && rounded(value)
  return {
    ratio: rounded(ratio),
    cpuRatio: number(cpuRatio),
    ops: number(ops),
    p50: number(p50),
    p99: number(p99),
    ...(differenceMs !== undefined && { differenceMs: rounded(differenceMs) }),
  }
}

function entriesOf(results: Results): [BenchName, Measured][] {
  return Object.entries(results) as [BenchName, Measured][]
}
