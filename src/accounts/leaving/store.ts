import { type Selectable, sql } from 'kysely'
import { addSeconds } from '#src/kernel/clock.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import type { AccountRows } from '#src/store/rows/accounts.ts'
import type { Db, Tx } from '#src/store/store.ts'

/** Why an account was closed: its owner wished it, withdrew the consent to processing, or an operator did it. */
export type ClosingCause = 'owner' | 'withdrawal' | 'operator'

/** The end of an account, as far as it has come. */
export interface Closing {
  readonly cause: ClosingCause
  readonly closedAt: Date
  /** Until then its owner can return. */
  readonly eraseAt: Date
  /** Since when the last message is on its way. */
  readonly farewellAt: Date | undefined
  readonly erasedAt: Date | undefined
}

const columns = ['cause', 'closed_at', 'erase_at', 'farewell_at', 'erased_at'] as const

export async function findClosing(handle: Db | Tx, oid: AccountId): Promise<Closing | undefined> {
  const row = await handle.selectFrom('closings').select(columns).where('oid', '=', oid).executeTakeFirst()
  return row && closingOf(row)
}

/** Locks the account first, as everything does that changes its state. */
export async function lockClosing(tx: Tx, oid: AccountId): Promise<Closing | undefined> {
  await lockAccount(tx, oid)
  return findClosing(tx, oid)
}

export async function lockAccount(tx: Tx, oid: AccountId): Promise<void> {
  await tx.selectFrom('accounts').select('oid').where('oid', '=', oid).forUpdate().execute()
}

function closingOf(row: Pick<Selectable<AccountRows['closings']>, (typeof columns)[number]>): Closing {
  return {
    cause: row.cause,
    closedAt: row.closed_at,
    eraseAt: row.erase_at,
    farewellAt: row.farewell_at ?? undefined,
    erasedAt: row.erased_at ?? undefined,
  }
}

/** What the time has come for, the earliest first. */
export async function dueFor(
  db: Db,
  what: 'ending_at' | 'warn_at' | 'erase_at',
  now: Date,
  limit: number,
): Promise<AccountId[]> {
  const rows = await db
    .selectFrom('closings')
    .select('oid')
    .where(what, '<=', now)
    .where('erased_at', 'is', null)
    .orderBy(what)
    .limit(limit)
    .execute()
  return rows.map(({ oid }) => oid)
}

/** So long an owner who has found the way back can go it. */
const WAY_BACK_SECONDS = 7 * 86_400

/** The owner of a closed account is on the way back, by what is due only then: the erasure waits until they could have used it. */
export async function prolongClosing(
  tx: Tx,
  oid: AccountId,
  { dueAt, now }: { dueAt: Date; now: Date },
): Promise<void> {
  const until = addSeconds(dueAt, WAY_BACK_SECONDS)
  await tx
    .updateTable('closings')
    .set({ erase_at: until })
    .where('oid', '=', oid)
    .where('farewell_at', 'is', null)
    .where('erase_at', '>', now)
    .where('erase_at', '<', until)
    .execute()
}

/** What was agreed to, or taken back, and in which version of the text; of each kind and version the last time counts. */
export async function recordAgreement(
  tx: Tx,
  oid: AccountId,
  agreement: {
    readonly kind: 'personal_data' | 'personal_data_withdrawn'
    readonly version: string
    readonly at: Date
  },
): Promise<void> {
  const { kind, version, at: agreed_at } = agreement
  await tx
    .insertInto('agreements')
    .values({ oid, kind, version, agreed_at })
    .onConflict((conflict) => conflict.columns(['oid', 'kind', 'version']).doUpdateSet({ agreed_at }))
    .execute()
}

/** Whether a message of this kind is still to be sent. */
export async function isWaiting(tx: Tx, oid: AccountId, kind: string): Promise<boolean> {
  const { rows } = await sql`select 1 from messages
    where oid = ${oid} and kind = ${kind} and state = 'waiting' limit 1`.execute(tx)
  return rows.length > 0
}

/** Whether relying parties have still to hear that sessions of the account are over. */
export async function hasNotices(tx: Tx, oid: AccountId): Promise<boolean> {
  const { rows } = await sql`select 1 from logout_notices where oid = ${oid} limit 1`.execute(tx)
  return rows.length > 0
}
