import type { Database } from '#src/store/schema.ts'

type Tables = Partial<Record<keyof Database, string>>

/** Tables whose rows of an account go with it, by the column that names the account. */
export const erasedTables = {
  account_sessions: 'oid',
  account_settings: 'oid',
  addresses: 'oid',
  authenticator_uses: 'oid',
  awaited_levels: 'oid',
  ciba_requests: 'oid',
  consents: 'oid',
  contact_history: 'oid',
  contact_proposals: 'oid',
  contacts: 'oid',
  delayed_changes: 'oid',
  detachments: 'oid',
  devices: 'oid',
  // Sealed with the very key that became the account's.
  drafts: 'finished_oid',
  evidence: 'oid',
  identifiers: 'oid',
  identity_documents: 'oid',
  identity_evidence: 'oid',
  incidents: 'oid',
  kept_forms: 'oid',
  level_ends: 'oid',
  level_notices: 'oid',
  logout_notices: 'oid',
  messages: 'oid',
  not_me_tickets: 'oid',
  password_history: 'oid',
  passwords: 'oid',
  persons: 'oid',
  profile_history: 'oid',
  proofing_drafts: 'oid',
  proofing_letters: 'oid',
  recoveries: 'oid',
  recovery_codes: 'oid',
  recovery_sets: 'oid',
  releases: 'oid',
  request_steps: 'oid',
  requests: 'oid',
  totp_devices: 'oid',
  totp_enrolments: 'oid',
  webauthn_credentials: 'oid',
  webauthn_handles: 'oid',
  webauthn_owners: 'oid',
} as const satisfies Tables

/** Tables whose rows stay, and why; none of them says who the account was. */
export const keptTables = {
  accounts: 'the number is never given out again; the reason of its state is blanked',
  agreements: 'proof that processing was agreed to, and when that was taken back: versions of texts and times',
  closings: 'when it was closed and erased',
  data_keys: 'overwritten and deleted by itself, last of all',
  hardware_tokens: 'the serial number of a token that is not given out again; its seed went to the account',
  journal: 'append-only and verifiable; sealed with the key that is gone',
} as const satisfies Tables
