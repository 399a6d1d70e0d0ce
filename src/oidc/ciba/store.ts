import { sql } from 'kysely'
import { addSeconds, type Clock } from '#src/kernel/clock.ts'
import { type AccountId, ticketHash } from '#src/kernel/ids.ts'
import type { Keyring } from '#src/store/keyring.ts'
import { open, seal } from '#src/store/seal.ts'
import type { Db, Store, Tx } from '#src/store/store.ts'
import { type Part, write } from '#src/store/unit.ts'
import type { CibaRequest, Decision, Details, Told } from './request.ts'

type Work = 'ask' | 'ping'
type Named = Pick<CibaRequest, 'oid' | 'id'>

/** Not opened yet: one that cannot be opened is its own fault and not that of the others. */
export interface DueRequest extends Pick<CibaRequest, 'oid' | 'id' | 'clientId'> {
  open(): CibaRequest
}

/** Other requests that still wait, and messages of any request, whether it still waits or not. */
export interface Bothered {
  readonly waiting: number
  readonly lately: number
  readonly today: number
  /** Of `today`, those of the request's client. */
  readonly todayOfClient: number
}

const TRY_AGAIN_SECONDS = 10

/** The table `ciba_requests`. */
export interface CibaRequests {
  /** Stores a request with everything else that the client's call writes. */
  add(request: Pick<CibaRequest, 'oid' | 'clientId' | 'expiresAt'> & Details): Promise<void>
  /** The request that waits for a decision and whose message carried this ticket. */
  byTicket(ticket: string): Promise<CibaRequest | undefined>
  byId(oid: AccountId, id: string): Promise<CibaRequest | undefined>
  /** All that wait for one person, the oldest first. */
  waiting(oid: AccountId): Promise<CibaRequest[]>
  /**
   * Spends the request in the request's unit of work; of two decisions at once the second loses everything that it wanted to write.
   * @param ping whether the client wants to be told
   */
  decide(request: CibaRequest, decision: Decision, ping: boolean): Promise<void>
  /** Requests of any state about which something has to be done. */
  due(work: Work, limit: number): Promise<DueRequest[]>
  /** Takes a request for this transaction and marks it as done. @returns false when another process has it */
  take(tx: Tx, request: Named, work: Work): Promise<boolean>
  /** What failed is due again in some seconds; others come before it. */
  postpone(request: Named, work: Work): Promise<void>
  /** The person is not bothered with it; it expires. */
  silence(tx: Tx, request: CibaRequest): Promise<void>
  /** What the person has been bothered with; one process at a time asks about one person. */
  bothered(tx: Tx, request: CibaRequest, since: Readonly<Record<'lately' | 'today', Date>>): Promise<Bothered>
  /** Counts the message by which the person is told. */
  tell(tx: Tx, request: CibaRequest, by: Told): Promise<void>
  /** Refusals of this client by this person since, back to the last approval. */
  refusalsSince(tx: Tx, request: CibaRequest, since: Date): Promise<number>
  /** Whatever its state, until some time after it expired; for jobs. */
  find(oid: AccountId, id: string): Promise<CibaRequest | undefined>
}

const insert: Part = {
  name: 'ciba_add',
  columns: {
    oid: 'int',
    id: 'text',
    ticket_hash: 'text',
    client_id: 'text',
    details: 'bytea',
    created_at: 'timestamptz',
    expires_at: 'timestamptz',
  },
  sql: (
    rows,
  ) => `insert into ciba_requests (oid, id, ticket_hash, client_id, details, state, due, created_at, expires_at)
    select oid, id, ticket_hash, client_id, details, 'waiting', 'ask', created_at, expires_at from ${rows}`,
}

const decided: Part = {
  name: 'ciba_decide',
  columns: { oid: 'int', id: 'text', state: 'text', due: 'text', decided_at: 'timestamptz' },
  spends: true,
  sql: (rows) => `update ciba_requests c set state = r.state, due = r.due, decided_at = r.decided_at from ${rows} r
    where c.oid = r.oid and c.id = r.id and c.state = 'waiting' and c.expires_at > r.decided_at
    returning r.unit, r.position`,
}

interface Row {
  oid: number
  id: string
  client_id: string
  details: Uint8Array
  created_at: Date
  expires_at: Date
  told: Told | null
}

const columns = ['oid', 'id', 'client_id', 'details', 'created_at', 'expires_at', 'told'] as const

