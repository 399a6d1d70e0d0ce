import { addSeconds, type Clock } from '#src/kernel/clock.ts'
import { type AccountId, randomTicket, ticketHash } from '#src/kernel/ids.ts'
import type { Tx } from '#src/store/store.ts'

/** The link in a notice by which the owner says that it was somebody else. */
export interface NotMe {
  /**
   * In the transaction of the notice. The link opens a page without a sign-in and does nothing until its button is pressed.
   * @param origin what it would undo: a sign-in or a session, as in `Enrolling.origin`
   */
  linkFor(tx: Tx, oid: AccountId, origin: string): Promise<string>
}

const TICKET_SECONDS = 30 * 86_400

/** @param issuer where links lead, whatever the request says */
export function makeNotMe({ clock, issuer }: { clock: Clock; issuer: URL }): NotMe {
  return {
    async linkFor(tx, oid, origin) {
      const ticket = randomTicket()
      const now = clock.now()
      await tx
        .insertInto('not_me_tickets')
        .values({
          oid,
          ticket_hash: ticketHash(ticket),
          origin,
          created_at: now,
          expires_at: addSeconds(now, TICKET_SECONDS),
          used_at: null,
        })
        .execute()
      return `${issuer.origin}/not-me/${ticket}`
    },
  }
}
