import { defineEvent } from '#src/journal/journal.ts'

/**
 * The account is closed; 30 days later it is erased. `cause`: `owner`, `withdrawal` of the consent to processing, `operator`. `actor` is
 * `owner` or `cli`; `reason` in the operator's words; `origin`: in which sign-in or session.
 */
export const accountClosed = defineEvent('account.closed', {
  account: 'oid',
  cause: 'text',
  actor: 'text',
  reason: 'text',
  origin: 'text',
})
export const accountReopened = defineEvent('account.reopened', {
  account: 'oid',
  actor: 'text',
  reason: 'text',
  origin: 'text',
})
/** The owner has taken a copy of everything that is kept about them. `format`: `json` or `page`. */
export const accountExported = defineEvent('account.exported', {
  account: 'oid',
  format: 'text',
  origin: 'text',
  address: 'address',
  device: 'device',
})
/** An operator has the account erased; sealed with the installation's key, as are the next two: they outlive the account's. */
export const erasureOrdered = defineEvent('erasure.ordered', { erased: 'oid', actor: 'text', reason: 'text' })
/** Nobody is found by its contacts, SNILS or documents any more, and the last message is on its way. */
export const erasureBegun = defineEvent('erasure.begun', { erased: 'oid' })
/** Its data key is gone; what the journal holds of the account cannot be read any more. `rows`: how many went with it. */
export const accountErased = defineEvent('account.erased', { erased: 'oid', cause: 'text', rows: 'text' })
