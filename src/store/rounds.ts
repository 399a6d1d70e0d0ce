import { units } from './unit.ts'

/** Time for the unit of work of the request that wakes to be stored. */
const WAKE_MS = 25

/** Work that is looked for in the database: now and then, and shortly after somebody says that there is some. */
export interface Rounds {
  start(): void
  wake(): void
  /** Begins no further round and waits for the one under way. */
  stop(): Promise<void>
}

/**
 * Rounds never overlap, and one that has not begun yet serves whoever wakes meanwhile: any number of requests makes two of them at most.
 * @param round looks for work and does it; never throws
 * @param pollSeconds how often it is looked for without a word
 */
export function makeRounds(round: () => Promise<void>, { pollSeconds }: { pollSeconds: number }): Rounds {
  const timers = new Set<NodeJS.Timeout>()
  let last: Promise<void> = Promise.resolve()
  let isNextDue = false

  function next(): void {
    if (isNextDue) return
    isNextDue = true
    last = last.then(() => {
      isNextDue = false
      return round()
    })
  }

  return {
    start: () => void timers.add(setInterval(next, pollSeconds * 1000).unref()),
    wake() {
      // What comes of it is no part of the request's unit of work, which is stored and gone by then.
      units.exit(() => {
        const timer = setTimeout(() => {
          timers.delete(timer)
          next()
        }, WAKE_MS).unref()
        timers.add(timer)
      })
    },
    async stop() {
      for (const timer of timers) clearTimeout(timer)
      timers.clear()
      await last
    },
  }
}
