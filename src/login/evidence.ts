import type { Evidence } from '#src/factors/factor.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import { ticketHash } from '#src/kernel/ids.ts'
import { defineRead } from '#src/store/reads.ts'
import type { Statement } from '#src/store/statement.ts'
import type { Store } from '#src/store/store.ts'
import { type Part, readOnce, units, write } from '#src/store/unit.ts'

/** Evidence as JSON, with its time in ISO 8601; what a session and a row keep. */
export type StoredEvidence = Omit<Evidence, 'at'> & { readonly at: string }

export function storeEvidence(evidence: readonly Evidence[]): StoredEvidence[] {
  return evidence.map((piece) => ({ ...piece, at: piece.at.toISOString() }))
}

export function readEvidence(stored: unknown): Evidence[] {
  return Array.isArray(stored) ? stored.map((piece: StoredEvidence) => ({ ...piece, at: new Date(piece.at) })) : []
}

/** What was proven in one sign-in under way, and by which account. */
export interface EvidenceSoFar {
  readonly oid: AccountId
  readonly evidence: readonly Evidence[]
}

export interface EvidenceStore {
  /**
   * A piece of the same kind that is worth something else stands beside it, one of the same worth gives way to it. Travels in the
   * request's unit of work.
   */
  add(uid: string, oid: AccountId, evidence: Evidence, expiresAt: Date): Promise<void>
  /** In the order in which it was proven; read once in each request, and what the request adds is not in it. */
  of(uid: string): Promise<EvidenceSoFar | undefined>
  /**
   * The sign-in starts again, perhaps with another account. At once and not in the unit of work: evidence added in the same request would
   * meet the rows that its own statement is deleting.
   */
  clear(uid: string): Promise<void>
}

/** Where a piece stands among those of its sign-in: by its kind, and by what it is worth. */
function keyOf({ kind, ceiling, multiFactor, hardware, phishingResistant }: Evidence): string {
  const worth = Number(multiFactor) + 2 * Number(hardware) + 4 * Number(phishingResistant)
  return `${kind}:${ceiling}:${worth}`
}

const put: Part = {
  name: 'evidence',
  columns: { login: 'text', kind: 'text', oid: 'int', proof: 'text', expires_at: 'timestamptz' },
  sql: (rows) => `insert into evidence (login, kind, oid, proof, expires_at)
    select login, kind, oid, proof, expires_at from ${rows}
    on conflict (login, kind) do update set proof = excluded.proof where evidence.oid = excluded.oid`,
}

const forget: Statement = { name: 'evidence:clear', text: 'delete from evidence where login = $1' }

const find = defineRead<{ oid: number; proof: string }>({
  name: 'evidence',
  parameters: { login: 'text', at: 'timestamptz' },
  sql: 'select oid, proof from evidence where login = key.login and expires_at > key.at',
})

export function makeEvidenceStore(deps: { store: Store; clock: { now(): Date } }): EvidenceStore {
  const { store, clock } = deps
  const nameOf = (uid: string) => `evidence:${uid}`

  async function load(uid: string): Promise<EvidenceSoFar | undefined> {
    const rows = await store.read(find, [ticketHash(uid), clock.now()])
    const pieces = rows.map(({ oid, proof }) => ({ oid, piece: readEvidence([JSON.parse(proof)])[0]! }))
    pieces.sort((a, b) => a.piece.at.getTime() - b.piece.at.getTime())
    const oid = pieces[0]?.oid
    if (oid === undefined) return undefined
    return { oid, evidence: pieces.filter((one) => one.oid === oid).map(({ piece }) => piece) }
  }

  return {
    async add(uid, oid, evidence, expiresAt) {
      const login = ticketHash(uid)
      const proof = JSON.stringify(storeEvidence([evidence])[0])
      const key = keyOf(evidence)
      await write(store, put, `${login}:${key}`, [login, key, oid, proof, expiresAt])
    },
    of: (uid) => readOnce(nameOf(uid), () => load(uid)),
    async clear(uid) {
      units.getStore()?.reads.delete(nameOf(uid))
      await store.run(forget, [ticketHash(uid)])
    },
  }
}
