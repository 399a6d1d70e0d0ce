import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { erasedTables, keptTables } from '#src/accounts/leaving/tables.ts'

/** Where each table about a person stands in the copy that they take along. */
const sections: Readonly<Record<string, string>> = {
  account_sessions: 'sessions',
  account_settings: 'settings',
  accounts: 'account',
  addresses: 'addresses',
  agreements: 'agreements',
  authenticator_uses: 'authenticators',
  consents: 'consents',
  contact_history: 'contact_history',
  contacts: 'contacts',
  delayed_changes: 'waiting_changes',
  devices: 'devices',
  hardware_tokens: 'authenticators',
  identity_documents: 'documents',
  identity_evidence: 'evidence',
  journal: 'journal',
  messages: 'messages',
  passwords: 'authenticators',
  persons: 'person',
  profile_history: 'profile_history',
  proofing_drafts: 'drafts',
  proofing_letters: 'requests',
  recovery_sets: 'authenticators',
  request_steps: 'requests',
  requests: 'requests',
  totp_devices: 'authenticators',
  webauthn_credentials: 'authenticators',
}

/** Tables whose events stand in the journal, with everything that they say of the person. */
const journalled = ['awaited_levels', 'ciba_requests', 'detachments', 'incidents', 'releases']

/** What is not told, and why. */
const untold: Readonly<Record<string, string>> = {
  closings: 'of a closed account there is no copy',
  contact_proposals: 'a form half filled in, gone within the hour',
  data_keys: 'a key',
  drafts: 'the registration, whose answers became the account',
  evidence: 'a sign-in under way',
  identifiers: 'hashes of what stands elsewhere in the copy',
  kept_forms: 'a form half filled in, gone within the hour',
  level_ends: 'reckoned from the evidence',
  level_notices: 'a message that is on its way',
  logout_notices: 'names of sessions, on their way to services',
  not_me_tickets: 'hashes of links',
  password_history: 'hashes of former passwords',
  recoveries: 'a form half filled in, gone within the hour',
  recovery_codes: 'hashes of codes',
  totp_enrolments: 'a secret',
  webauthn_handles: 'a name for keys alone',
  webauthn_owners: 'a name for keys alone',
}

test('every table about a person is in the copy of their data, or it is said why not', () => {
  const told = [...Object.keys(sections), ...journalled, ...Object.keys(untold)]
  expect(told.sort()).toEqual([...Object.keys(erasedTables), ...Object.keys(keptTables)].sort())
})

test('every section that it names is described', async () => {
  const described = await readFile(new URL('../../../docs/export.md', import.meta.url), 'utf8')
  for (const section of new Set(Object.values(sections))) expect(described).toContain(`| \`${section}\` |`)
})
