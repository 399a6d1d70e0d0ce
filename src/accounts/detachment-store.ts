import type { AccountId } from '#src/kernel/ids.ts'
import type { Locale } from '#src/kernel/locale.ts'
import type { Db, Tx } from '#src/store/store.ts'

/** A request to take a contact from its account; `hash` is the contact's blind index. */
export interface Detachment {
  readonly kind: 'phone'
  readonly hash: string
  readonly ticketHash: string
  readonly oid: AccountId
  /** Of whoever asked. */
  readonly locale: Locale
  readonly requestedAt: Date
  readonly dueAt: Date
}

type Contact = Pick<Detachment, 'kind' | 'hash'>

/** @returns false when another request for this contact waits already */
export async function insertWaiting(tx: Tx, { ticketHash, requestedAt, dueAt, ...rest }: Detachment): Promise<boolean> {
  const inserted = await tx
    .insertInto('detachments')
    .values({ ...rest, ticket_hash: ticketHash, requested_at: requestedAt, due_at: dueAt, state: 'waiting' })
    .onConflict((conflict) => conflict.doNothing())
    .returning('oid')
    .executeTakeFirst()
  return inserted !== undefined
}

/** When the contact will be free, if it is asked for. */
export async function findDueAt(handle: Db | Tx, { kind, hash }: Contact): Promise<Date | undefined> {
  const row = await handle
    .selectFrom('detachments')
    .select('due_at')
    .where('kind', '=', kind)
    .where('hash', '=', hash)
    .where('state', '=', 'waiting')
    .executeTakeFirst()
  return row?.due_at
}

export async function countSince(tx: Tx, { kind, hash }: Contact, since: Date): Promise<number> {
  const { n } = await tx
    .selectFrom('detachments')
    .select((e) => e.fn.countAll().as('n'))
    .where('kind', '=', kind)
    .where('hash', '=', hash)
    .where('requested_at', '>', since)
    .executeTakeFirstOrThrow()
  return Number(n)
}

export async function isWaiting(db: Db, ticketHash: string): Promise<boolean> {
  const row = await db
    .selectFrom('detachments')
    .select('oid')
    .where('ticket_hash', '=', ticketHash)
    .where('state', '=', 'waiting')
    .executeTakeFirst()
  return row !== undefined
}

/** Ends a waiting request by the ticket of its notice. @returns whose contact stays */
export async function cancelByTicket(tx: Tx, ticketHash: string): Promise<AccountId | undefined> {
  const cancelled = await tx
    .updateTable('detachments')
    .set({ state: 'cancelled' })
    .where('ticket_hash', '=', ticketHash)
    .where('state', '=', 'waiting')
    .returning('oid')
    .executeTakeFirst()
  return cancelled?.oid
}

/** The requests whose time has come, the oldest first. */
export async function listDue(db: Db, now: Date, limit: number): Promise<Detachment[]> {
  const rows = await db
    .selectFrom('detachments')
    .select(['kind', 'hash', 'ticket_hash', 'oid', 'locale', 'requested_at', 'due_at'])
    .where('state', '=', 'waiting')
    .where('due_at', '<=', now)
    .orderBy('due_at')
    .limit(limit)
    .execute()
  return rows.map(({ ticket_hash, requested_at, due_at, kind, locale, ...rest }) => ({
    ...rest,
    kind: kind as Detachment['kind'],
    locale: locale as Locale,
    ticketHash: ticket_hash,
    requestedAt: requested_at,
    dueAt: due_at,
  }))
}

/** Takes a waiting request for this transaction. @returns false when it is over, or another process has it in hand */
export async function lockWaiting(tx: Tx, { kind, hash, ticketHash }: Detachment): Promise<boolean> {
  const row = await tx
    .selectFrom('detachments')
    .select('oid')
    .where('kind', '=', kind)
    .where('hash', '=', hash)
    .where('ticket_hash', '=', ticketHash)
    .where('state', '=', 'waiting')
    .forUpdate()
    .skipLocked()
    .executeTakeFirst()
  return row !== undefined
}

export async function settle(tx: Tx, detachment: Detachment, state: 'cancelled' | 'done'): Promise<void> {
  await tx
    .updateTable('detachments')
    .set({ state })
    .where('kind', '=', detachment.kind)
    .where('hash', '=', detachment.hash)
    .where('ticket_hash', '=', detachment.ticketHash)
    .execute()
}
