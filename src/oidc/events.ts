import { defineEvent } from '#src/journal/journal.ts'

/** `scope` is `everywhere` where the session itself ended, `service` where the person left one relying party only. */
export const sessionEnded = defineEvent('session.ended', {
  account: 'oid',
  client: 'client',
  scope: 'text',
  address: 'address',
})
