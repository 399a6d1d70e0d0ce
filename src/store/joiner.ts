import { setImmediate } from 'node:timers/promises'
import { isDataFault, isRolledBack } from './faults.ts'
import type { Store } from './store.ts'
import { flushTogether, type Unit, UnitLost, type UnitRows } from './unit.ts'

interface Waiting {
  readonly rows: UnitRows
  readonly done: () => void
  readonly fail: (fault: unknown) => void
}

/** Stores units of work, those that are ready at the same time in one statement. */
export interface Joiner {
  /** @throws UnitLost when the unit tried to spend what was spent already; the units beside it are stored */
  flush(unit: Unit): Promise<void>
}

const MOST_TOGETHER = 64

/**
 * While one statement is under way the next units gather, so that under load many requests share one commit and alone each goes at once.
 * Two units that write one key never share a statement: the second waits for the next one.
 */
export function makeJoiner(store: Store): Joiner {
  let waiting: Waiting[] = []
  let busy = false

  function next(): Waiting[] {
    const taken = new Set<string>()
    const batch: Waiting[] = []
    const rest: Waiting[] = []
    for (const one of waiting) {
      const free = batch.length < MOST_TOGETHER && !one.rows.keys.some((key) => taken.has(key))
      ;(free ? batch : rest).push(one)
      // Those of the ones that wait, too: nobody overtakes on a key, so the later value is the one that stays.
      for (const key of one.rows.keys) taken.add(key)
    }
    waiting = rest
    return batch
  }

  async function put(batch: readonly Waiting[], retried = false): Promise<void> {
    try {
      const lost = await flushTogether(
        store,
        batch.map(({ rows }) => rows),
      )
      batch.forEach(({ done, fail }, index) => {
        if (lost.has(index)) fail(new UnitLost())
        else done()
      })
    } catch (fault) {
      // Rolled back as a whole: what one unit brought must not fail its neighbours.
      const again = batch.length > 1 ? isDataFault(fault) || isRolledBack(fault) : isRolledBack(fault) && !retried
      if (again) for (const one of batch) await put([one], batch.length === 1)
      else for (const { fail } of batch) fail(fault)
    }
  }

  async function drain(): Promise<void> {
    busy = true
    while (waiting.length > 0) {
      // Whoever is ready in the same turn of the event loop comes along.
      await setImmediate()
      await put(next())
    }
    busy = false
  }

  return {
    flush(unit) {
      const rows = unit.take()
      if (!rows) return Promise.resolve()
      return new Promise((done, fail) => {
        waiting.push({ rows, done, fail })
        if (!busy) void drain()
      })
    },
  }
}
