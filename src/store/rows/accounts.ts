import type { Generated } from 'kysely'
import type { Sealed } from '../seal.ts'

/** Rows of accounts: who they belong to, what their owners chose and changed, how they are begun and recovered. */
export interface AccountRows {
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
    /** Since when an operator doubts whose account it is. */
    suspected_at: Generated<Date | null>
    /** Since when a change of names, birth date, SNILS or document waits for its check or was found to differ. */
    core_change_at: Generated<Date | null>
    /** A sign-in that was finished before, and is not in its session yet, does not count. */
    sign_ins_ended_at: Generated<Date | null>
  }
  identifiers: { kind: string; hash: string; oid: number }
  persons: { oid: number; core: Sealed }
  contacts: { oid: number; kind: string; value: Sealed; confirmed_at: Date }
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
  contact_proposals: {
    oid: number
    kind: 'phone' | 'email'
    origin: string
    value: Sealed
    /** The right code was entered, and another account has the contact. */
    clashed: boolean
    expires_at: Date
  }
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
  account_settings: { oid: number; chosen: string; changed_at: Date }
  closings: {
    oid: number
    cause: 'owner' | 'withdrawal' | 'operator'
    closed_at: Date
    /** Set while sessions and consents have still to end. */
    ending_at: Date | null
    /** When its owner is told that erasure is near; null once that is done. */
    warn_at: Date | null
    erase_at: Date
    /** Since when the last message is on its way: nobody returns any more. */
    farewell_at: Date | null
    erased_at: Date | null
  }
  agreements: { oid: number; kind: string; version: string; agreed_at: Date }
  kept_forms: { oid: number; id: string; form: Sealed; expires_at: Date }
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
  not_me_tickets: {
    oid: number
    ticket_hash: string
    origin: string
    created_at: Date
    expires_at: Date
    used_at: Date | null
    undoes: Generated<boolean>
  }
  incidents: {
    oid: number
    origin: string
    undoes: boolean
    removes: Generated<boolean>
    reported_at: Date
    settle_at: Date | null
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
}
