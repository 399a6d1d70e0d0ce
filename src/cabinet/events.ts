import { defineEvent } from '#src/journal/journal.ts'

/** A form or address named something that the account does not have: an old page, or somebody who tries ids of others. */
export const referenceRefused = defineEvent('cabinet.reference_refused', {
  account: 'oid',
  kind: 'text',
  address: 'address',
  device: 'device',
})
