import { setImmediate } from 'node:timers/promises'
import { isDataFault, isRolledBack } from '#src/store/faults.ts'
import { keyOf } from './limit.ts'
import type { Asked, Counted } from './statement.ts'

interface Waiting {
  readonly asked: Asked
  readonly keys: readonly string[]
  readonly answer: (counted: readonly Counted[]) => void
  readonly fail: (fault: unknown) => void
}

/** Counts attempts of the same limits, each list with no key that another one has. */
export type CountTogether = (asked: readonly Asked[]) => Promise<Counted[]>

const MOST_TOGETHER = 64

/**
 * Those who ask while a statement of the same limits is under way are counted together by the next one. Two who share a key never share
 * a statement, nor does one overtake another on a key: each is counted against what the other left.
 * @returns counts one list of attempts
 */
export function makeGatherer(count: CountTogether): (asked: Asked) => Promise<readonly Counted[]> {
  const queues = new Map<string, Waiting[]>()

  async function put(batch: readonly Waiting[], retried = false): Promise<void> {
    try {
      const counted = await count(batch.map(({ asked }) => asked))
      for (const [index, { answer }] of batch.entries()) answer(counted.filter(({ slot }) => slot === index + 1))
    } catch (fault) {
      // Rolled back as a whole, nothing is counted: what one brought must not fail its neighbours.
      const again = batch.length > 1 ? isDataFault(fault) || isRolledBack(fault) : isRolledBack(fault) && !retried
      if (again) for (const one of batch) await put([one], batch.length === 1)
      else for (const { fail } of batch) fail(fault)
    }
  }

  async function drain(limits: string, waiting: Waiting[]): Promise<void> {
    while (waiting.length > 0) {
      // Whoever is ready in the same turn of the event loop comes along.
      await setImmediate()
      await put(takeApart(waiting))
    }
    queues.delete(limits)
  }

  return (asked) =>
    new Promise((answer, fail) => {
      const limits = asked.attempts.map(({ limit }) => limit.name).join(' ')
      const one = { asked, keys: asked.attempts.map(keyOf), answer, fail }
      const waiting = queues.get(limits)
      if (waiting) return void waiting.push(one)
      const fresh = [one]
      queues.set(limits, fresh)
      void drain(limits, fresh)
    })
}

/** Takes those out of `waiting` that share no key with anybody before them. */
function takeApart(waiting: Waiting[]): Waiting[] {
  const taken = new Set<string>()
  const batch: Waiting[] = []
  const rest: Waiting[] = []
  for (const one of waiting.splice(0)) {
    const free = batch.length < MOST_TOGETHER && !one.keys.some((key) => taken.has(key))
    ;(free ? batch : rest).push(one)
    for (const key of one.keys) taken.add(key)
  }
  waiting.push(...rest)
  return batch
}
