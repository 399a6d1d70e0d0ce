import { cpus } from 'node:os'
import { attacks } from './attack.ts'
import { startBed } from './bed.ts'
import { type BenchName, isBenchName, measure, ONLY_NAMED, targets } from './benches.ts'
import { notes, type Results, save, table } from './report.ts'

/** So many that an opened data key, which stays in memory for a minute, is rarely found there by the next sign-in. */
const RESIDENTS = 5_000

const asked = process.argv.slice(2)
/** Only when named: it compares nothing, its table goes into `docs/adr`. */
const ATTACK = 'attack'
const unknown = asked.filter((name) => name !== ATTACK && !isBenchName(name))
if (unknown.length > 0) {
  process.stderr.write(
    `There is no bench ${unknown.join(', ')}; there are: ${[...Object.keys(targets), ATTACK].join(', ')}\n`,
  )
  process.exit(2)
}
const names =
  asked.length > 0
    ? asked.filter(isBenchName)
    : (Object.keys(targets) as BenchName[]).filter((name) => name !== ONLY_NAMED)

const say = (text: string) => process.stdout.write(`${text}\n`)

say(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown CPU'}`)
const bed = await startBed(RESIDENTS, say)
try {
  const results: Results = {}
  for await (const measured of measure(bed, names, say)) {
    Object.assign(results, measured)
    say(`\n${table(measured)}\n${notes(measured)}`)
    await save(measured)
  }
  if (names.length > 0) say(`\n${table(results)}`)
  if (asked.includes(ATTACK)) say(`\n${await attacks(bed)}`)
} finally {
  await bed.stop()
}
