import { addSeconds, type Clock } from '#src/kernel/clock.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import { defineRead } from '#src/store/reads.ts'
import type { Store } from '#src/store/store.ts'
import { type Part, write } from '#src/store/unit.ts'

/** What a person decided about one relying party. */
export interface Consent {
  readonly oid: AccountId
  readonly clientId: string
  readonly scopes: readonly string[]
  /** Claims asked for by name, beyond those of the scopes. */
  readonly claims: readonly string[]
  readonly grantedAt: Date
  readonly expiresAt: Date
}

export interface Consents {
  /** The decision that is still in force. */
  find(oid: AccountId, clientId: string): Promise<Consent | undefined>
  /** Adds scopes and claims to what was granted before, and starts the term anew; travels in the request's unit of work. */
  grant(consent: Pick<Consent, 'oid' | 'clientId' | 'scopes' | 'claims'>): Promise<Consent>
}

/** Whether everything asked for was granted. */
export function covers(consent: Consent | undefined, scopes: readonly string[], claims: readonly string[]): boolean {
  return (
    consent !== undefined &&
    scopes.every((scope) => consent.scopes.includes(scope)) &&
    claims.every((claim) => consent.claims.includes(claim))
  )
}

interface Row {
  scopes: string
  claims: string
  granted_at: Date
  expires_at: Date
}

const find = defineRead<Row>({
  name: 'consents',
  parameters: { oid: 'int', client_id: 'text', at: 'timestamptz' },
  sql: `select scopes, claims, granted_at, expires_at from consents
    where oid = key.oid and client_id = key.client_id and expires_at > key.at`,
})

const put: Part = {
  name: 'consents',
  columns: {
    oid: 'int',
    client_id: 'text',
    scopes: 'text',
    claims: 'text',
    granted_at: 'timestamptz',
    expires_at: 'timestamptz',
  },
  sql: (rows) => `insert into consents (oid, client_id, scopes, claims, granted_at, expires_at)
    select oid, client_id, scopes, claims, granted_at, expires_at from ${rows}
    on conflict (oid, client_id) do update set scopes = excluded.scopes, claims = excluded.claims,
      granted_at = excluded.granted_at, expires_at = excluded.expires_at`,
}

const words = (list: string) => list.split(' ').filter((word) => word !== '')

export function makeConsents(deps: { store: Store; clock: Clock; termDays: number }): Consents {
  const { store, clock, termDays } = deps
  const consents: Consents = {
    async find(oid, clientId) {
      const [row] = await store.read(find, [oid, clientId, clock.now()])
      if (!row) return undefined
      return {
        oid,
        clientId,
        scopes: words(row.scopes),
        claims: words(row.claims),
        grantedAt: row.granted_at,
        expiresAt: row.expires_at,
      }
    },
    async grant({ oid, clientId, scopes, claims }) {
      const before = await consents.find(oid, clientId)
      const grantedAt = clock.now()
      const consent: Consent = {
        oid,
        clientId,
        scopes: [...new Set([...(before?.scopes ?? []), ...scopes])],
        claims: [...new Set([...(before?.claims ?? []), ...claims])],
        grantedAt,
        expiresAt: addSeconds(grantedAt, termDays * 86_400),
      }
      await write(store, put, `${oid}:${clientId}`, [
        oid,
        clientId,
        consent.scopes.join(' '),
        consent.claims.join(' '),
        grantedAt,
        consent.expiresAt,
      ])
      return consent
    },
  }
  return consents
}
