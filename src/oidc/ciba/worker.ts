import { fromKysely, type JobResult, type PgBoss, type Queue } from 'pg-boss'
import type { Logger } from 'pino'
import type { AccountId } from '#src/kernel/ids.ts'
import { makeRounds } from '#src/store/rounds.ts'
import type { Store } from '#src/store/store.ts'
import type { Asking } from './asking.ts'
import type { Ping } from './ping.ts'
import type { CibaRequests, DueRequest } from './store.ts'

const PING = 'ciba.ping'
const HOUR = 3600

/** Tries after 1, 2, 4 … seconds; a client that does not listen polls, and after ten minutes there is nothing to tell. */
export const cibaQueues: readonly Queue[] = [
  {
    name: PING,
    retryLimit: 9,
    retryDelay: 1,
    retryBackoff: true,
    retryDelayMax: 120,
    expireInSeconds: 30,
    retentionSeconds: HOUR,
    deleteAfterSeconds: HOUR,
  },
]

export interface CibaWorker {
  start(): Promise<void>
  /** Looks for work shortly; without it it is found within POLL_SECONDS. */
  wake(): void
  /** Takes nothing more and waits for what is in hand. */
  stop(): Promise<void>
}

interface Ticket {
  readonly oid: AccountId
  readonly id: string
}

const BATCH = 20
/** Tries under way at one client, in all processes together: one that hangs does not keep the others waiting. */
const AT_ONE_CLIENT = 5
const POLL_SECONDS = 2

/** Does what stored requests wait for: asks people, and tells clients of decisions. Any number of processes may run one. */
export function makeCibaWorker(deps: {
  boss: Pick<PgBoss, 'send' | 'work' | 'offWork' | 'notifyWorker'>
  store: Pick<Store, 'tx'>
  cibaRequests: Pick<CibaRequests, 'due' | 'take' | 'postpone' | 'find'>
  asking: Pick<Asking, 'ask'>
  ping: Ping
  log: Pick<Logger, 'info' | 'warn' | 'error'>
}): CibaWorker {
  const { boss, store, cibaRequests, asking, ping, log } = deps
  let worker: string | undefined

  /** The ping itself is a job, so that a client that is down does not stand in the way of others. */
  async function queuePing(request: DueRequest): Promise<void> {
    const { oid, id, clientId } = request
    await store.tx(async (tx) => {
      if (!(await cibaRequests.take(tx, request, 'ping'))) return
      await boss.send(PING, { oid, id }, { group: { id: clientId }, db: fromKysely(tx) })
    })
    if (worker !== undefined) boss.notifyWorker(worker)
  }

  /** @returns whether there may be more that can be done at once */
  async function each(work: 'ask' | 'ping', act: (request: DueRequest) => Promise<void>): Promise<boolean> {
    const due = await cibaRequests.due(work, BATCH)
    for (const request of due) {
      try {
        await act(request)
      } catch (err) {
        log.error({ err, client: request.clientId, work }, 'back-channel request not served')
        // However many fail, the next look-up finds the others.
        await cibaRequests.postpone(request, work)
      }
    }
    return due.length === BATCH
  }

  async function serve(): Promise<void> {
    try {
      while (await each('ask', (request) => asking.ask(request.open())));
      while (await each('ping', queuePing));
    } catch (err) {
      log.error({ err }, 'back-channel requests not read')
    }
  }

  const rounds = makeRounds(serve, { pollSeconds: POLL_SECONDS })

  /** Never throws: pg-boss would keep the error, which may quote an address of the client. */
  async function attempt(jobId: string, { oid, id }: Ticket): Promise<JobResult> {
    try {
      const request = await cibaRequests.find(oid, id)
      if (request) await ping(request)
      return { id: jobId, status: 'completed' }
    } catch (fault) {
      const reason = fault instanceof Error ? fault.message : 'unknown fault'
      log.warn({ reason }, 'client not told of a decision, will be tried again')
      return { id: jobId, status: 'failed' }
    }
  }

  return {
    async start() {
      const options = {
        batchSize: BATCH,
        pollingIntervalSeconds: POLL_SECONDS,
        groupConcurrency: AT_ONE_CLIENT,
        perJobResults: true,
      } as const
      worker = await boss.work<Ticket>(PING, options, (jobs) =>
        Promise.all(jobs.map((job) => attempt(job.id, job.data))),
      )
      rounds.start()
    },
    wake: rounds.wake,
    async stop() {
      await rounds.stop()
      await boss.offWork(PING, { wait: true })
    },
  }
}
