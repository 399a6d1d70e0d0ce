import { defineEvent } from '#src/journal/journal.ts'

/** A key's counter went back: it is not accepted any more. */
export const webauthnCopied = defineEvent('webauthn.copy_suspected', { account: 'oid', authenticator: 'text' })
