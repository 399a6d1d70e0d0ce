import { sql } from 'kysely'
import type { AccountId } from '#src/kernel/ids.ts'
import type { Db, Tx } from '#src/store/store.ts'
import { lockRequest } from '../request-store.ts'

/** One letter: the account and its request. */
export interface Which {
  readonly oid: AccountId
  readonly id: string
}

interface StoredLetter {
  /** Whether there is a code. */
  readonly isPrinted: boolean
  readonly codeHash: string
  readonly tries: number
  readonly sentAt: Date | undefined
  readonly expiresAt: Date
}

/** When it is looked whether the sheet is sent, and again. */
export const LOOK_SECONDS = 60
/** In place of a hash; no code has this one. */
const UNPRINTED = ''

const ofLetter = (handle: Db | Tx, { oid, id }: Which) =>
  handle.updateTable('proofing_letters').where('oid', '=', oid).where('request', '=', id)

/** One that has no code until it is printed. */
export async function insertLetter(tx: Tx, { oid, id }: Which, expiresAt: Date): Promise<void> {
  await tx
    .insertInto('proofing_letters')
    .values({ oid, request: id, code_hash: UNPRINTED, tries: 0, sent_at: null, expires_at: expiresAt, used_at: null })
    .execute()
}

export async function setCode(tx: Tx, which: Which, codeHash: string): Promise<void> {
  await ofLetter(tx, which).set({ code_hash: codeHash }).execute()
}

/**
 * Keeps the account and the request still, in the order in which a change of the record does: whatever names the account in a foreign key
 * would otherwise wait for a change that waits for the request.
 * @returns the request, and whether its account is closed: it was ordered at that moment
 */
export async function lockLetter(tx: Tx, which: Which) {
  const account = await tx
    .selectFrom('accounts')
    .select('state')
    .where('oid', '=', which.oid)
    .forUpdate()
    .executeTakeFirst()
  const request = await lockRequest(tx, which)
  return request && { ...request, isLeft: account?.state === 'closed' }
}

export async function readLetter(tx: Tx, { oid, id }: Which): Promise<StoredLetter> {
  const { code_hash, tries, sent_at, expires_at } = await tx
    .selectFrom('proofing_letters')
    .select(['code_hash', 'tries', 'sent_at', 'expires_at'])
    .where('oid', '=', oid)
    .where('request', '=', id)
    .executeTakeFirstOrThrow()
  return {
    isPrinted: code_hash !== UNPRINTED,
    codeHash: code_hash,
    tries,
    sentAt: sent_at ?? undefined,
    expiresAt: expires_at,
  }
}

export async function countTry(tx: Tx, which: Which): Promise<void> {
  await ofLetter(tx, which).set({ tries: sql<number>`tries + 1` }).execute()
}

export async function markUsed(tx: Tx, which: Which, at: Date): Promise<void> {
  await ofLetter(tx, which).set({ used_at: at }).execute()
}

export async function markSent(tx: Tx, which: Which, at: Date): Promise<void> {
  await ofLetter(tx, which).set({ sent_at: at }).execute()
}

/** When the letter is looked at again by itself; null for never. */
export async function lookAgain(tx: Tx, { oid, id }: Which, at: Date | null): Promise<void> {
  await tx.updateTable('requests').set({ try_at: at }).where('oid', '=', oid).where('id', '=', id).execute()
}

/** What was kept with a request that nobody will correct. */
export async function dropOrderedFor(tx: Tx, { oid, id }: Which): Promise<void> {
  await tx
    .updateTable('requests')
    .set({ payload: null, try_at: null })
    .where('oid', '=', oid)
    .where('id', '=', id)
    .execute()
}

/**
 * When an account ordered the last but `count - 1` of its letters; those that were never sent do not count. The account is kept still, so that
 * orders in parallel count one another.
 */
export async function orderedAt(tx: Tx, oid: AccountId, count: number, notSent: string): Promise<Date | undefined> {
  await tx.selectFrom('accounts').select('oid').where('oid', '=', oid).forUpdate().execute()
  const order = await tx
    .selectFrom('requests')
    .select('created_at')
    .where('oid', '=', oid)
    .where('kind', '=', 'letter')
    .where('reasons', '<>', JSON.stringify([notSent]))
    .orderBy('created_at', 'desc')
    .offset(count - 1)
    .limit(1)
    .executeTakeFirst()
  return order?.created_at
}

/** What became of the sheet: a message of the outbox that has the number of the request. */
export async function fateOfSheet(tx: Tx, { oid, id }: Which) {
  return tx
    .selectFrom('messages')
    .select(['state', 'settled_at'])
    .where('oid', '=', oid)
    .where('id', '=', id)
    .executeTakeFirst()
}
