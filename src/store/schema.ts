import type { Generated } from 'kysely'
import type { AccountRows } from './rows/accounts.ts'
import type { IdentityRows } from './rows/identity.ts'
import type { JournalRows } from './rows/journal.ts'
import type { ProviderRows } from './rows/provider.ts'
import type { SignInRows } from './rows/sign-in.ts'
import type { Sealed } from './seal.ts'

/** Every table: those of the domains and the journal, and what all of them build on. */
export interface Database extends AccountRows, IdentityRows, JournalRows, SignInRows, ProviderRows {
  keyring: { name: string; kek_id: string; wrapped: Uint8Array; created_at: Generated<Date> }
  data_keys: { oid: number; kek_id: string; wrapped: Uint8Array }
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
}
