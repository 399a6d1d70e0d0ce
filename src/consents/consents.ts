import { addSeconds, type Clock } from '#src/kernel/clock.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import { defineRead } from '#src/store/reads.ts'
import type { Store } from '#src/store/store.ts'
import { type Part, readOnce, units, write } from '#src/store/unit.ts'

/** What may be done at one resource server. */
export interface ResourceScopes {
  /** Its resource indicator. */
  readonly identifier: string
  readonly scopes: readonly string[]
}

/** What a person decided about one relying party. */
export interface Consent {
  readonly oid: AccountId
  readonly clientId: string
  readonly scopes: readonly string[]
  /** Claims asked for by name, beyond those of the scopes. */
  readonly claims: readonly string[]
  readonly resources: readonly ResourceScopes[]
  readonly grantedAt: Date
  readonly expiresAt: Date
}

export interface Consents {
  /** The decision that is still in force; read once in each request. */
  find(oid: AccountId, clientId: string): Promise<Consent | undefined>
  /** All that are in force, the newest first. */
  of(oid: AccountId): Promise<Consent[]>
  /** The person takes it back; travels in the request's unit of work. */
  withdraw(oid: AccountId, clientId: string): Promise<void>
  /** Adds to what was granted before, and starts the term anew; travels in the request's unit of work. */
  grant(
    consent: Pick<Consent, 'oid' | 'clientId' | 'scopes' | 'claims'> & Partial<Pick<Consent, 'resources'>>,
  ): Promise<Consent>
}

/** Whether everything asked for was granted. */
export function covers(consent: Consent | undefined, asked: Pick<Consent, 'scopes' | 'claims' | 'resources'>): boolean {
  return (
    consent !== undefined &&
    asked.scopes.every((scope) => consent.scopes.includes(scope)) &&
    asked.claims.every((claim) => consent.claims.includes(claim)) &&
    asked.resources.every(({ identifier, scopes }) => {
      const granted = consent.resources.find((resource) => resource.identifier === identifier)?.scopes ?? []
      return scopes.every((scope) => granted.includes(scope))
    })
  )
}

/** Both together, each resource server and each of its scopes once. */
function joined(before: readonly ResourceScopes[], more: readonly ResourceScopes[]): ResourceScopes[] {
  const scopes = new Map<string, Set<string>>()
  for (const resource of [...before, ...more])
    scopes.set(resource.identifier, new Set([...(scopes.get(resource.identifier) ?? []), ...resource.scopes]))
  return [...scopes].map(([identifier, names]) => ({ identifier, scopes: [...names] }))
}

interface Row {
  client_id: string
  scopes: string
  claims: string
  resources: string
  granted_at: Date
  expires_at: Date
}

const find = defineRead<Row>({
  name: 'consents',
  parameters: { oid: 'int', client_id: 'text', at: 'timestamptz' },
  sql: `select client_id, scopes, claims, resources, granted_at, expires_at from consents
    where oid = key.oid and client_id = key.client_id and expires_at > key.at`,
})

const put: Part = {
  name: 'consents',
  columns: {
    oid: 'int',
    client_id: 'text',
    scopes: 'text',
    claims: 'text',
    resources: 'text',
    granted_at: 'timestamptz',
    expires_at: 'timestamptz',
  },
  sql: (rows) => `insert into consents (oid, client_id, scopes, claims, resources, granted_at, expires_at)
    select oid, client_id, scopes, claims, resources, granted_at, expires_at from ${rows}
    on conflict (oid, client_id) do update set scopes = excluded.scopes, claims = excluded.claims,
      resources = excluded.resources, granted_at = excluded.granted_at, expires_at = excluded.expires_at`,
}

const drop: Part = {
  name: 'drop_consent',
  columns: { oid: 'int', client_id: 'text' },
  sql: (rows) => `delete from consents c using ${rows} r where c.oid = r.oid and c.client_id = r.client_id`,
}

const words = (list: string) => list.split(' ').filter((word) => word !== '')

const consentOf = (oid: AccountId, row: Row): Consent => ({
  oid,
  clientId: row.client_id,
  scopes: words(row.scopes),
  claims: words(row.claims),
  resources: JSON.parse(row.resources),
  grantedAt: row.granted_at,
  expiresAt: row.expires_at,
})

export function makeConsents(deps: { store: Store; clock: Clock; termDays: number }): Consents {
  const { store, clock, termDays } = deps
  const nameOf = (oid: AccountId, clientId: string) => `consent:${oid}:${clientId}`

  async function load(oid: AccountId, clientId: string): Promise<Consent | undefined> {
    const [row] = await store.read(find, [oid, clientId, clock.now()])
    return row && consentOf(oid, row)
  }

  const consents: Consents = {
    find: (oid, clientId) => readOnce(nameOf(oid, clientId), () => load(oid, clientId)),
    async of(oid) {
      const rows = await store.db
        .selectFrom('consents')
        .select(['client_id', 'scopes', 'claims', 'resources', 'granted_at', 'expires_at'])
        .where('oid', '=', oid)
        .where('expires_at', '>', clock.now())
        .orderBy('granted_at', 'desc')
        .orderBy('client_id')
        .execute()
      return rows.map((row) => consentOf(oid, row))
    },
    async withdraw(oid, clientId) {
      units.getStore()?.reads.delete(nameOf(oid, clientId))
      await write(store, drop, `${oid}:${clientId}`, [oid, clientId])
    },
    async grant({ oid, clientId, scopes, claims, resources = [] }) {
      const before = await consents.find(oid, clientId)
      const grantedAt = clock.now()
      const consent: Consent = {
        oid,
        clientId,
        scopes: [...new Set([...(before?.scopes ?? []), ...scopes])],
        claims: [...new Set([...(before?.claims ?? []), ...claims])],
        resources: joined(before?.resources ?? [], resources),
        grantedAt,
        expiresAt: addSeconds(grantedAt, termDays * 86_400),
      }
      units.getStore()?.reads.delete(nameOf(oid, clientId))
      await write(store, put, `${oid}:${clientId}`, [
        oid,
        clientId,
        consent.scopes.join(' '),
        consent.claims.join(' '),
        JSON.stringify(consent.resources),
        grantedAt,
        consent.expiresAt,
      ])
      return consent
    },
  }
  return consents
}
