import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Attempt, type Limit, makeThrottle, type Throttle } from '#src/throttle/throttle.ts'
import { handClock, type OpenedStore, openedStore } from '../store/opened.ts'

const delays: Limit = { name: 'slow', windowSeconds: 600, free: 3, delaySeconds: 2, maxDelaySeconds: 10 }
const locking: Limit = { ...delays, name: 'lock', lockAt: 6, lockSeconds: 900 }

describe.each(['postgres', 'pglite'] as const)('throttle on %s', (kind) => {
  const clock = handClock()
  let opened: OpenedStore
  let throttle: Throttle
  let keys = 0
  beforeAll(async () => {
    opened = await openedStore(kind)
    throttle = makeThrottle({ store: opened.store, clock })
  })
  afterAll(() => opened.close())

  const fresh = (limit: Limit): Attempt => ({ limit, key: `key${++keys}` })
  const enter = async (attempt: Attempt, times = 1) => {
    for (let i = 1; i < times; i++) await throttle.enter([attempt])
    return throttle.enter([attempt])
  }
  /** Enters, waiting out each delay, until so many attempts were admitted. */
  async function patiently(attempt: Attempt, admitted: number) {
    let gate = await throttle.enter([attempt])
    for (let count = gate.open ? 1 : 0; count < admitted; ) {
      if (!gate.open) clock.pass((gate.retryAt.getTime() - clock.now().getTime()) / 1000)
      gate = await throttle.enter([attempt])
      if (gate.open) count++
    }
    return gate
  }

  test('the first attempts are free, the next one waits', async () => {
    const attempt = fresh(delays)
    expect(await enter(attempt, 3)).toEqual({ open: true })
    expect(await enter(attempt)).toMatchObject({ open: false, limit: 'slow', locked: false })
  })

  test('a wait doubles with each further attempt up to its longest', async () => {
    const attempt = fresh(delays)
    await enter(attempt, 3)
    const waits: number[] = []
    for (let i = 0; i < 5; i++) {
      const gate = await enter(attempt)
      if (gate.open) throw new Error('open while waiting')
      const wait = (gate.retryAt.getTime() - clock.now().getTime()) / 1000
      waits.push(wait)
      clock.pass(wait)
      expect(await enter(attempt)).toMatchObject({ open: true })
    }
    expect(waits).toEqual([2, 4, 8, 10, 10])
  })

  test('knocking while one has to wait makes the wait no longer', async () => {
    const attempt = fresh(delays)
    const first = await enter(attempt, 4)
    const later = await enter(attempt, 20)
    expect(later).toEqual(first)
  })

  test('the window ends and the counter starts anew', async () => {
    const attempt = fresh(delays)
    await patiently(attempt, 5)
    clock.pass(601)
    expect(await enter(attempt, 3)).toMatchObject({ open: true })
  })

  test('the attempt that reaches the limit is admitted and locks; after it nothing is until the lock ends', async () => {
    const attempt = fresh(locking)
    expect(await patiently(attempt, 6)).toEqual({ open: true, locked: 'lock' })
    expect(await enter(attempt)).toMatchObject({ open: false, locked: true })
    clock.pass(899)
    expect(await enter(attempt)).toMatchObject({ open: false, locked: true })
    clock.pass(2)
    expect(await enter(attempt)).toMatchObject({ open: true })
  })

  test('a lock survives the loss of the counters', async () => {
    const attempt = fresh(locking)
    await patiently(attempt, 6)
    await opened.store.db.deleteFrom('throttles').execute()
    expect(await enter(attempt)).toMatchObject({ open: false, locked: true })
  })

  test('success forgets the counter, and the lock that the successful attempt itself set', async () => {
    const attempt = fresh(locking)
    await patiently(attempt, 6)
    await throttle.forget(attempt)
    expect(await enter(attempt, 3)).toMatchObject({ open: true })
  })

  test('a refund gives one attempt back to a shared key', async () => {
    const attempt = fresh(delays)
    await enter(attempt, 3)
    await throttle.refund(attempt)
    expect(await enter(attempt)).toMatchObject({ open: true })
    expect(await enter(attempt)).toMatchObject({ open: false })
  })

  test('of several keys the first that must wait stops the rest uncounted', async () => {
    const [network, account] = [fresh(delays), fresh(delays)]
    await enter(network, 4)
    expect(await throttle.enter([network, account])).toMatchObject({ open: false, limit: 'slow' })
    const counted = await opened.store.db
      .selectFrom('throttles')
      .select('count')
      .where('key', '=', `slow:${account.key}`)
      .executeTakeFirst()
    expect(counted).toBeUndefined()
  })

  test('the keys before the one that refuses are counted, those after are not', async () => {
    const [first, second, third] = [fresh(delays), fresh(delays), fresh(delays)]
    await enter(second, 4)
    await throttle.enter([first, second, third])
    const counts = await opened.store.db
      .selectFrom('throttles')
      .select(['key', 'count'])
      .where('key', 'in', [`slow:${first.key}`, `slow:${third.key}`])
      .execute()
    expect(counts).toEqual([{ key: `slow:${first.key}`, count: 1 }])
  })

  test('keys do not touch each other, nor do limits of another name', async () => {
    const attempt = fresh(delays)
    await enter(attempt, 4)
    expect(await throttle.enter([fresh(delays)])).toMatchObject({ open: true })
    expect(await throttle.enter([{ limit: locking, key: attempt.key }])).toMatchObject({ open: true })
  })

  test('counting joins a transaction, and is undone with it', async () => {
    const attempt = fresh(delays)
    const undone = opened.store.tx(async (tx) => {
      for (let i = 0; i < 3; i++) await throttle.enter([attempt], tx)
      throw new Error('undone')
    })
    await expect(undone).rejects.toThrow('undone')
    expect(await enter(attempt, 3)).toMatchObject({ open: true })
  })

  test('of 20 attempts at the same time no more are admitted than are free', async () => {
    const attempt = fresh(delays)
    const gates = await Promise.all(Array.from({ length: 20 }, () => throttle.enter([attempt])))
    expect(gates.filter((gate) => gate.open)).toHaveLength(3)
  })

  test('of 20 attempts at the same time on a key that may lock at once, one locks it', async () => {
    const strict: Limit = { ...locking, name: 'strict', free: 9, lockAt: 2 }
    const attempt = fresh(strict)
    const gates = await Promise.all(Array.from({ length: 20 }, () => throttle.enter([attempt])))
    expect(gates.filter((gate) => gate.open)).toHaveLength(2)
    expect(gates.filter((gate) => gate.open && gate.locked)).toHaveLength(1)
  })

  test('no more than four keys are counted at a time', async () => {
    const attempts = [1, 2, 3, 4, 5].map(() => fresh(delays))
    await expect(throttle.enter(attempts)).rejects.toThrow(RangeError)
    await expect(throttle.enter([])).rejects.toThrow(RangeError)
  })
})
