import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { KeyEncryptionKey } from '#src/config/config.ts'
import type { Chunk, ChunkDone, WorkerStart } from './worker.ts'

/** People in one transaction: what an interrupted run loses at most, for each worker. */
const CHUNK = 2_000

export interface Seeding {
  readonly databaseUrl: string
  readonly keyEncryptionKeys: readonly KeyEncryptionKey[]
  /** The password of all, as PHC string. */
  readonly phc: string
  /** Number of the first. */
  readonly from: number
  readonly count: number
  /** @param done how many are there by now */
  readonly progress?: (done: number) => void
}

export interface Seeded {
  /** The others were there before. */
  readonly written: number
  /** Of all workers together. */
  readonly computedMs: number
  readonly databaseMs: number
}

/**
 * Writes made-up people, as many at a time as there are cores. People who are there are left as they are, so that an interrupted run
 * goes on by being repeated.
 * @throws Error of the first worker that fails; what others have written stays
 */
export async function seed({ databaseUrl, keyEncryptionKeys, phc, from, count, progress }: Seeding): Promise<Seeded> {
  const keks = keyEncryptionKeys.map(({ id, key }) => ({ id, key: key.reveal() }))
  const workerData: WorkerStart = { databaseUrl, keks, phc }
  const end = from + count
  const total = { written: 0, computedMs: 0, databaseMs: 0 }
  let [next, done] = [from, 0]

  async function lane(): Promise<void> {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData })
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    let current: Chunk | undefined
    worker.on('error', reject)
    worker.on('exit', () => resolve())
    worker.on('message', (answer: ChunkDone | 'ready') => {
      if (answer !== 'ready' && current) {
        total.written += answer.written
        total.computedMs += answer.computedMs
        total.databaseMs += answer.databaseMs
        done += current.last - current.first
        progress?.(done)
      }
      current = next < end ? { first: next, last: Math.min(next + CHUNK, end) } : undefined
      next = current?.last ?? next
      worker.postMessage(current ?? 'end')
    })
    try {
      await promise
    } catch (fault) {
      next = end
      throw fault
    }
  }

  const lanes = await Promise.allSettled(Array.from({ length: availableParallelism() }, lane))
  const failed = lanes.find((result) => result.status === 'rejected')
  if (failed) throw failed.reason
  return total
}
