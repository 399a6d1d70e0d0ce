import { defineEvent } from '#src/journal/journal.ts'

/** A relying party was never reached: its own session of the person may live on there. */
export const logoutUndelivered = defineEvent('logout.undelivered', { account: 'oid', client: 'client' })
