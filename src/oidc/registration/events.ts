import { defineEvent } from '#src/journal/journal.ts'

/** `invitation` is the short name under which initial access tokens are listed; `fields` what it allows beyond the usual. */
export const invitationMade = defineEvent('invitation.made', { invitation: 'text', actor: 'text', fields: 'text' })

export const invitationRevoked = defineEvent('invitation.revoked', { invitation: 'text', actor: 'text' })
