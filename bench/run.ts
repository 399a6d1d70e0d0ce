import { cpus } from 'node:os'
import { startBed } from './bed.ts'
import { type BenchName, isBenchName, measure, targets } from './benches.ts'
import { notes, type Results, save, table } from './report.ts'

/** So many that an opened data key, which stays in memory for a minute, is rarely found there by the next sign-in. */
const RESIDENTS = 5_000

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !isBenchName(name))
if (unknown.length > 0) {
  process.stderr.write(`There is no bench ${unknown.join(', ')}; there are: ${Object.keys(targets).join(', ')}\n`)
  process.exit(2)
}
const names = asked.length > 0 ? (asked as BenchName[]) : (Object.keys(targets) as BenchName[])

const say = (text: string) => process.stdout.write(`${text}\n`)

say(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown CPU'}`)
const bed = await startBed(RESIDENTS, say)
try {
  const results: Results = {}
  for await (const measured of measure(bed, names)) {
    Object.assign(results, measured)
    say(`\n${table(measured)}\n${notes(measured)}`)
    await save(measured)
  }
  say(`\n${table(results)}`)
} finally {
  await bed.stop()
}
