import { randomBytes } from 'node:crypto'
import { CompiledQuery } from 'kysely'
import { pino } from 'pino'
import { makeTexts } from '#src/http/texts.ts'
import { addSeconds } from '#src/kernel/clock.ts'
import { NOBODY } from '#src/kernel/ids.ts'
import { Secret } from '#src/kernel/secret.ts'
import type { Channel, Channels, Outgoing } from '#src/notifications/channels.ts'
import { en } from '#src/notifications/messages.en.ts'
import { ru } from '#src/notifications/messages.ru.ts'
import { type Message, makeOutbox, wakeAfterCommit } from '#src/notifications/outbox.ts'
import { makeQueue, startQueue, stopQueue } from '#src/notifications/queue.ts'
import { makeMessageStore } from '#src/notifications/store.ts'
import { makeWorker, type Worker } from '#src/notifications/worker.ts'
import { makeDataKeys, openKeyring } from '#src/store/keyring.ts'
import type { Store } from '#src/store/store.ts'

const KEK = new Secret(randomBytes(32).toString('base64'))

/** A channel that notes every try and does with it what the test says. */
class RecordingChannel implements Channel {
  readonly tries: Outgoing[] = []
  answer: (message: Outgoing, number: number) => void | Promise<void> = () => {}

  async send(message: Outgoing): Promise<void> {
    this.tries.push(message)
    await this.answer(message, this.tries.length)
  }
}

export class TestClock {
  #now = new Date('2026-03-01T09:00:00Z')
  now(): Date {
    return this.#now
  }
  pass(seconds: number): void {
    this.#now = addSeconds(this.#now, seconds)
  }
}

export type Rig = Awaited<ReturnType<typeof startRig>>

/** The outbox and as many workers as asked for, over one migrated database. */
export async function startRig(plain: Store, { workers = 1 } = {}) {
  const log = pino({ level: 'silent' })
  const clock = new TestClock()
  const keyring = await openKeyring(plain.db, [{ id: 'test', key: KEK }])
  const dataKeys = makeDataKeys(plain.db, keyring)
  const messages = makeMessageStore({ keyring, dataKeys })
  const boss = makeQueue({ store: plain, log })
  await startQueue(boss)
  const texts = makeTexts({ ru, en }, log)
  const outbox = makeOutbox({ boss, messages, translate: texts.translator, clock })
  const channels = {
    sms: new RecordingChannel(),
    mail: new RecordingChannel(),
    post: new RecordingChannel(),
  } satisfies Channels
  const running: Worker[] = []
  const bosses = [boss]
  const wake = () => {
    for (const worker of running) worker.wake()
  }
  const store = wakeAfterCommit(plain, outbox, wake)

  return {
    store,
    clock,
    keyring,
    dataKeys,
    messages,
    outbox,
    channels,
    boss,
    /** Starts the workers, each with a queue of its own as in a process of its own. */
    async work() {
      for (let number = 0; number < workers; number++) {
        const own = number === 0 ? boss : makeQueue({ store: plain, log })
        if (own !== boss) {
          await startQueue(own)
          bosses.push(own)
        }
        const worker = makeWorker({ boss: own, store: plain, messages, channels, clock, log })
        await worker.start()
        running.push(worker)
      }
    },
    wake,
    async add(message: Partial<Message> = {}) {
      await store.tx((tx) => outbox.add(tx, { ...registrationCode, ...message }))
    },
    rows: () => plain.db.selectFrom('messages').selectAll().orderBy('created_at').execute(),
    jobs: async () =>
      (await plain.db.executeQuery(CompiledQuery.raw(`select * from pgboss.job where name like 'messages.%'`)))
        .rows as { id: string; state: string; data: unknown; output: unknown; retry_count: number }[],
    /** Ends the pauses between tries, which tests do not wait for. */
    async hurry() {
      await plain.script(`update pgboss.job set start_after = now() - interval '1 second' where state = 'retry'`)
      wake()
    },
    async stop() {
      await Promise.all(running.map((worker) => worker.stop()))
      await Promise.all(bosses.map((each) => stopQueue(each, 2000)))
    },
  }
}

export const registrationCode: Message = {
  oid: NOBODY,
  channel: 'sms',
  recipient: '+79001234567',
  kind: 'registration_code',
  values: { code: '493817', host: 'id.example.ru' },
  locale: 'ru',
  ttlSeconds: 300,
}

/** Waits until `check` answers true, 8 s at most. */
export async function until(check: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 8000
  while (!(await check())) {
    if (performance.now() > deadline) throw new Error('it did not happen')
    await new Promise((resolve) => setTimeout(resolve, 15))
  }
}
