import type { Generated } from 'kysely'
import type { Sealed } from '../seal.ts'

/** Rows of the audit journal and of what proves it. */
export interface JournalRows {
  journal: {
    oid: number
    /** The month of expiry decides the partition. */
    expires_on: Date
    seq: Generated<string>
    at: Date
    type: string
    payload: Sealed
  }
  /** Keys that sign roots. */
  journal_keys: {
    /** The public key itself. */
    key: string
    /** Nothing is in it once the key signs no longer. */
    private_key: Sealed
    made_at: Date
    retired_at: Date | null
  }
  /** Appended, never changed, kept for ever. */
  journal_roots: {
    number: number
    previous: string
    at: Date
    events: number
    first_seq: string
    last_seq: string
    expires_on: Date
    tree: string
    key: string
    signature: string
  }
  /** What the tree of a root was made of, as long as an event of it is kept. */
  journal_leaves: { number: number; leaves: Uint8Array }
}
