import { defineEvent } from '#src/journal/journal.ts'

export const accountRegistered = defineEvent('account.registered', { account: 'oid' })

/** Somebody who registers has entered the code sent to a contact (`phone`, `email`) that this account has. */
export const registrationClashed = defineEvent('registration.clashed', { account: 'oid', contact: 'text' })
