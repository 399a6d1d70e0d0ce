import type { Generated } from 'kysely'
import type { IdentityLevel } from '#src/kernel/levels.ts'
import type { Sealed } from '../seal.ts'

/** Rows of identities: what is known of a person, what proves it, and what is being checked. */
export interface IdentityRows {
  identity_documents: {
    oid: number
    id: string
    kind: string
    core: Sealed
    recorded_at: Date
    /** Another one took its place. */
    ended_at: Date | null
  }
  addresses: { oid: number; kind: 'registered' | 'actual'; value: Sealed; recorded_at: Date }
  /** Appended, never changed. */
  identity_evidence: {
    oid: number
    id: string
    kind: string
    /** JSON: digests of what was proven, by group. */
    covers: string
    verifier: string
    /** The request that led to it. */
    request: string | null
    details: Sealed | null
    at: Date
    until: Date | null
  }
  /** When an identity level may end by time alone, so that its owner is told. */
  level_ends: {
    oid: number
    at: Date
    /** When the owner is told of it ahead; null once that is done. */
    warn_at: Date | null
  }
  /** Levels that have changed and whose owners do not know yet. */
  level_notices: {
    oid: number
    /** What the owner knows it to be. */
    before: IdentityLevel
    /** When it changed first. */
    at: Date
    tell_at: Date
  }
  /** Who waits for a level to go on at a service. */
  awaited_levels: {
    oid: number
    client_id: string
    level: IdentityLevel
    awaited_at: Date
  }
  /** What was handed over to whom, as the journal was told last. */
  releases: { oid: number; client_id: string; channel: string; claims: string; at: Date }
  profile_history: {
    oid: number
    seq: Generated<string>
    field: string
    before: Sealed | null
    after: Sealed | null
    cause: string
    actor: string
    origin: string
    request: string | null
    at: Date
  }
  requests: {
    oid: number
    id: string
    number: string
    kind: string
    state: 'checking' | 'waiting' | 'confirmed' | 'refused' | 'withdrawn' | 'expired'
    /** What was typed; null once nobody needs it any more. */
    payload: Sealed | null
    /** JSON: codes of why it is in its state. */
    reasons: string
    origin: string
    tries: Generated<number>
    created_at: Date
    changed_at: Date
    /** By when it is answered. */
    due_at: Date
    /** The next step is due then. */
    try_at: Date | null
  }
  request_steps: { oid: number; request: string; seq: Generated<string>; step: string; reasons: string; at: Date }
  proofing_drafts: { oid: number; kind: string; answers: Sealed; changed_at: Date }
  /** The last tries counted under a key, the newest first. */
  proofing_tries: { key: string; tried_at: Date[]; expires_at: Date }
  proofing_letters: {
    oid: number
    request: string
    code_hash: string
    tries: number
    sent_at: Date | null
    expires_at: Date
    used_at: Date | null
  }
}
