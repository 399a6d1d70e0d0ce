import { units } from './unit.ts'

/** Time for the unit of work of the request that wakes to be stored, and for others to come along. */
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
  let poll: NodeJS.Timeout | undefined
  let woken: NodeJS.Timeout | undefined
  let last: Promise<void> = Promise.resolve()
  let isNextDue = false
  let isWokenAgain = false

  function next(): void {
    if (isNextDue) return
    isNextDue = true
    last = last.then(() => {
      isNextDue = false
      return round()
    })
  }

  function wake(): void {
    // Whose unit is not stored yet when the timer of somebody before it fires is served by the next one.
    if (woken) {
      isWokenAgain = true
      return
    }
    // What comes of it is no part of the request's unit of work, which is stored and gone by then.
    woken = units.exit(() => setTimeout(fire, WAKE_MS).unref())
  }

  function fire(): void {
    woken = undefined
    next()
    if (isWokenAgain) wake()
    isWokenAgain = false
  }

  return {
    start() {
      poll = setInterval(next, pollSeconds * 1000).unref()
    },
    wake,
    async stop() {
      clearInterval(poll)
      clearTimeout(woken)
      woken = undefined
      await last
    },
  }
}
