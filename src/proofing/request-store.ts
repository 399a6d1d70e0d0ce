import { type Selectable, sql } from 'kysely'
import { addSeconds } from '#src/kernel/clock.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import type { IdentityRows } from '#src/store/rows/identity.ts'
import { open, type Place, seal } from '#src/store/seal.ts'
import type { Db, Tx } from '#src/store/store.ts'
import {
  openStates,
  type ProofingRequest,
  type Proposal,
  type ReasonCode,
  type RequestKind,
  type RequestState,
} from './request.ts'
import { requestNumber } from './request-number.ts'

const payloadPlace = (oid: AccountId, id: string): Place => ({
  table: 'requests',
  column: 'payload',
  key: `${oid}:${id}`,
})
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

type Row = Pick<
  Selectable<IdentityRows['requests']>,
  'oid' | 'id' | 'number' | 'kind' | 'state' | 'reasons' | 'tries' | 'created_at' | 'changed_at' | 'due_at' | 'try_at'
>
const columns = [
  'oid',
  'id',
  'number',
  'kind',
  'state',
  'reasons',
  'tries',
  'created_at',
  'changed_at',
  'due_at',
  'try_at',
] as const

export interface NewRequest {
  readonly oid: AccountId
  readonly id: string
  readonly kind: RequestKind
  readonly state: RequestState
  readonly origin: string
  readonly createdAt: Date
  readonly dueAt: Date
  /** Undefined where nothing goes on by itself. */
  readonly tryAt: Date | undefined
  /** Sealed with the account's key. */
  readonly payload?: unknown
}

/**
 * @param key the account's data key @param numbersKey `requests` of the keyring
 * @returns its number, or undefined when one of the kind is open: nothing is stored then
 */
