import type { Generated } from 'kysely'

/** Bytes made by `seal` (see seal.ts); unreadable without the key of the row. PGlite answers Uint8Array, pg Buffer. */
type Sealed = Uint8Array

export interface Database {
  keyring: { name: string; kek_id: string; wrapped: Uint8Array; created_at: Generated<Date> }
  data_keys: { oid: number; kek_id: string; wrapped: Uint8Array }
  artifacts: ArtifactRow
  fleeting_artifacts: ArtifactRow
  journal: {
    oid: number
    /** The month of expiry decides the partition. */
    expires_on: Date
    seq: Generated<string>
    at: Date
    type: string
    payload: Sealed
  }
  throttles: { key: string; count: number; window_started_at: Date; blocked_until: Date | null; admitted: string }
  locks: { key: string; until: Date }
  messages: {
    oid: number
    id: string
    channel: string
    kind: string
    recipient: Sealed | null
    body: Sealed | null
    created_at: Date
    expires_at: Date
    state: 'waiting' | 'sent' | 'expired' | 'refused'
    settled_at: Date | null
  }
  accounts: {
    oid: number
    realm: string
    state: 'pending' | 'active' | 'blocked' | 'closed'
    /** In the words of whoever put it into its state. */
    state_reason: Sealed | null
    state_at: Date | null
    registered_at: Date
    /** Since when *verified* does not count, as the account was recovered with weaker proof than it has. */
    identity_suspended_at: Generated<Date | null>
    /** A sign-in that was finished before, and is not in its session yet, does not count. */
    sign_ins_ended_at: Generated<Date | null>
  }
  totp_devices: {
    oid: number
    id: string
    secret: Sealed
    /** The name that its owner gave it. */
    label: Sealed | null
    last_step: number
    added_at: Date
    added_origin: string
    removed_at: Date | null
    removed_origin: string | null
  }
  hardware_tokens: {
    serial: string
    /** Null once somebody has taken the token. */
    secret: Sealed | null
    imported_at: Date
    oid: number | null
    taken_at: Date | null
  }
  totp_enrolments: { oid: number; origin: string; secret: Sealed; expires_at: Date }
  recovery_sets: {
    oid: number
    id: string
    made_at: Date
    added_origin: string
    removed_at: Date | null
    removed_origin: string | null
  }
  recovery_codes: { oid: number; digest: string; set_id: string; spent_at: Date | null }
  authenticator_uses: { oid: number; kind: string; authenticator: string; used_at: Date }
  account_sessions: {
    oid: number
    ref: string
    uid: Sealed
    origins: string[]
    offline: string[]
    begun_at: Date
    expires_at: Date
    kept_until: Date
  }
  devices: {
    oid: number
    ref: string
    seen: Sealed
    first_seen_at: Date
    last_seen_at: Date
    trusted_until: Date | null
    expires_at: Date
    /** While the owner has to be told of the sign-in. */
    tell_at: Date | null
  }
  not_me_tickets: {
    oid: number
    ticket_hash: string
    origin: string
    created_at: Date
    expires_at: Date
    used_at: Date | null
  }
  incidents: { oid: number; origin: string; undoes: boolean; reported_at: Date; settle_at: Date | null }
  account_settings: { oid: number; chosen: string; changed_at: Date }
  kept_forms: { oid: number; id: string; form: Sealed; expires_at: Date }
  persons: { oid: number; core: Sealed }
  contacts: { oid: number; kind: string; value: Sealed; confirmed_at: Date }
  identifiers: { kind: string; hash: string; oid: number }
  detachments: {
    kind: string
    /** Blind index of the contact. */
    hash: string
    ticket_hash: string
    oid: number
    locale: string
    requested_at: Date
    due_at: Date
    state: 'waiting' | 'cancelled' | 'done'
  }
  delayed_changes: {
    oid: number
    id: string
    ticket_hash: string
    kind: string
    /** Null once its fate is settled. */
    payload: Sealed | null
    /** In which sign-in or session it was asked for. */
    origin: string
    requested_at: Date
    due_at: Date
    state: 'waiting' | 'stopped' | 'done'
  }
  contact_proposals: {
    oid: number
    kind: 'phone' | 'email'
    origin: string
    value: Sealed
    /** The right code was entered, and another account has the contact. */
    clashed: boolean
    expires_at: Date
  }
  contact_history: {
    oid: number
    seq: Generated<string>
    kind: string
    before: Sealed | null
    after: Sealed | null
    cause: 'owner' | 'delayed' | 'detached' | 'undone'
    origin: string
    at: Date
    undone_at: Date | null
  }
  agreements: { oid: number; kind: string; version: string; agreed_at: Date }
  passwords: {
    oid: number
    hash: Sealed
    set_at: Date
    /** When the owner was last reminded to change it, and put it off. */
    advised_at: Date | null
    /** Why it has to be changed at the next sign-in, if it has to: a short code. */
    must_change: string | null
    /** JSON: what the change still has to end, `{ reason, except? }`; null once that is done. */
    ending: string | null
  }
  password_history: { oid: number; seq: Generated<string>; hash: Sealed; set_at: Date }
  codes: {
    id: string
    digest: string
    /** Which pause of the throttle ends when the code is spent. */
    pause_key: string
    /** How it was sent last. */
    channel: Generated<'sms' | 'voice' | 'mail'>
    tries: number
    sent_at: Date
    expires_at: Date
    spent_at: Date | null
  }
  drafts: {
    id: string
    kek_id: string
    wrapped: Uint8Array
    answers: Sealed
    login: string | null
    version: number
    expires_at: Date
    finished_oid: number | null
  }
  recoveries: {
    /** Hash of the ticket in the browser's cookie. */
    id: string
    /** NOBODY for an identifier without an account. */
    oid: number
    /** Of the ticket of the mailed link. */
    link_hash: string
    progress: Sealed
    version: number
    expires_at: Date
  }
  evidence: {
    login: string
    /** Of the factor, and what this piece is worth. */
    kind: string
    oid: number
    proof: string
    expires_at: Date
  }
  webauthn_handles: { oid: number; handle: string }
  webauthn_credentials: {
    oid: number
    /** Keyed hash of the credential id. */
    id: string
    core: Sealed
    name: Sealed | null
    counter: number
    /** BE flag: it may live on several devices. */
    synced: boolean
    backed_up: boolean
    user_verified: boolean
    added_at: Date
    /** The session or sign-in. */
    added_in: string
    copied_at: Date | null
    removed_at: Date | null
    removed_in: string | null
  }
  webauthn_owners: { id: string; oid: number }
  webauthn_spent: { id: string; expires_at: Date }
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
  resource_servers: {
    identifier: string
    /** JSON, as `parseResourceServer` answers it. */
    description: string
    state: 'active' | 'suspended'
    created_at: Date
    changed_at: Date
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
