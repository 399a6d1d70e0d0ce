import { addSeconds, type Clock } from '#src/kernel/clock.ts'
import { type AccountId, randomTicket, ticketHash } from '#src/kernel/ids.ts'
import type { Store, Tx } from '#src/store/store.ts'

/** What a link is about. */
export interface Reportable {
  readonly oid: AccountId
  /** A sign-in or a session, as in `Enrolling.origin`. */
  readonly origin: string
}

export interface ReportLink extends Reportable {
  /** Whether it takes back what was done there, beside ending it: only one that was sent by mail does. */
  readonly undoes: boolean
}

/** The link in a notice by which the owner says that it was somebody else. */
export interface NotMe {
  /**
   * In the transaction of the notice. The link opens a page without a sign-in and does nothing until its button is pressed.
   * @param about `origin`: what it would undo, as in `Enrolling.origin`
   */
  linkFor(tx: Tx, about: ReportLink): Promise<string>
  /** Changes nothing. @returns undefined for a ticket that is wrong, used or too old */
  find(ticket: string): Promise<ReportLink | undefined>
  /**
   * Spends the link, and with it all that are about the same and may do no more than it: a link of an SMS leaves those of mails.
   * @returns false when somebody was quicker
   */
  spend(tx: Tx, about: ReportLink): Promise<boolean>
}

/** So long can a sign-in be reported, by the link or in the journal. */
export const REPORTABLE_SECONDS = 30 * 86_400

const TICKET = /^[\w-]{43}$/

/** @param issuer where links lead, whatever the request says */
export function makeNotMe({ store, clock, issuer }: { store: Pick<Store, 'db'>; clock: Clock; issuer: URL }): NotMe {
  return {
    async linkFor(tx, { oid, origin, undoes }) {
      const ticket = randomTicket()
      const now = clock.now()
      await tx
        .insertInto('not_me_tickets')
        .values({
          oid,
          ticket_hash: ticketHash(ticket),
          origin,
          undoes,
          created_at: now,
          expires_at: addSeconds(now, REPORTABLE_SECONDS),
          used_at: null,
        })
        .execute()
      return `${issuer.origin}/not-me/${ticket}`
    },
    async find(ticket) {
      if (!TICKET.test(ticket)) return undefined
      return store.db
        .selectFrom('not_me_tickets')
        .select(['oid', 'origin', 'undoes'])
        .where('ticket_hash', '=', ticketHash(ticket))
        .where('used_at', 'is', null)
        .where('expires_at', '>', clock.now())
        .executeTakeFirst()
    },
    async spend(tx, { oid, origin, undoes }) {
      let query = tx
        .updateTable('not_me_tickets')
        .set({ used_at: clock.now() })
        .where('oid', '=', oid)
        .where('origin', '=', origin)
        .where('used_at', 'is', null)
      if (!undoes) query = query.where('undoes', '=', false)
      const { numUpdatedRows } = await query.executeTakeFirst()
      return numUpdatedRows > 0n
    },
  }
}
