import { setTimeout as pause } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import type { CibaRequest } from '#src/oidc/ciba/request.ts'
import { makeCibaWorker } from '#src/oidc/ciba/worker.ts'

const silent = { info: () => {}, warn: () => {}, error: () => {} }

/** A worker over requests in memory that have to be asked about; those in `broken` fail each time. */
function workerOver(waiting: string[], broken: readonly string[] = []) {
  const looked = vi.fn()
  const worker = makeCibaWorker({
    boss: {} as never,
    store: {} as never,
    cibaRequests: {
      due: async (work, limit) => {
        looked(work)
        // As a database does, it answers later than in the same turn.
        await pause(2)
        return (work === 'ask' ? waiting.slice(0, limit) : []).map((id) => ({ id })) as unknown as CibaRequest[]
      },
      take: async () => true,
      find: async () => undefined,
    },
    asking: {
      async ask({ id }) {
        if (broken.includes(id)) throw new Error('cannot be asked')
        waiting.splice(waiting.indexOf(id), 1)
      },
    },
    ping: async () => {},
    log: silent,
  })
  return { worker, looked }
}
const ids = (count: number) => Array.from({ length: count }, (_, n) => `request ${n}`)

test('a burst is served at once, however large, and by few look-ups, however many wake the worker', async () => {
  const waiting = ids(65)
  const { worker, looked } = workerOver(waiting)
  for (let n = 0; n < 200; n++) worker.wake()
  await vi.waitFor(() => expect(waiting).toEqual([]))
  await pause(50)
  expect(looked.mock.calls.length).toBeLessThan(20)
})

test('one that fails keeps nobody behind it waiting, and is not tried over and over', async () => {
  const waiting = ids(5)
  const { worker, looked } = workerOver(waiting, ['request 0'])
  worker.wake()
  await vi.waitFor(() => expect(waiting).toEqual(['request 0']))
  expect(looked.mock.calls.length).toBeLessThan(5)
})
