import type { AccountId } from '#src/kernel/ids.ts'
import type { DataKeys } from '#src/store/keyring.ts'
import { open, type Place, seal } from '#src/store/seal.ts'
import type { Db, Tx } from '#src/store/store.ts'

/** What a change is, in more words than its kind has: a text, and what it is filled with. */
export interface About {
  readonly key: string
  readonly values: Readonly<Record<string, string>>
}

/** A row of `delayed_changes` but for what it takes to carry it out. */
export interface StoredChange {
  readonly oid: AccountId
  readonly id: string
  readonly kind: string
  readonly origin: string
  readonly requestedAt: Date
  readonly dueAt: Date
  readonly about?: About
}

export interface NewChange extends StoredChange {
  readonly ticketHash: string
  readonly payload: unknown
}

const place = (id: string): Place => ({ table: 'delayed_changes', column: 'payload', key: id })
const columns = ['oid', 'id', 'kind', 'origin', 'requested_at', 'due_at'] as const

interface Row {
  readonly oid: AccountId
  readonly id: string
  readonly kind: string
  readonly origin: string
  readonly requested_at: Date
  readonly due_at: Date
}

const changeOf = ({ requested_at, due_at, ...rest }: Row): StoredChange => ({
  ...rest,
  requestedAt: requested_at,
  dueAt: due_at,
})

/** As it is sealed: what it takes to carry the change out, with its words beside that. */
type Sealed = Readonly<Record<string, unknown>> & { readonly about?: About }

export async function insertWaiting(tx: Tx, dataKeys: Pick<DataKeys, 'of'>, change: NewChange): Promise<void> {
  const { oid, id, kind, origin, ticketHash, payload, requestedAt, dueAt, about } = change
  const whole: Sealed = { ...(payload as object), ...(about && { about }) }
  await tx
    .insertInto('delayed_changes')
    .values({
      oid,
      id,
      kind,
      origin,
      ticket_hash: ticketHash,
      payload: seal(await dataKeys.of(oid, tx), place(id), JSON.stringify(whole)),
      requested_at: requestedAt,
      due_at: dueAt,
      state: 'waiting',
    })
    .execute()
}

/** What waits for an account, the soonest first. */
export async function listWaiting(
  handle: Db | Tx,
  dataKeys: Pick<DataKeys, 'of'>,
  oid: AccountId,
): Promise<StoredChange[]> {
  const rows = await handle
    .selectFrom('delayed_changes')
    .select([...columns, 'payload'])
    .where('oid', '=', oid)
    .where('state', '=', 'waiting')
    .orderBy('due_at')
    .execute()
  return (await openedRows(handle, dataKeys, oid, rows)).map(({ change }) => change)
}

/** Changes of an account that ask at the same moment wait for each other. */
export async function lockAccount(tx: Tx, oid: AccountId): Promise<void> {
  await tx.selectFrom('accounts').select('oid').where('oid', '=', oid).forUpdate().execute()
}

/** What waits of one kind, with what was asked for. */
export async function openWaiting(
  handle: Db | Tx,
  dataKeys: Pick<DataKeys, 'of'>,
  { oid, kind }: Pick<StoredChange, 'oid' | 'kind'>,
): Promise<Opened[]> {
  const rows = await handle
    .selectFrom('delayed_changes')
    .select([...columns, 'payload'])
    .where('oid', '=', oid)
    .where('kind', '=', kind)
    .where('state', '=', 'waiting')
    .execute()
  return openedRows(handle, dataKeys, oid, rows)
}

interface Opened {
  readonly change: StoredChange
  readonly payload: unknown
}

async function openedRows(
  handle: Db | Tx,
  dataKeys: Pick<DataKeys, 'of'>,
  oid: AccountId,
  rows: readonly (Row & { readonly payload: Uint8Array | null })[],
): Promise<Opened[]> {
  if (rows.length === 0) return []
  const key = await dataKeys.of(oid, handle)
  return rows.map(({ payload, ...row }) => {
    const { about, ...rest } = opened(key, row.id, payload!)
    return { change: { ...changeOf(row), ...(about && { about }) }, payload: rest }
  })
}

const opened = (key: Buffer, id: string, payload: Uint8Array): Sealed =>
  JSON.parse(open(key, place(id), payload).toString('utf8'))

export async function findWaiting(
  db: Db,
  dataKeys: Pick<DataKeys, 'of'>,
  ticketHash: string,
): Promise<StoredChange | undefined> {
  const row = await db
    .selectFrom('delayed_changes')
    .select([...columns, 'payload'])
    .where('ticket_hash', '=', ticketHash)
    .where('state', '=', 'waiting')
    .executeTakeFirst()
  return row && (await openedRows(db, dataKeys, row.oid, [row]))[0]?.change
}

/** Which changes to stop; whoever is faster, this or their being carried out, wins. */
export type Selected =
  | { readonly ticketHash: string }
  | { readonly oid: AccountId; readonly id: string }
  | { readonly oid: AccountId; readonly origins: readonly string[] }

/** @returns what was stopped */
export async function stopWaiting(tx: Tx, which: Selected): Promise<StoredChange[]> {
  let query = tx.updateTable('delayed_changes').set({ state: 'stopped', payload: null }).where('state', '=', 'waiting')
  if ('ticketHash' in which) query = query.where('ticket_hash', '=', which.ticketHash)
  else if ('id' in which) query = query.where('oid', '=', which.oid).where('id', '=', which.id)
  else if (which.origins.length === 0) return []
  else query = query.where('oid', '=', which.oid).where('origin', 'in', [...which.origins])
  return (await query.returning(columns).execute()).map(changeOf)
}

/** The changes whose time has come, the oldest first. */
export async function listDue(db: Db, now: Date, limit: number): Promise<StoredChange[]> {
  const rows = await db
    .selectFrom('delayed_changes')
    .select(columns)
    .where('state', '=', 'waiting')
    .where('due_at', '<=', now)
    .orderBy('due_at')
    .limit(limit)
    .execute()
  return rows.map(changeOf)
}

/** Takes a waiting change for this transaction. @returns undefined when it is over, or another process has it in hand */
export async function lockWaiting(
  tx: Tx,
  dataKeys: Pick<DataKeys, 'of'>,
  { oid, id }: StoredChange,
): Promise<{ payload: unknown; about: About | undefined } | undefined> {
  const row = await tx
    .selectFrom('delayed_changes')
    .select('payload')
    .where('oid', '=', oid)
    .where('id', '=', id)
    .where('state', '=', 'waiting')
    .forUpdate()
    .skipLocked()
    .executeTakeFirst()
  if (!row) return undefined
  const { about, ...payload } = opened(await dataKeys.of(oid, tx), id, row.payload!)
  return { payload, about }
}

export async function settle(tx: Tx, { oid, id }: StoredChange, state: 'stopped' | 'done'): Promise<void> {
  await tx
    .updateTable('delayed_changes')
    .set({ state, payload: null })
    .where('oid', '=', oid)
    .where('id', '=', id)
    .execute()
}

export async function waitingKinds(db: Db): Promise<string[]> {
  const rows = await db.selectFrom('delayed_changes').select('kind').distinct().where('state', '=', 'waiting').execute()
  return rows.map(({ kind }) => kind)
}
