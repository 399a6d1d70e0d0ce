import type { Keyring } from '#src/store/keyring.ts'
import { defineRead } from '#src/store/reads.ts'
import { open, seal } from '#src/store/seal.ts'
import type { Part } from '#src/store/unit.ts'
import type { RelyingParty } from '../clients.ts'
import type { Allowance } from './allowance.ts'

/** `suspended` may come back; `deleted` never does, and nobody else is ever given its id. */
export type ClientState = 'active' | 'suspended' | 'deleted'

/** A client with everything that is stored about it, its opened secrets included. */
export interface Registered {
  readonly client: RelyingParty
  /** What the secret was before; accepted beside the new one until then. */
  readonly previous?: { readonly secret: string; readonly until: Date }
  readonly state: ClientState
  /** Why it is suspended. */
  readonly reason?: string
  /** What whoever registered it by an initial access token may choose; an operator registered it where there is none. */
  readonly allowance?: Allowance
  readonly createdAt: Date
  readonly changedAt: Date
  readonly version: number
}

export interface ClientRow {
  client_id: string
  metadata: string
  secret: Uint8Array | null
  previous_secret: Uint8Array | null
  previous_until: Date | null
  state: ClientState
  state_reason: string | null
  allowance: string | null
  version: number
  created_at: Date
  changed_at: Date
}

export const clientColumns = [
  'client_id',
  'metadata',
  'secret',
  'previous_secret',
  'previous_until',
  'state',
  'state_reason',
  'allowance',
  'version',
  'created_at',
  'changed_at',
] as const satisfies readonly (keyof ClientRow)[]

export const clientById = defineRead<ClientRow>({
  name: 'clients',
  parameters: { client_id: 'text' },
  sql: `select ${clientColumns.map((column) => `c.${column}`).join(', ')} from clients c where c.client_id = key.client_id`,
})

const stored = {
  client_id: 'text',
  version: 'int',
  metadata: 'text',
  secret: 'bytea',
  previous_secret: 'bytea',
  previous_until: 'timestamptz',
  state: 'text',
  state_reason: 'text',
  allowance: 'text',
  created_at: 'timestamptz',
  changed_at: 'timestamptz',
} as const

const names = Object.keys(stored).join(', ')

/** A taken client_id violates the primary key: the whole unit fails. */
export const addClient: Part = {
  name: 'add_client',
  columns: stored,
  sql: (rows) => `insert into clients (${names}) select ${names} from ${rows}`,
}

/** Goes from the version that was read to the next; if somebody else was quicker, the unit is lost. */
export const changeClient: Part = {
  name: 'change_client',
  columns: stored,
  spends: true,
  sql: (rows) => `update clients c set version = c.version + 1, metadata = r.metadata, secret = r.secret,
      previous_secret = r.previous_secret, previous_until = r.previous_until, state = r.state,
      state_reason = r.state_reason, changed_at = r.changed_at
    from ${rows} r where c.client_id = r.client_id and c.version = r.version returning r.unit, r.position`,
}

const place = (clientId: string, column: 'secret' | 'previous_secret') => ({ table: 'clients', column, key: clientId })

/** Seals and opens rows of clients. */
export function clientRows(keyring: Keyring) {
  const key = keyring.key('clients')
  const sealed = (clientId: string, column: 'secret' | 'previous_secret', secret: string | undefined) =>
    secret === undefined ? null : seal(key, place(clientId, column), secret)
  const opened = (row: ClientRow, column: 'secret' | 'previous_secret') =>
    row[column] === null ? undefined : open(key, place(row.client_id, column), row[column]).toString('utf8')

  return {
    sealed,
    /** The columns of `stored`, in their order. */
    values({ client, previous, ...rest }: Registered) {
      const { client_secret, ...metadata } = client
      const { client_id } = metadata
      return [
        client_id,
        rest.version,
        JSON.stringify(metadata),
        sealed(client_id, 'secret', client_secret),
        sealed(client_id, 'previous_secret', previous?.secret),
        previous?.until ?? null,
        rest.state,
        rest.reason ?? null,
        rest.allowance ? JSON.stringify(rest.allowance) : null,
        rest.createdAt,
        rest.changedAt,
      ]
    },
    registered(row: ClientRow): Registered {
      const secret = opened(row, 'secret')
      const previous = opened(row, 'previous_secret')
      return {
        client: { ...JSON.parse(row.metadata), ...(secret !== undefined && { client_secret: secret }) },
        ...(previous !== undefined &&
          row.previous_until && { previous: { secret: previous, until: row.previous_until } }),
        state: row.state,
        ...(row.state_reason !== null && { reason: row.state_reason }),
        ...(row.allowance !== null && { allowance: JSON.parse(row.allowance) }),
        createdAt: row.created_at,
        changedAt: row.changed_at,
        version: row.version,
      }
    },
  }
}