/** @param added told after `add` and `decide`, when the row may still be on its way into the database */
export function makeCibaRequests(deps: {
  store: Store
  keyring: Keyring
  clock: Clock
  added: () => void
}): CibaRequests {
  const { store, keyring, clock, added } = deps
  const key = keyring.key('artifacts')
  const place = (id: string) => ({ table: 'ciba_requests', column: 'details', key: id })

  function requestOf({ id, oid, client_id, details, created_at, expires_at, told }: Row): CibaRequest {
    const opened: Details = JSON.parse(open(key, place(id), details).toString('utf8'))
    return {
      ...opened,
      id,
      oid,
      clientId: client_id,
      createdAt: created_at,
      expiresAt: expires_at,
      told: told ?? undefined,
    }
  }

  const stillWaiting = (handle: Db | Tx) =>
    handle.selectFrom('ciba_requests').where('state', '=', 'waiting').where('expires_at', '>', clock.now())

  const one = (row: Row | undefined) => row && requestOf(row)

  return {
    async add({ oid, clientId, expiresAt, ...details }) {
      const id = ticketHash(details.authReqId)
      const sealed = seal(key, place(id), JSON.stringify(details satisfies Details))
      const row = [oid, id, ticketHash(details.ticket), clientId, sealed, clock.now(), expiresAt]
      await write(store, insert, `${oid}:${id}`, row)
      added()
    },
    async byTicket(ticket) {
      const query = stillWaiting(store.db).select(columns).where('ticket_hash', '=', ticketHash(ticket))
      return one(await query.executeTakeFirst())
    },
    async byId(oid, id) {
      return one(
        await stillWaiting(store.db).select(columns).where('oid', '=', oid).where('id', '=', id).executeTakeFirst(),
      )
    },
    async waiting(oid) {
      const query = stillWaiting(store.db).select(columns).where('oid', '=', oid).orderBy('created_at').limit(50)
      return (await query.execute()).map(requestOf)
    },
    async decide({ oid, id }, decision, ping) {
      await write(store, decided, `${oid}:${id}`, [oid, id, decision, ping ? 'ping' : null, clock.now()])
      added()
    },
    async due(work, limit) {
      const rows = await store.db
        .selectFrom('ciba_requests')
        .select(columns)
        .where('due', 'is not', null)
        .where('due', '=', work)
        .where('expires_at', '>', clock.now())
        .where((e) => e.or([e('try_at', 'is', null), e('try_at', '<=', clock.now())]))
        .orderBy((e) => e.fn.coalesce('try_at', 'created_at'))
        .limit(limit)
        .execute()
      return rows.map((row) => ({ oid: row.oid, id: row.id, clientId: row.client_id, open: () => requestOf(row) }))
    },
    async take(tx, { oid, id }, work) {
      const row = await tx
        .selectFrom('ciba_requests')
        .select('id')
        .where('oid', '=', oid)
        .where('id', '=', id)
        .where('due', '=', work)
        .forUpdate()
        .skipLocked()
        .executeTakeFirst()
      if (!row) return false
      const done = { due: null, try_at: null }
      await tx.updateTable('ciba_requests').set(done).where('oid', '=', oid).where('id', '=', id).execute()
      return true
    },
    async postpone({ oid, id }, work) {
      await store.db
        .updateTable('ciba_requests')
        .set({ try_at: addSeconds(clock.now(), TRY_AGAIN_SECONDS) })
        .where('oid', '=', oid)
        .where('id', '=', id)
        .where('due', '=', work)
        .execute()
    },
    async silence(tx, { oid, id }) {
      await tx
        .updateTable('ciba_requests')
        .set({ state: 'silenced' })
        .where('oid', '=', oid)
        .where('id', '=', id)
        .where('state', '=', 'waiting')
        .execute()
    },
    async bothered(tx, { oid, id, clientId }, { lately, today }) {
      await sql`select pg_advisory_xact_lock(hashtext('ciba_requests'), ${oid})`.execute(tx)
      const { rows } = await sql<Bothered>`select
        count(*) filter (where state = 'waiting' and expires_at > ${clock.now()} and due is null and id <> ${id})::int as waiting,
        count(*) filter (where told_at > ${lately})::int as lately,
        count(*) filter (where told_at > ${today})::int as today,
        count(*) filter (where told_at > ${today} and client_id = ${clientId})::int as "todayOfClient"
        from ciba_requests where oid = ${oid}`.execute(tx)
      return rows[0]!
    },
    async tell(tx, { oid, id }, by) {
      const told = { told: by, told_at: clock.now() }
      await tx.updateTable('ciba_requests').set(told).where('oid', '=', oid).where('id', '=', id).execute()
    },
    async refusalsSince(tx, { oid, clientId }, since) {
      const rows = await tx
        .selectFrom('ciba_requests')
        .select('state')
        .where('oid', '=', oid)
        .where('client_id', '=', clientId)
        .where('decided_at', '>', since)
        .orderBy('decided_at', 'desc')
        .limit(50)
        .execute()
      const approval = rows.findIndex(({ state }) => state === 'approved')
      return approval < 0 ? rows.length : approval
    },
    async find(oid, id) {
      return one(
        await store.db
          .selectFrom('ciba_requests')
          .select(columns)
          .where('oid', '=', oid)
          .where('id', '=', id)
          .executeTakeFirst(),
      )
    },
  }
}
