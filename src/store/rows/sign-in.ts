import type { Generated } from 'kysely'
import type { Sealed } from '../seal.ts'

/** Rows of sign-ins: what a person proved, and by what. */
export interface SignInRows {
  evidence: {
    login: string
    /** Of the factor, and what this piece is worth. */
    kind: string
    oid: number
    proof: string
    expires_at: Date
  }
  authenticator_uses: { oid: number; kind: string; authenticator: string; used_at: Date }
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
  totp_enrolments: { oid: number; origin: string; secret: Sealed; expires_at: Date }
  hardware_tokens: {
    serial: string
    /** Null once somebody has taken the token. */
    secret: Sealed | null
    imported_at: Date
    oid: number | null
    taken_at: Date | null
  }
  recovery_sets: {
    oid: number
    id: string
    made_at: Date
    added_origin: string
    removed_at: Date | null
    removed_origin: string | null
  }
  recovery_codes: { oid: number; digest: string; set_id: string; spent_at: Date | null }
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
    /** When its last answer was accepted. */
    used_at: Date | null
    copied_at: Date | null
    removed_at: Date | null
    removed_in: string | null
  }
  webauthn_owners: { id: string; oid: number }
  webauthn_spent: { id: string; expires_at: Date }
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
}
