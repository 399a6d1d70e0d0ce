import type { Keyring } from '#src/store/keyring.ts'
import { keyedHash } from '#src/store/seal.ts'
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
  owner_hash: 'text',
  expires_at: 'timestamptz',
} as const

function partsOf(durability: Durability, table: string) {
  const names = Object.keys(columns).join(', ')
  const put: Part = {
    name: `put_${durability}`,
    columns,
    sql: (rows) => `insert into ${table} (${names}) select ${names} from ${rows}
      on conflict (model, id) do update set payload = excluded.payload, grant_hash = excluded.grant_hash,
        uid_hash = excluded.uid_hash, user_code_hash = excluded.user_code_hash, owner_hash = excluded.owner_hash,
        expires_at = excluded.expires_at`,
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

/** Ends the grants of one owner (see `grantOwner`) with everything issued from them: two parts, one for each table, in the same unit. */
export const dropOwned: readonly Part[] = [
  {
    name: 'drop_owned_durable',
    columns: { owner_hash: 'text' },
    sql: (rows) => `delete from artifacts a using (
        select g.model, g.id from ${rows} r join artifacts g on g.owner_hash = r.owner_hash
        union all
        select i.model, i.id from ${rows} r join artifacts g on g.owner_hash = r.owner_hash join artifacts i on i.grant_hash = g.id
      ) gone where a.model = gone.model and a.id = gone.id`,
  },
  {
    name: 'drop_owned_fleeting',
    columns: { owner_hash: 'text' },
    sql: (rows) => `delete from fleeting_artifacts a using ${rows} r, artifacts g
      where g.owner_hash = r.owner_hash and a.grant_hash = g.id`,
  },
]

/** Whose grant it is, at which client: how all grants of a withdrawn consent are found, those of sessions long over too. */
export function grantOwner(keyring: Pick<Keyring, 'key'>, accountId: string, clientId: string): string {
  return keyedHash(keyring.key('blind_index'), 'grant', `${accountId} ${clientId}`)
}
