import { type Bed, openBalanced, openSite, type Site } from './bed.ts'
import { codeFlow } from './flows.ts'
import { closedLoop, compare, FULL, type Measured, type Side } from './rounds.ts'

const CONCURRENCY = 16

/**
 * What a code flow costs in Node CPU when its requests meet two processes in turn, ÷ the same with one: caches and joined statements
 * must not need one process to see everything.
 */
export async function measureCluster(bed: Bed): Promise<Measured> {
  const start = () => bed.startOurs({ hashes: false })
  const two = openBalanced(bed, [await start(), await start()], CONCURRENCY)
  const one = openSite(bed, await start(), CONCURRENCY)
  try {
    const side = (site: Site): Side => ({
      child: site.child,
      round: (ms) => closedLoop(CONCURRENCY, ms, () => codeFlow(site.visitor(), bed.client, bed.nextResident())),
    })
    const measured = await compare(side(two), side(one), FULL)
    return {
      ...measured,
      ratio: 1 / measured.cpuRatio!,
      notes: [
        ...measured.notes,
        `flows/s of two ÷ one: ${measured.ratio.toFixed(2)}, the load generator on the same cores`,
      ],
    }
  } finally {
    await Promise.all([two.close(), one.close()])
  }
}
