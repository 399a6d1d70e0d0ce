import { PgBoss, type Queue, type SendOptions } from 'pg-boss'
import type { Logger } from 'pino'
import type { Store } from '#src/store/store.ts'
import type { Way } from './channels.ts'

/** A queue per channel, so that a mail server that is down does not stand in the way of an SMS. */
export const messageQueue = {
  sms: 'messages.sms',
  voice: 'messages.voice',
  mail: 'messages.mail',
  post: 'messages.post',
} as const satisfies Record<Way, string>

/** How long a try may take before another worker takes the message over. */
const TRY_SECONDS = 60
const HOUR = 3600

/** How often `retriesFor` looks for jobs whose process died; bounds the delay of a message that was being sent just then. */
const SUPERVISE_SECONDS = 20

/** The job queue over the database of the store; its tables belong to `migrate`. */
export function makeQueue({
  store,
  log,
}: {
  store: Pick<Store, 'script'>
  log: Pick<Logger, 'error' | 'warn'>
}): PgBoss {
  const boss = new PgBoss({
    db: { executeSql: store.script },
    schema: 'pgboss',
    migrate: false,
    schedule: false,
    superviseIntervalSeconds: SUPERVISE_SECONDS,
    monitorIntervalSeconds: SUPERVISE_SECONDS,
    maintenanceIntervalSeconds: HOUR,
  })
  // A lost connection shows here; polling goes on and finds the database again.
  boss.on('error', ({ message }) => log.error({ reason: message }, 'job queue failed'))
  boss.on('warning', ({ message }) => log.warn({ reason: message }, 'job queue warns'))
  return boss
}

/**
 * Creates the queues that are missing, then starts. In this order, as starting caches the list of queues: to look it up inside a
 * transaction, beside its handle, would wait for ever on PGlite.
 * @param further queues of other folders
 */
export async function startQueue(boss: PgBoss, further: readonly Queue[] = []): Promise<void> {
  for (const name of Object.values(messageQueue)) {
    await boss.createQueue(name, { expireInSeconds: TRY_SECONDS, deleteAfterSeconds: HOUR })
  }
  for (const queue of further) await boss.createQueue(queue.name, queue)
  await boss.start()
}

/** Lets the jobs in hand finish, for at most `timeoutMs`; what is left is taken over by other workers or the next start. */
export async function stopQueue(boss: PgBoss, timeoutMs: number): Promise<void> {
  await boss.stop({ graceful: true, timeout: timeoutMs })
}

/**
 * Tries for as long as the message lives: after 1 s, then with doubling pauses up to a tenth of its life, 15 minutes at most.
 * The job outlives the message by an hour, to blank it.
 */
export function retriesFor(ttlSeconds: number): SendOptions {
  const longestPause = Math.min(Math.max(Math.ceil(ttlSeconds / 10), 5), 900)
  return {
    retryLimit: Math.ceil(ttlSeconds / longestPause) + 20,
    retryDelay: 1,
    retryBackoff: true,
    retryDelayMax: longestPause,
    retentionSeconds: ttlSeconds + HOUR,
  }
}
