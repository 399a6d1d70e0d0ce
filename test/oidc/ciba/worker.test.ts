import { setTimeout as pause } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import type { CibaRequest } from '#src/oidc/ciba/request.ts'
import type { DueRequest } from '#src/oidc/ciba/store.ts'
import { makeCibaWorker } from '#src/oidc/ciba/worker.ts'

const silent = { info: () => {}, warn: () => {}, error: () => {} }

/** A worker over requests in memory that have to be asked about; those in `broken` fail each time, from when they are opened. */
function workerOver(waiting: string[], broken: readonly string[] = []) {
  const looked = vi.fn()
  const postponed = new Set<string>()
  const opened = (id: string) => {
    if (broken.includes(id)) throw new Error('cannot be opened')
    return { id } as CibaRequest
  }
  const worker = makeCibaWorker({
    boss: {} as never,
    store: {} as never,
    cibaRequests: {
      due: async (work, limit) => {
        looked(work)
        // As a database does, it answers later than in the same turn.
        await pause(2)
        const due = work === 'ask' ? waiting.filter((id) => !postponed.has(id)) : []
        return due.slice(0, limit).map((id) => ({ id, open: () => opened(id) }) as DueRequest)
      },
      take: async () => true,
      postpone: async ({ id }) => void postponed.add(id),
      find: async () => undefined,
    },
    asking: {
      async ask({ id }) {
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
  await vi.waitFor(() => expect(waiting).toEqual([]), 10_000)
  await pause(50)
  expect(looked.mock.calls.length).toBeLessThan(20)
})

test('one that fails keeps nobody behind it waiting, and is not tried over and over', async () => {
  const waiting = ids(5)
  const { worker, looked } = workerOver(waiting, ['request 0'])
  worker.wake()
  await vi.waitFor(() => expect(waiting).toEqual(['request 0']), 10_000)
  expect(looked.mock.calls.length).toBeLessThan(5)
})

test('however many fail, the others are served in the same round', async () => {
  const broken = ids(45)
  const waiting = [...broken, 'the last']
  const { worker } = workerOver(waiting, broken)
  worker.wake()
  await vi.waitFor(() => expect(waiting).toEqual(broken), 10_000)
})
