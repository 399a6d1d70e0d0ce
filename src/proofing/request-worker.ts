import type { Logger } from 'pino'
import { makeRounds } from '#src/store/rounds.ts'
import { units } from '#src/store/unit.ts'
import type { ProofingRequest } from './request.ts'

const POLL_SECONDS = 5

/** One kind of work on requests. */
interface Work {
  workDue(): Promise<void>
  work(which: Pick<ProofingRequest, 'oid' | 'id'>): Promise<void>
}

export interface RequestWorker {
  start(): Promise<void>
  /** Goes on with a request at once, where this process has started; else it is found within POLL_SECONDS by one that has. */
  wake(request: Pick<ProofingRequest, 'oid' | 'id'>): void
  /** Takes nothing more and waits for what is in hand, which the registries' time-out limits. */
  stop(): Promise<void>
}

/** Has requests checked, and letters printed and followed, in the background; any number of processes may run one. */
export function makeRequestWorker({
  works,
  log,
}: {
  works: readonly Work[]
  log: Pick<Logger, 'error'>
}): RequestWorker {
  const inHand = new Set<Promise<void>>()
  let isRunning = false
  const quietly = async (work: Promise<void>) =>
    work.catch((err: unknown) => log.error({ err }, 'requests not looked for'))
  const all = async (what: (work: Work) => Promise<void>) => {
    await Promise.all(works.map((work) => quietly(what(work))))
  }
  const rounds = makeRounds(() => all((work) => work.workDue()), { pollSeconds: POLL_SECONDS })

  return {
    async start() {
      isRunning = true
      rounds.start()
    },
    wake(request) {
      if (!isRunning) return
      // It does not wait for a round, which a slow registry may hold up, and is no part of the request that opened it.
      units.exit(() => {
        const work = all((work) => work.work(request)).finally(() => inHand.delete(work))
        inHand.add(work)
      })
    },
    async stop() {
      isRunning = false
      await Promise.all([rounds.stop(), ...inHand])
    },
  }
}
