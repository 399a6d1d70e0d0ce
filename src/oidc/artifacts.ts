import type { Part } from '#src/store/unit.ts'

/** Durable artifacts survive a crash of the database; fleeting ones only cost a new start of what they belong to. */
export type Durability = 'durable' | 'fleeting'

const fleeting = new Set(['Interaction', 'AuthorizationCode', 'PushedAuthorizationRequest', 'IssuedJwt'])

export function isFleeting(model: string): boolean {
  return fleeting.has(model)
}

const columns = {
  model: 'text',
  id: 'text',
  payload: 'bytea',
  grant_hash: 'text',
  uid_hash: 'text',
  user_code_hash: 'text',
  expires_at: 'timestamptz',
} as const

function partsOf(durability: Durability, table: string) {
  const names = Object.keys(columns).join(', ')
  const put: Part = {
    name: `put_${durability}`,
    columns,
    sql: (rows) => `insert into ${table} (${names}) select ${names} from ${rows}
      on conflict (model, id) do update set payload = excluded.payload, grant_hash = excluded.grant_hash,
        uid_hash = excluded.uid_hash, user_code_hash = excluded.user_code_hash, expires_at = excluded.expires_at`,
  }
  const consume: Part = {
    name: `consume_${durability}`,
    columns: { model: 'text', id: 'text', consumed_at: 'timestamptz' },
    spends: true,
    sql: (rows) => `update ${table} a set consumed_at = r.consumed_at from ${rows} r
      where a.model = r.model and a.id = r.id and a.consumed_at is null returning r.unit, r.position`,
  }
  const drop: Part = {
    name: `drop_${durability}`,
    columns: { model: 'text', id: 'text' },
    sql: (rows) => `delete from ${table} a using ${rows} r where a.model = r.model and a.id = r.id`,
  }
  const revoke: Part = {
    name: `revoke_${durability}`,
    columns: { model: 'text', grant_hash: 'text' },
    sql: (rows) => `delete from ${table} a using ${rows} r where a.model = r.model and a.grant_hash = r.grant_hash`,
  }
  return { put, consume, drop, revoke }
}

/** The ways in which artifacts change, each a part of a unit of work. */
export const artifactParts = {
  durable: partsOf('durable', 'artifacts'),
  fleeting: partsOf('fleeting', 'fleeting_artifacts'),
}
