import { defineEvent } from '#src/journal/journal.ts'

export const consentGranted = defineEvent('consent.granted', {
  account: 'oid',
  client: 'client',
  scopes: 'text',
  claims: 'text',
})
export const consentRefused = defineEvent('consent.refused', { account: 'oid', client: 'client' })
