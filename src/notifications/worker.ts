import type { JobResult, PgBoss } from 'pg-boss'
import type { Logger } from 'pino'
import type { Clock } from '#src/kernel/clock.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import type { Store } from '#src/store/store.ts'
import { type Channel, type Channels, DeliveryFailed, type Outgoing, PermanentRefusal, type Way } from './channels.ts'
import { messageQueue } from './queue.ts'
import type { MessageStore, Outcome } from './store.ts'

interface Ticket {
  readonly oid: AccountId
  readonly id: string
}

export interface WorkerDeps {
  readonly boss: Pick<PgBoss, 'work' | 'offWork' | 'notifyWorker'>
  readonly store: Pick<Store, 'db'>
  readonly messages: MessageStore
  readonly channels: Channels
  readonly clock: Clock
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>
}

export interface Worker {
  start(): Promise<void>
  /** Looks for messages at once; without it they are found within POLL_SECONDS. */
  wake(): void
  /** Takes nothing more and waits for the tries in hand, whose channels limit their time. */
  stop(): Promise<void>
}

const BATCH = 10
const LANES = 2
const POLL_SECONDS = 2
const SWEEP_MS = 60_000

/** Sends the messages of the outbox, at least once each; any number of processes may run one. */
export function makeWorker({ boss, store, messages, channels, clock, log }: WorkerDeps): Worker {
  const queues = (Object.keys(messageQueue) as Way[]).filter((kind) => channels[kind]).map((kind) => messageQueue[kind])
  const lanes: { readonly id: string; readonly busy: () => boolean }[][] = []
  let sweeping: NodeJS.Timeout | undefined

  /** @throws DeliveryFailed when the message has to be tried again */
  async function deliver({ oid, id }: Ticket): Promise<void> {
    const message = await messages.findWaiting(store.db, oid, id)
    if (!message) return
    const { channel, kind } = message
    const settle = async (outcome: Outcome, reason?: string) => {
      await messages.settle(store.db, oid, id, outcome, clock.now())
      log[outcome === 'sent' ? 'info' : 'warn']({ message: id, channel, kind, reason }, `message ${outcome}`)
    }
    if (message.expiresAt <= clock.now()) return settle('expired')
    const { recipient, body } = await message.open()
    const way = channels[channel]
    if (!way) throw new DeliveryFailed(`${channel} is not configured`)
    const refusal = await tryToSend(way, { id, recipient, ...body })
    await (refusal ? settle('refused', refusal.message) : settle('sent'))
  }

  /** Never throws: pg-boss would keep the error, and an error of a library may quote the recipient or the text. */
  async function attempt(ticket: Ticket): Promise<JobResult> {
    try {
      await deliver(ticket)
      return { id: ticket.id, status: 'completed' }
    } catch (error) {
      const reason = error instanceof DeliveryFailed ? error.message : 'fault'
      log.error(
        { message: ticket.id, reason, ...(reason === 'fault' && { err: error }) },
        'message not sent, will be tried again',
      )
      return { id: ticket.id, status: 'failed', output: { reason } }
    }
  }

  /** A lane is one poller; a batch in one lane does not hold up the other. */
  async function openLane(queue: string) {
    let busy = false
    const options = {
      batchSize: BATCH,
      burstWhenBatchFull: true,
      pollingIntervalSeconds: POLL_SECONDS,
      perJobResults: true,
    } as const
    const id = await boss.work<Ticket>(queue, options, async (jobs) => {
      busy = true
      try {
        return await Promise.all(jobs.map((job) => attempt(job.data)))
      } finally {
        busy = false
      }
    })
    return { id, busy: () => busy }
  }

  async function sweep(): Promise<void> {
    try {
      const count = await messages.expireOverdue(store.db, clock.now())
      if (count > 0) log.warn({ count }, 'messages expired')
    } catch (err) {
      log.error({ err }, 'expired messages not swept')
    }
  }

  return {
    async start() {
      for (const queue of queues) {
        lanes.push(await Promise.all(Array.from({ length: LANES }, () => openLane(queue))))
      }
      sweeping = setInterval(() => void sweep(), SWEEP_MS)
    },
    wake() {
      for (const ofQueue of lanes) boss.notifyWorker((ofQueue.find((lane) => !lane.busy()) ?? ofQueue[0]!).id)
    },
    async stop() {
      clearInterval(sweeping)
      lanes.length = 0
      await Promise.all(queues.map((queue) => boss.offWork(queue, { wait: true })))
    },
  }
}

/** @returns the refusal that settles the message, nothing when it was sent @throws DeliveryFailed for everything else */
async function tryToSend(channel: Channel, message: Outgoing): Promise<PermanentRefusal | undefined> {
  try {
    await channel.send(message)
    return undefined
  } catch (error) {
    if (error instanceof PermanentRefusal) return error
    if (error instanceof DeliveryFailed) throw error
    throw new DeliveryFailed(error instanceof Error ? error.name : 'unknown fault')
  }
}
