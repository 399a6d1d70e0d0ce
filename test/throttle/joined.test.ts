import { afterAll, afterEach, beforeAll, describe, expect, type MockInstance, test, vi } from 'vitest'
import type { Store } from '#src/store/store.ts'
import { type Attempt, type Limit, makeThrottle, type Throttle } from '#src/throttle/throttle.ts'
import { handClock, type OpenedStore, openedStore } from '../store/opened.ts'

const network: Limit = { name: 'network', windowSeconds: 600, free: 40, delaySeconds: 1, maxDelaySeconds: 10 }
const subject: Limit = { ...network, name: 'subject', free: 3, lockAt: 6, lockSeconds: 900 }

describe.each(['postgres', 'pglite'] as const)('attempts counted together on %s', (kind) => {
  let opened: OpenedStore
  let store: Store
  let throttle: Throttle
  let run: MockInstance<Store['run']>
  beforeAll(async () => {
    opened = await openedStore(kind)
    store = { ...opened.store }
    run = vi.spyOn(store, 'run')
    throttle = makeThrottle({ store, clock: handClock() })
  })
  afterEach(() => void run.mockClear())
  afterAll(() => opened.close())

  const pair = (from: string, about: string): Attempt[] => [
    { limit: network, key: from },
    { limit: subject, key: about },
  ]
  const counts = async (name: string) =>
    Object.fromEntries(
      (await store.script('select key, count from throttles where key like $1', [`%:${name}%`])).rows.map((row) => [
        row.key,
        row.count,
      ]),
    )

  test('of parallel attempts on one key as many pass as are free, whoever they share a statement with', async () => {
    const gates = await Promise.all(
      Array.from({ length: 20 }, (_, n) => [
        pair(`one.${n}`, 'one.subject'),
        pair(`one.other${n}`, `one.other${n}`),
      ]).flatMap((both) => both.map((attempts) => throttle.enter(attempts))),
    )
    const onOneKey = gates.filter((_, index) => index % 2 === 0)
    expect(onOneKey.filter(({ open }) => open)).toHaveLength(3)
    expect(gates.filter((_, index) => index % 2 === 1).every(({ open }) => open)).toBe(true)
  })

  test('different keys share a statement, each with its own answer', async () => {
    for (let n = 0; n < 3; n++) await throttle.enter(pair(`two.used${n}`, 'two.used'))
    run.mockClear()
    const gates = await Promise.all(
      ['two.a', 'two.used', 'two.b'].map((about) => throttle.enter(pair(`${about}.network`, about))),
    )
    expect(gates).toMatchObject([{ open: true }, { open: false, limit: 'subject' }, { open: true }])
    expect(run).toHaveBeenCalledTimes(1)
  })

  test('a refused network leaves its subject uncounted and those beside it alone', async () => {
    for (let n = 0; n < 40; n++) await throttle.enter([{ limit: network, key: 'three.full' }])
    const gates = await Promise.all([
      throttle.enter(pair('three.full', 'three.owner')),
      throttle.enter(pair('three.free', 'three.neighbour')),
    ])
    expect(gates).toMatchObject([{ open: false, limit: 'network' }, { open: true }])
    expect(await counts('three.')).toEqual({
      'network:three.full': 40,
      'network:three.free': 1,
      'subject:three.neighbour': 1,
    })
  })

  test('a lock of one is no lock of another', async () => {
    await store.script(`insert into locks (key, until) values ('subject:four.locked', '2100-01-01Z')`)
    const gates = await Promise.all(
      ['four.locked', 'four.open'].map((about) => throttle.enter(pair(`${about}.network`, about))),
    )
    expect(gates).toMatchObject([{ open: false, locked: true }, { open: true }])
  })

  test('a key that the database cannot hold fails only the one who brought it', async () => {
    const [malformed, other] = await Promise.allSettled([
      throttle.enter(pair('five.a', 'five\0')),
      throttle.enter(pair('five.b', 'five.fine')),
    ])
    expect(malformed.status).toBe('rejected')
    expect(other).toMatchObject({ status: 'fulfilled', value: { open: true } })
    expect(await counts('five.')).toEqual({ 'network:five.b': 1, 'subject:five.fine': 1 })
  })

  test('a lost connection is told to all and counted by nobody again', async () => {
    run.mockRejectedValueOnce(new Error('Connection terminated unexpectedly'))
    const answers = await Promise.allSettled(['six.a', 'six.b'].map((about) => throttle.enter(pair(about, about))))
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(run).toHaveBeenCalledTimes(1)
    expect(await throttle.enter(pair('six.a', 'six.a'))).toMatchObject({ open: true })
  })
})
