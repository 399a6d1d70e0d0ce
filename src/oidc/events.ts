import { defineEvent } from '#src/journal/journal.ts'

/** A live session let the person into a service without any page. `origin`: the session; older events have none. */
export const sessionUsed = defineEvent('session.used', {
  account: 'oid',
  client: 'client',
  acr: 'text',
  origin: 'text',
  address: 'address',
  device: 'device',
})

/**
 * `scope` is `everywhere` where the session itself ended, `service` where the person left one relying party only; `reason` a short code,
 * `session` what stands for the session in records.
 */
export const sessionEnded = defineEvent('session.ended', {
  account: 'oid',
  client: 'client',
  scope: 'text',
  reason: 'text',
  session: 'text',
  address: 'address',
})
