import { randomUUID } from 'node:crypto'
import { fromKysely, type PgBoss } from 'pg-boss'
import { addSeconds, type Clock } from '#src/kernel/clock.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import type { Locale } from '#src/kernel/locale.ts'
import type { Store, Tx } from '#src/store/store.ts'
import { type ChannelKind, checkRecipient } from './channels.ts'
import { messageQueue, retriesFor } from './queue.ts'
import type { MessageStore, NewMessage } from './store.ts'
import { type TranslateTo, textOf } from './text.ts'

export interface Message {
  /** The account told; NOBODY when none exists yet. */
  readonly oid: AccountId
  readonly channel: ChannelKind
  /** E.164 number or mail address. */
  readonly recipient: string
  /** The text is `message.<kind>`, for mail `message.<kind>.subject` and `message.<kind>.mail`, for a call `message.<kind>.voice`. */
  readonly kind: string
  /** Fills the text, e.g. `{ code: '123456', host: 'id.example.ru' }`; one line each. */
  readonly values: Readonly<Record<string, string>>
  readonly locale: Locale
  /** The message is never sent after that time. */
  readonly ttlSeconds: number
}

export interface Outbox {
  /**
   * Stores a message in the transaction of the change that it tells of; a worker sends it after the commit.
   * @throws Error for a malformed recipient or value, or a kind without text
   */
  add(tx: Tx, message: Message): Promise<void>
}

/** A letter on paper. */
export interface PostedLetter {
  readonly oid: AccountId
  /** A uuid of the sender's, by which the letter's fate is found in `messages`. */
  readonly id: string
  readonly kind: string
  /** Name and address in one line. */
  readonly recipient: string
  readonly pdf: Buffer
  /** The letter is never sent after that time. */
  readonly ttlSeconds: number
}

export interface PostOffice {
  /** Stores a letter in the transaction of what it tells of, as `Outbox.add` does a message. */
  post(tx: Tx, letter: PostedLetter): Promise<void>
}

export interface OutboxDeps {
  readonly boss: Pick<PgBoss, 'send'>
  readonly messages: Pick<MessageStore, 'insert'>
  readonly translate: TranslateTo
  readonly clock: Clock
}

/** An outbox that also tells which transactions carry a message, for `wakeAfterCommit`. */
export interface TracedOutbox extends Outbox, PostOffice {
  holds(tx: Tx): boolean
}

export function makeOutbox({ boss, messages, translate, clock }: OutboxDeps): TracedOutbox {
  const carriers = new WeakSet<Tx>()

  async function store(tx: Tx, message: Omit<NewMessage, 'createdAt' | 'expiresAt'> & { readonly ttlSeconds: number }) {
    const { ttlSeconds, ...row } = message
    const { oid, id, channel } = row
    checkRecipient(channel, row.recipient)
    const createdAt = clock.now()
    await messages.insert(tx, { ...row, createdAt, expiresAt: addSeconds(createdAt, ttlSeconds) })
    // The job tells where the row is and nothing else, so that the queue's tables hold nothing personal.
    await boss.send(messageQueue[channel], { oid, id }, { id, db: fromKysely(tx), ...retriesFor(ttlSeconds) })
    carriers.add(tx)
  }

  return {
    async add(tx, message) {
      const { oid, channel, recipient, kind, ttlSeconds } = message
      const body = textOf(message, translate)
      await store(tx, { oid, id: randomUUID(), channel, kind, recipient, body, ttlSeconds })
    },
    post: (tx, { pdf, ...letter }) => store(tx, { ...letter, channel: 'post', body: { text: '', pdf } }),
    holds: (tx) => carriers.has(tx),
  }
}

/** The same store, whose transactions wake the worker of this process once they have committed a message. */
export function wakeAfterCommit(store: Store, outbox: Pick<TracedOutbox, 'holds'>, wake: () => void): Store {
  return {
    ...store,
    async tx(work) {
      let carried = false
      const result = await store.tx(async (tx) => {
        const answer = await work(tx)
        carried = outbox.holds(tx)
        return answer
      })
      if (carried) wake()
      return result
    },
  }
}
