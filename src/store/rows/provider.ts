import type { Generated } from 'kysely'
import type { Sealed } from '../seal.ts'

/** Rows of the provider: clients and resource servers, what they were given, and the keys that sign it. */
export interface ProviderRows {
  artifacts: ArtifactRow
  fleeting_artifacts: ArtifactRow
  clients: {
    client_id: string
    metadata: string
    secret: Sealed | null
    /** Still accepted beside `secret` until `previous_until`. */
    previous_secret: Sealed | null
    previous_until: Date | null
    state: 'active' | 'suspended' | 'deleted'
    /** Why it is suspended, in the words of whoever did it. */
    state_reason: string | null
    /** What whoever registered it by an initial access token may choose, as JSON; null for those that an operator registered. */
    allowance: string | null
    /** Grows with each change. */
    version: Generated<number>
    created_at: Date
    changed_at: Date
  }
  invitations: {
    id: string
    token_hash: string
    allowance: string
    uses_left: number
    created_at: Date
    expires_at: Date
    revoked_at: Date | null
  }
  resource_servers: {
    identifier: string
    /** JSON, as `parseResourceServer` answers it. */
    description: string
    state: 'active' | 'suspended'
    created_at: Date
    changed_at: Date
  }
  consents: {
    oid: number
    client_id: string
    scopes: string
    claims: string
    /** JSON: `[{ identifier, scopes }]`. */
    resources: Generated<string>
    granted_at: Date
    expires_at: Date
  }
  ciba_requests: {
    oid: number
    /** SHA-256 of the auth_req_id. */
    id: string
    ticket_hash: string
    client_id: string
    details: Sealed
    state: 'waiting' | 'silenced' | 'approved' | 'refused'
    /** What has to be done next: ask the person, or tell the client that it may fetch the result. */
    due: 'ask' | 'ping' | null
    created_at: Date
    expires_at: Date
    decided_at: Date | null
    /** The message by which the person was told: with a code, or with the link alone. */
    told: 'code' | 'link' | null
    told_at: Date | null
    /** Not before then, as what is due failed. */
    try_at: Date | null
  }
  logout_notices: {
    oid: number
    id: string
    client_id: string
    sid: Sealed
    created_at: Date
    expires_at: Date
    queued_at: Date | null
  }
  signing_keys: {
    kid: string
    alg: string
    state: 'next' | 'active' | 'retired'
    private_jwk: Sealed
    created_at: Date
    activated_at: Date | null
    retired_at: Date | null
  }
  former_keys: {
    kid: string
    alg: string
    public_jwk: string
    withdrawn_at: Date
  }
}

/** One of oidc-provider's artifacts; ids and references are hashes, the payload is sealed. */
interface ArtifactRow {
  model: string
  id: string
  payload: Sealed
  grant_hash: string | null
  uid_hash: string | null
  user_code_hash: string | null
  /** Of a grant: whose it is, at which client. */
  owner_hash: string | null
  consumed_at: Date | null
  expires_at: Date
}
