import { defineEvent } from '#src/journal/journal.ts'

/**
 * The identity level is another one than before. `cause`: why the record changed, or `expired`; `evidence`: the ids of what carries the level
 * now, with spaces between; `lacks`: what the next level lacks.
 */
export const levelChanged = defineEvent('identity.level_changed', {
  account: 'oid',
  before: 'text',
  after: 'text',
  cause: 'text',
  evidence: 'text',
  lacks: 'text',
})

const change = { account: 'oid', cause: 'text', actor: 'text', origin: 'text' } as const

/** Evidence was put on record. `evidence`: its id, `kind`, and who proved it. */
export const evidenceRecorded = defineEvent('identity.evidence_recorded', {
  ...change,
  evidence: 'text',
  kind: 'text',
  covers: 'text',
  verifier: 'text',
})
/** A value of the record is another one. `field`: which; the values stand in the history. */
export const profileChanged = defineEvent('profile.changed', { ...change, field: 'text' })
/** *Verified* does not count until identity is proven again. */
export const identitySuspended = defineEvent('identity.suspended', change)
