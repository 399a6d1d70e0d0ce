import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { addSeconds, type Clock } from '#src/kernel/clock.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import type { Keyring } from '#src/store/keyring.ts'
import { open, seal } from '#src/store/seal.ts'
import type { Store, Tx } from '#src/store/store.ts'
import { type Part, write } from '#src/store/unit.ts'

/** That a session of a person at a relying party has ended. */
export interface LogoutNotice {
  readonly oid: AccountId
  readonly clientId: string
  /** The session's name at that client, as in its id_tokens. */
  readonly sid: string
}

/** Where a notice stands; beside the client's id all that the queue knows of it. */
export interface NoticeTicket {
  readonly oid: AccountId
  readonly id: string
}

/** The table `logout_notices`. */
export interface LogoutNotices {
  /** Stores a notice with everything else that the request writes; outside a request at once. */
  add(notice: LogoutNotice): Promise<void>
  /** Takes up to MOST_RELAYED notices that nobody has taken, in a transaction with what `queue` does. @returns how many */
  relay(queue: (tx: Tx, ticket: NoticeTicket, clientId: string) => Promise<unknown>): Promise<number>
  find(ticket: NoticeTicket): Promise<LogoutNotice | undefined>
  /** Forgets one whose fate is settled. */
  settle(ticket: NoticeTicket): Promise<void>
}

/** A relying party's own session ends within a day; telling it later changes nothing. */
export const NOTICE_SECONDS = 86_400
export const MOST_RELAYED = 100

const insertNotice: Part = {
  name: 'note_logout',
  columns: {
    oid: 'int',
    id: 'text',
    client_id: 'text',
    sid: 'bytea',
    created_at: 'timestamptz',
    expires_at: 'timestamptz',
  },
  sql: (rows) => `insert into logout_notices (oid, id, client_id, sid, created_at, expires_at)
    select oid, id, client_id, sid, created_at, expires_at from ${rows}`,
}

/** @param added told after `add`, when the notice may still be on its way into the database */
export function makeLogoutNotices(deps: {
  store: Store
  keyring: Keyring
  clock: Clock
  added: () => void
}): LogoutNotices {
  const { store, keyring, clock, added } = deps
  const key = keyring.key('artifacts')
  const place = (id: string) => ({ table: 'logout_notices', column: 'sid', key: id })

  return {
    async add({ oid, clientId, sid }) {
      const id = randomUUID()
      const now = clock.now()
      const row = [oid, id, clientId, seal(key, place(id), sid), now, addSeconds(now, NOTICE_SECONDS)]
      await write(store, insertNotice, `logout:${id}`, row)
      added()
    },
    relay: (queue) =>
      store.tx(async (tx) => {
        const { rows } = await sql<NoticeTicket & { client_id: string }>`
          update logout_notices set queued_at = ${clock.now()}
          where ctid = any(array(select ctid from logout_notices where queued_at is null
            order by created_at limit ${sql.lit(MOST_RELAYED)} for update skip locked)) and queued_at is null
          returning oid, id, client_id`.execute(tx)
        for (const { client_id, ...ticket } of rows) await queue(tx, ticket, client_id)
        return rows.length
      }),
    async find({ oid, id }) {
      const row = await store.db
        .selectFrom('logout_notices')
        .select(['client_id', 'sid'])
        .where('oid', '=', oid)
        .where('id', '=', id)
        .where('expires_at', '>', clock.now())
        .executeTakeFirst()
      return row && { oid, clientId: row.client_id, sid: open(key, place(id), row.sid).toString('utf8') }
    },
    async settle({ oid, id }) {
      await store.db.deleteFrom('logout_notices').where('oid', '=', oid).where('id', '=', id).execute()
    },
  }
}