export async function insertRequest(
  tx: Tx,
  keys: { readonly key: Buffer; readonly numbersKey: Buffer },
  request: NewRequest,
): Promise<string | undefined> {
  const { oid, id, kind, state, origin, createdAt, dueAt, tryAt, payload } = request
  const { rows } = await sql<{ n: string }>`select nextval('request_numbers') as n`.execute(tx)
  const number = requestNumber(keys.numbersKey, Number(rows[0]!.n))
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('requests')
    .values({
      oid,
      id,
      number,
      kind,
      state,
      payload: payload === undefined ? null : seal(keys.key, payloadPlace(oid, id), JSON.stringify(payload)),
      reasons: '[]',
      origin,
      created_at: createdAt,
      changed_at: createdAt,
      due_at: dueAt,
      try_at: tryAt ?? null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  if (numInsertedOrUpdatedRows === 0n) return undefined
  await addStep(tx, { oid, id }, 'opened', [], createdAt)
  return number
}

interface Which {
  readonly oid: AccountId
  readonly id: string
}

export async function addStep(
  tx: Tx,
  { oid, id }: Which,
  step: string,
  reasons: readonly ReasonCode[],
  at: Date,
): Promise<void> {
  await tx
    .insertInto('request_steps')
    .values({ oid, request: id, step, reasons: JSON.stringify(reasons), at })
    .execute()
}

/** A malformed or foreign id is simply not found. */
export async function findRequest(handle: Db | Tx, { oid, id }: Which): Promise<ProofingRequest | undefined> {
  if (!UUID.test(id)) return undefined
  const rows = await handle.selectFrom('requests').select(columns).where('oid', '=', oid).where('id', '=', id).execute()
  return (await withSteps(handle, oid, rows))[0]
}

export async function findOpen(
  handle: Db | Tx,
  oid: AccountId,
  kind: RequestKind,
): Promise<ProofingRequest | undefined> {
  const rows = await handle
    .selectFrom('requests')
    .select(columns)
    .where('oid', '=', oid)
    .where('kind', '=', kind)
    .where('state', 'in', openStates)
    .execute()
  return (await withSteps(handle, oid, rows))[0]
}

/** The newest first. */
export async function listRequests(
  handle: Db,
  oid: AccountId,
  { limit, before }: { readonly limit: number; readonly before?: string },
): Promise<ProofingRequest[]> {
  let query = handle
    .selectFrom('requests')
    .select(columns)
    .where('oid', '=', oid)
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .limit(limit)
  if (before !== undefined) {
    if (!UUID.test(before)) return []
    query = query.where(
      sql<boolean>`exists (select 1 from requests l where l.oid = ${oid} and l.id = ${before}
        and (requests.created_at < l.created_at or (requests.created_at = l.created_at and requests.id > l.id)))`,
    )
  }
  return withSteps(handle, oid, await query.execute())
}

async function withSteps(handle: Db | Tx, oid: AccountId, rows: readonly Row[]): Promise<ProofingRequest[]> {
  if (rows.length === 0) return []
  const ids = rows.map(({ id }) => id)
  const steps = await handle
    .selectFrom('request_steps')
    .select(['request', 'step', 'reasons', 'at'])
    .where('oid', '=', oid)
    .where('request', 'in', ids)
    .orderBy('seq')
    .execute()
  return rows.map(({ created_at, changed_at, due_at, try_at, tries, reasons, ...row }) => ({
    ...row,
    kind: row.kind as RequestKind,
    number: String(row.number),
    reasons: JSON.parse(reasons),
    createdAt: created_at,
    changedAt: changed_at,
    dueAt: due_at,
    retryAt: row.state === 'checking' && tries > 0 ? (try_at ?? undefined) : undefined,
    steps: steps
      .filter(({ request }) => request === row.id)
      .map(({ step, reasons: why, at }) => ({ step, reasons: JSON.parse(why), at })),
  }))
}

/** @param key the account's data key @returns undefined once it is gone, or for a foreign id */
export async function readPayload<T>(handle: Db | Tx, key: Buffer, { oid, id }: Which): Promise<T | undefined> {
  if (!UUID.test(id)) return undefined
  const row = await handle
    .selectFrom('requests')
    .select('payload')
    .where('oid', '=', oid)
    .where('id', '=', id)
    .executeTakeFirst()
  return row?.payload ? JSON.parse(open(key, payloadPlace(oid, id), row.payload).toString('utf8')) : undefined
}

export const readProposal = (handle: Db | Tx, key: Buffer, which: Which) => readPayload<Proposal>(handle, key, which)

/** Keeps it still until the transaction ends. @returns its state; undefined for a foreign id */
export async function lockRequest(tx: Tx, { oid, id }: Which) {
  if (!UUID.test(id)) return undefined
  return tx
    .selectFrom('requests')
    .select(['number', 'kind', 'state', 'origin', 'tries', 'created_at'])
    .where('oid', '=', oid)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
}

/** How long what was typed into a refused request can be corrected. */
const CORRECTION_SECONDS = 30 * 86_400

/**
 * Ends a request. What was typed is dropped, but for a refused one, which can be corrected for a while; a letter that waits to be printed or
 * sent does not go out any more.
 */
export async function endRequest(
  tx: Tx,
  which: Which,
  state: Exclude<RequestState, 'checking' | 'waiting'>,
  { reasons = [], at }: { readonly reasons?: readonly ReasonCode[]; readonly at: Date },
): Promise<void> {
  const kept = state === 'refused' ? { try_at: addSeconds(at, CORRECTION_SECONDS) } : { try_at: null, payload: null }
  await tx
    .updateTable('requests')
    .set({ state, reasons: JSON.stringify(reasons), changed_at: at, ...kept })
    .where('oid', '=', which.oid)
    .where('id', '=', which.id)
    .execute()
  await addStep(tx, which, state, reasons, at)
  await recallSheet(tx, which, at)
}

/** The sheet of a letter is a message of the outbox that has the number of the request; it is kept only until it is handed over. */
async function recallSheet(tx: Tx, { oid, id }: Which, at: Date): Promise<void> {
  await tx
    .updateTable('messages')
    .set({ state: 'expired', settled_at: at, recipient: null, body: null })
    .where('oid', '=', oid)
    .where('id', '=', id)
    .where('state', '=', 'waiting')
    .execute()
}

/** What was asked for in these sign-ins or sessions and is not settled for good; a letter counts, a second look of ours does not. */
export async function requestsFrom(tx: Tx, oid: AccountId, origins: readonly string[]): Promise<string[]> {
  if (origins.length === 0) return []
  const rows = await tx
    .selectFrom('requests')
    .select('id')
    .where('oid', '=', oid)
    .where('origin', 'in', [...origins])
    .where('state', 'in', [...openStates, 'refused'])
    .where('kind', '<>', 'recheck')
    .execute()
  return rows.map(({ id }) => id)
}

/** Ends what the account still waits for: nobody is asked about it any more. */
export async function endOpenRequests(tx: Tx, oid: AccountId, at: Date): Promise<void> {
  const open = await tx
    .selectFrom('requests')
    .select('id')
    .where('oid', '=', oid)
    .where('state', 'in', openStates)
    .forUpdate()
    .execute()
  for (const { id } of open) await endRequest(tx, { oid, id }, 'withdrawn', { at })
}
