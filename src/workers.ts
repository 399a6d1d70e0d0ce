import cluster from 'node:cluster'
import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from 'pino'

/** What the first process says to a worker that shall drain; a signal would count as the second one where a terminal sent one to all. */
const DRAIN = 'drain'
const RESTART_MS = 1_000

/**
 * Keeps `count` worker processes running, each a whole server; connections go to them in turn. A worker that dies is replaced. Where none
 * could start yet, one that fails ends everything, so that whoever watches the service sees it; later the others go on serving.
 * @returns drains all of them
 */
export function superviseWorkers(count: number, log: Logger): () => Promise<void> {
  let stopping = false
  let served = false

  cluster.on('listening', () => {
    served = true
  })
  cluster.on('exit', async (worker, code, signal) => {
    if (stopping) return
    log.error({ pid: worker.process.pid, code, signal }, 'worker ended')
    if (!served) {
      process.exitCode = 1
      await stop()
      process.exit(1)
    }
    // One that dies at each request must not eat the machine by its starts.
    await pause(RESTART_MS)
    if (!stopping) fork()
  })
  const fork = () => log.info({ pid: cluster.fork().process.pid }, 'worker started')
  for (let n = 0; n < count; n++) fork()

  async function stop(): Promise<void> {
    stopping = true
    const ended = Object.values(cluster.workers ?? {}).map(
      (worker) =>
        new Promise<void>((done) => {
          worker!.once('exit', () => done())
          if (worker!.isConnected()) worker!.send(DRAIN)
        }),
    )
    await Promise.all(ended)
  }
  return stop
}

/** In a worker: told when to drain. */
export function onDrain(drain: () => void): void {
  process.on('message', (message) => {
    if (message === DRAIN) drain()
  })
  // Whoever watched over this process is gone, and nobody will.
  process.on('disconnect', drain)
}
