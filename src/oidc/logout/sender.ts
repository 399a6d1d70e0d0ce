import { fromKysely, type JobResult, type PgBoss, type Queue } from 'pg-boss'
import type { Logger } from 'pino'
import type { Journal } from '#src/journal/journal.ts'
import { makeRounds } from '#src/store/rounds.ts'
import type { DeliverLogout } from './client-logout.ts'
import { logoutUndelivered } from './events.ts'
import { type LogoutNotices, MOST_RELAYED, NOTICE_SECONDS, type NoticeTicket } from './notices.ts'

const LOGOUT = 'logout'
const UNDELIVERED = 'logout.undelivered'
const HOUR = 3600

/** Dead letters first, as the other names them. Tries after 2, 4, 8 … seconds, then each hour, for about twelve hours in all. */
export const logoutQueues: readonly Queue[] = [
  { name: UNDELIVERED, expireInSeconds: 60, retentionSeconds: NOTICE_SECONDS, deleteAfterSeconds: HOUR },
  {
    name: LOGOUT,
    deadLetter: UNDELIVERED,
    retryLimit: 22,
    retryDelay: 2,
    retryBackoff: true,
    retryDelayMax: HOUR,
    expireInSeconds: 60,
    retentionSeconds: NOTICE_SECONDS,
    deleteAfterSeconds: HOUR,
  },
]

export interface LogoutSender {
  start(): Promise<void>
  /** Looks for new notices shortly; without it they are found within POLL_SECONDS. */
  wake(): void
  /** Takes nothing more and waits for the tries in hand. */
  stop(): Promise<void>
}

/** Also the tries under way at one relying party, in all processes together: one that hangs holds the others up for seconds at most. */
const BATCH = 10
const LANES = 4
const POLL_SECONDS = 2

/** Turns stored notices into jobs and does them; any number of processes may run one. */
export function makeLogoutSender(deps: {
  boss: Pick<PgBoss, 'send' | 'work' | 'offWork' | 'notifyWorker'>
  notices: Pick<LogoutNotices, 'relay' | 'find' | 'settle'>
  deliver: DeliverLogout
  journal: Pick<Journal, 'note'>
  log: Pick<Logger, 'info' | 'warn' | 'error'>
}): LogoutSender {
  const { boss, notices, deliver, journal, log } = deps
  let lanes: string[] = []

  async function relay(): Promise<void> {
    try {
      for (let count = MOST_RELAYED; count === MOST_RELAYED; ) {
        count = await notices.relay((tx, ticket, clientId) =>
          boss.send(
            LOGOUT,
            { oid: ticket.oid, id: ticket.id },
            { id: ticket.id, group: { id: clientId }, db: fromKysely(tx) },
          ),
        )
        if (count > 0) for (const lane of lanes) boss.notifyWorker(lane)
      }
    } catch (err) {
      log.error({ err }, 'logout notices not queued')
    }
  }

  const rounds = makeRounds(relay, { pollSeconds: POLL_SECONDS })

  /** Never throws: pg-boss would keep the error, which may quote an address of the relying party. */
  async function attempt(ticket: NoticeTicket): Promise<JobResult> {
    try {
      const notice = await notices.find(ticket)
      const told = notice && (await deliver(notice))
      await notices.settle(ticket)
      if (notice) log.info({ notice: ticket.id, client: notice.clientId, told }, 'logout notice settled')
      return { id: ticket.id, status: 'completed' }
    } catch (fault) {
      const reason = fault instanceof Error ? fault.message : 'unknown fault'
      log.warn({ notice: ticket.id, reason }, 'logout notice not delivered, will be tried again')
      return { id: ticket.id, status: 'failed' }
    }
  }

  async function giveUp(ticket: NoticeTicket): Promise<void> {
    const notice = await notices.find(ticket)
    if (!notice) return
    await journal.note(logoutUndelivered({ account: notice.oid, client: notice.clientId }))
    await notices.settle(ticket)
    log.error({ notice: ticket.id, client: notice.clientId }, 'relying party was never reached about a logout')
  }

  return {
    async start() {
      const options = {
        batchSize: BATCH,
        burstWhenBatchFull: true,
        pollingIntervalSeconds: POLL_SECONDS,
        groupConcurrency: BATCH,
        perJobResults: true,
      } as const
      const openLane = () =>
        boss.work<NoticeTicket>(LOGOUT, options, (jobs) => Promise.all(jobs.map(({ data }) => attempt(data))))
      lanes = await Promise.all(Array.from({ length: LANES }, openLane))
      await boss.work<NoticeTicket>(UNDELIVERED, { pollingIntervalSeconds: POLL_SECONDS }, async ([job]) => {
        if (job) await giveUp(job.data)
      })
      rounds.start()
    },
    wake: rounds.wake,
    async stop() {
      await rounds.stop()
      await Promise.all([LOGOUT, UNDELIVERED].map((queue) => boss.offWork(queue, { wait: true })))
    },
  }
}
