import { createHash } from 'node:crypto'
import type { Codes } from '#src/factors/code/codes.ts'
import type { Refusal as Refused } from '#src/factors/factor.ts'
import { type AccountId, NOBODY, randomTicket, ticketHash } from '#src/kernel/ids.ts'
import type { Locale } from '#src/kernel/locale.ts'
import type { Message } from '#src/notifications/outbox.ts'
import { open, seal } from '#src/store/seal.ts'
import type { Tx } from '#src/store/store.ts'
import type { HeldOutbox } from './held-outbox.ts'
import type { Contact } from './recovery.ts'

/** A code that was made; its message is not on its way yet. */
export interface Issued {
  readonly message: Message
  readonly linkHash: string
  readonly linkCode: string
}

export interface Making {
  readonly ok: true
  /** @param id of the recovery */
  make(tx: Tx, id: string): Promise<Issued>
}

/** A code that is wanted. */
export interface Wanted {
  readonly contact: Contact
  readonly locale: Locale
  /** Of whoever asks. */
  readonly network: string
}

/** The codes of recoveries, which are made and counted for an identifier that nobody holds as well. */
export interface ContactCodes {
  /**
   * For the contact that a recovery begins with; an e-mail gets a link beside the code. Counted before, in a commit of its own.
   * @returns what makes the code in a transaction, or the refusal: `code.too_soon`, `code.too_many`, `code.too_busy`
   */
  first(wanted: Wanted): Promise<Making | Refused>
  /** For the other contact of an account. */
  other(wanted: Wanted, oid: AccountId): Promise<Making | Refused>
  /** The code that a mailed link stands for; the ticket alone opens it. */
  ofLink(ticket: string, linkCode: string): string
}

/** By which the codes of a recovery are tried and spent. */
export const firstCodeId = (id: string) => `recovery:first:${id}`
export const otherCodeId = (id: string) => `recovery:other:${id}`

const place = (ticket: string) => ({ table: 'recoveries', column: 'link_code', key: ticketHash(ticket) })
const keyOf = (ticket: string) => createHash('sha256').update(`recovery link\0${ticket}`).digest()

/** @param deps `codes`: those that put their messages into `held` */
export function makeContactCodes(deps: { codes: Codes; held: HeldOutbox; issuer: URL }): ContactCodes {
  const { codes, held, issuer } = deps

  async function admitted(
    kind: 'recovery_code' | 'recovery_check_code',
    idOf: (id: string) => string,
    { contact, locale, network }: Wanted,
    oid: AccountId,
  ): Promise<Making | Refused> {
    const asked = { kind, contact, oid, network }
    const admission = await codes.admit(asked)
    if (!admission.ok) return admission
    return {
      ok: true,
      async make(tx, id) {
        const ticket = randomTicket()
        const values = { link: `${issuer.origin}/recovery/link/${ticket}` }
        await codes.issue(tx, { ...asked, id: idOf(id), locale, values }, admission)
        const message = held.taken(tx)
        const linkCode = seal(keyOf(ticket), place(ticket), message.values.code!).toString('base64url')
        return { message, linkHash: ticketHash(ticket), linkCode }
      },
    }
  }

  return {
    // Not counted against the account: that there is one must change nothing.
    first: (wanted) => admitted('recovery_code', firstCodeId, wanted, NOBODY),
    other: (wanted, oid) => admitted('recovery_check_code', otherCodeId, wanted, oid),
    ofLink: (ticket, linkCode) => open(keyOf(ticket), place(ticket), Buffer.from(linkCode, 'base64url')).toString(),
  }
}
