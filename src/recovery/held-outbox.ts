import type { Message, Outbox } from '#src/notifications/outbox.ts'
import type { Tx } from '#src/store/store.ts'

/** In place of the outbox, where it is not settled yet whether a message goes out, and to whom. */
export interface HeldOutbox extends Outbox {
  /** The message that was added in a transaction. @throws Error when there is none */
  taken(tx: Tx): Message
}

/**
 * Messages go no further than here: a code is made and counted for an identifier that nobody holds too, and what is sent must cost the same.
 * The real outbox gets the message after the answer has left.
 */
export function makeHeldOutbox(): HeldOutbox {
  const held = new WeakMap<Tx, Message>()
  return {
    async add(tx, message) {
      held.set(tx, message)
    },
    taken(tx) {
      const message = held.get(tx)
      if (!message) throw new Error('the transaction has added no message')
      return message
    },
  }
}
