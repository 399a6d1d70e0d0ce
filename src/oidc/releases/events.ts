import { defineEvent } from '#src/journal/journal.ts'

/**
 * Data of the person went to a service: names of claims, never values; those inside `verified_claims` as `verified_claims.snils`. The same data
 * to the same service are told once in 24 hours.
 */
export const dataReleased = defineEvent('data.released', {
  account: 'oid',
  client: 'client',
  claims: 'text',
  channel: 'text',
})
