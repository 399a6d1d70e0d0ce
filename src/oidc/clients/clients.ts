import { sql } from 'kysely'
import type { Clock } from '#src/kernel/clock.ts'
import type { Keyring } from '#src/store/keyring.ts'
import type { Store } from '#src/store/store.ts'
import { write } from '#src/store/unit.ts'
import type { RelyingParty } from '../clients.ts'
import {
  addClient,
  type ClientRow,
  type ClientState,
  changeClient,
  clientById,
  clientColumns,
  clientRows,
  type Registered,
} from './store.ts'

/** One page of the registered clients, in the order of their ids. */
export interface ClientPage {
  /** Where it is left out: all but the deleted ones. */
  readonly state?: ClientState
  /** Stands somewhere in the registration, such as its id, names and addresses, whatever the case. */
  readonly text?: string
  /** Goes on behind this id. */
  readonly after?: string
  readonly limit: number
}

export interface Clients {
  /** Answers from memory for up to five seconds, so a change is in force everywhere within that time. */
  find(clientId: string): Promise<RelyingParty | undefined>
  /** The same with what is stored beside it; the same object as long as the stored row is the same. */
  active(clientId: string): Promise<Registered | undefined>
  /** As stored now, whatever its state. */
  read(clientId: string): Promise<Registered | undefined>
  page(page: ClientPage): Promise<Registered[]>
  /** Stores a new client in the unit of work. @throws Error of the database at the flush, when its id is taken */
  add(registered: Omit<Registered, 'version' | 'createdAt' | 'changedAt'>): Promise<void>
  /** Stores what became of the version that was read. @throws UnitLost at the flush, when somebody else was quicker */
  change(registered: Registered): Promise<void>
  /** Outdates what this process has in memory; others notice within its life. */
  forget(clientId: string): void
  /**
   * Registers without a check, for fixtures and the sandbox.
   * @throws Error when the client_id is taken and `replace` is not set
   */
  save(client: RelyingParty, options?: { replace?: boolean }): Promise<void>
}

export const takenMessage = (clientId: string) => `client_id "${clientId}" is taken; choose another`

const CACHE_MS = 5_000
/** Any that could have been registered: printable ASCII (RFC 6749, appendix A.1), not longer than anybody would choose. */
const CLIENT_ID = /^[\x20-\x7e]{1,255}$/

export function makeClients(deps: { store: Store; keyring: Keyring; clock: Clock }): Clients {
  const { store, keyring, clock } = deps
  const rows = clientRows(keyring)
  /** Only of those that exist: what is not there must not fill the memory. */
  const cache = new Map<string, { registered: Registered; until: number }>()

  const clients: Clients = {
    find: async (clientId) => (await clients.active(clientId))?.client,
    async active(clientId) {
      const cached = cache.get(clientId)
      if (cached && cached.until > performance.now()) return cached.registered
      if (!CLIENT_ID.test(clientId)) return undefined
      const [row] = await store.read(clientById, [clientId])
      if (row?.state !== 'active') {
        cache.delete(clientId)
        return undefined
      }
      const known = cache.get(clientId)?.registered
      const same = known?.version === row.version && known.changedAt.getTime() === row.changed_at.getTime()
      const registered = same ? known : rows.registered(row)
      cache.set(clientId, { registered, until: performance.now() + CACHE_MS })
      return registered
    },
    async read(clientId) {
      const row = await store.db
        .selectFrom('clients')
        .select(clientColumns)
        .where('client_id', '=', clientId)
        .executeTakeFirst()
      return row && rows.registered(row as ClientRow)
    },
    async page({ state, text, after, limit }) {
      let query = store.db.selectFrom('clients').select(clientColumns).orderBy('client_id').limit(limit)
      query = state === undefined ? query.where('state', '!=', 'deleted') : query.where('state', '=', state)
      if (after !== undefined) query = query.where('client_id', '>', after)
      // The names stand in the metadata; there are few clients, and whoever lists them waits.
      if (text !== undefined) query = query.where('metadata', 'ilike', `%${text.replace(/[\\%_]/g, '\\$&')}%`)
      return (await query.execute()).map((row) => rows.registered(row as ClientRow))
    },
    async add(registered) {
      const now = clock.now()
      const values = rows.values({ ...registered, version: 1, createdAt: now, changedAt: now })
      await write(store, addClient, registered.client.client_id, values)
    },
    async change(registered) {
      const values = rows.values({ ...registered, changedAt: clock.now() })
      await write(store, changeClient, registered.client.client_id, values)
      clients.forget(registered.client.client_id)
    },
    forget(clientId) {
      const cached = cache.get(clientId)
      if (cached) cached.until = 0
    },
    async save(client, { replace = false } = {}) {
      const now = clock.now()
      const { client_id, client_secret, ...metadata } = client
      const row = {
        metadata: JSON.stringify({ client_id, ...metadata }),
        secret: rows.sealed(client_id, 'secret', client_secret),
        previous_secret: null,
        previous_until: null,
        state: 'active' as const,
        state_reason: null,
        allowance: null,
        changed_at: now,
      }
      const insert = store.db.insertInto('clients').values({ client_id, ...row, created_at: now })
      const saved = replace
        ? insert.onConflict((conflict) =>
            conflict.column('client_id').doUpdateSet({ ...row, version: sql`clients.version + 1` }),
          )
        : insert.onConflict((conflict) => conflict.doNothing())
      if (!(await saved.returning('client_id').executeTakeFirst())) throw new Error(takenMessage(client_id))
      clients.forget(client_id)
    },
  }
  return clients
}
