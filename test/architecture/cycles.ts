import { importsOf, resolveInSrc, type Sources } from './sources.ts'

/** @returns each cycle once, as `a.ts → b.ts → a.ts`; imports of types count, as they tie files together just the same */
export function importCycles(sources: Sources): string[] {
  const edges = new Map(
    [...sources].map(([file, source]) => [
      file,
      importsOf(source).flatMap((specifier) => resolveInSrc(file, specifier) ?? []),
    ]),
  )
  const cycles: string[] = []
  const finished = new Set<string>()
  const visit = (file: string, path: readonly string[]): void => {
    const start = path.indexOf(file)
    if (start >= 0) {
      cycles.push([...path.slice(start), file].join(' → '))
      return
    }
    if (finished.has(file)) return
    for (const next of edges.get(file) ?? []) visit(next, [...path, file])
    finished.add(file)
  }
  for (const file of edges.keys()) visit(file, [])
  return cycles
}
