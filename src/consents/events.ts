import { defineEvent } from '#src/journal/journal.ts'

/** `resources` are `identifier: scopes` by semicolons, `details` the types of authorization details agreed to this once. */
export const consentGranted = defineEvent('consent.granted', {
  account: 'oid',
  client: 'client',
  scopes: 'text',
  claims: 'text',
  resources: 'text',
  details: 'text',
})
export const consentRefused = defineEvent('consent.refused', { account: 'oid', client: 'client' })
/** The person took it back: grants and tokens ended with it. `origin` is the session that it was done in. */
export const consentWithdrawn = defineEvent('consent.withdrawn', {
  account: 'oid',
  client: 'client',
  origin: 'text',
  address: 'address',
  device: 'device',
})
