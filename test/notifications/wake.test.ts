import { pino } from 'pino'
import { expect, test } from 'vitest'
import { wakeAfterCommit } from '#src/notifications/outbox.ts'
import type { MessageStore } from '#src/notifications/store.ts'
import { makeWorker } from '#src/notifications/worker.ts'
import type { Store, Tx } from '#src/store/store.ts'
import { TestClock } from './rig.ts'

test('a committed message wakes the worker once; a transaction without one, or rolled back, does not', async () => {
  const carriers = new Set<Tx>()
  let wakes = 0
  let committed = false
  const plain = {
    async tx(work: (tx: Tx) => Promise<unknown>) {
      const result = await work({} as Tx)
      committed = true
      return result
    },
  } as Store
  const store = wakeAfterCommit(plain, { holds: (tx) => carriers.has(tx) }, () => {
    expect(committed).toBe(true)
    wakes++
  })
  expect(await store.tx(async () => 'answer')).toBe('answer')
  expect(wakes).toBe(0)
  committed = false
  await store.tx(async (tx) => void carriers.add(tx))
  expect(wakes).toBe(1)
  const failing = store.tx(async (tx) => {
    carriers.add(tx)
    throw new Error('rolled back')
  })
  await expect(failing).rejects.toThrow('rolled back')
  expect(wakes).toBe(1)
})

test('waking picks a lane that is not waiting for a gateway', async () => {
  const lanes: { id: string; queue: string; run: (jobs: unknown[]) => Promise<unknown> }[] = []
  const woken: string[] = []
  const boss = {
    async work(queue: string, _options: unknown, run: (jobs: unknown[]) => Promise<unknown>) {
      lanes.push({ id: String(lanes.length), queue, run })
      return lanes.at(-1)!.id
    },
    offWork: async () => {},
    notifyWorker: (id: string) => void woken.push(id),
  }
  let answer = () => {}
  const messages = {
    findWaiting: () => new Promise<undefined>((resolve) => (answer = () => resolve(undefined))),
  } as unknown as MessageStore
  const channel = { send: async () => {} }
  const worker = makeWorker({
    boss: boss as never,
    store: {} as Store,
    messages,
    channels: { sms: channel, mail: channel },
    clock: new TestClock(),
    log: pino({ level: 'silent' }),
  })
  await worker.start()
  const [first, second] = lanes.filter(({ queue }) => queue === 'messages.sms')
  const wokenOfSms = () => {
    woken.length = 0
    worker.wake()
    return woken.filter((id) => id === first!.id || id === second!.id)
  }
  expect(wokenOfSms()).toEqual([first!.id])
  const running = first!.run([{ data: { oid: 0, id: 'x' } }])
  expect(wokenOfSms()).toEqual([second!.id])
  answer()
  await running
  expect(wokenOfSms()).toEqual([first!.id])
  await worker.stop()
})
