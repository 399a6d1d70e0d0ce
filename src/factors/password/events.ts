import { defineEvent } from '#src/journal/journal.ts'

/** A new password is in force. `way`: `cabinet`, `sign_in` (it was due there) or `recovery`. */
export const passwordChanged = defineEvent('password.changed', {
  account: 'oid',
  way: 'text',
  origin: 'text',
  address: 'address',
  device: 'device',
})
