import { defineEvent } from '#src/journal/journal.ts'

/** `actor` is `cli` or `registration`; `invitation` names the initial access token that was spent, or is empty. */
export const clientRegistered = defineEvent('client.registered', {
  client: 'client',
  actor: 'text',
  invitation: 'text',
})

/** `fields` are the names of the fields that changed. */
export const clientChanged = defineEvent('client.changed', { client: 'client', actor: 'text', fields: 'text' })

export const clientSuspended = defineEvent('client.suspended', { client: 'client', actor: 'text', reason: 'text' })

export const clientResumed = defineEvent('client.resumed', { client: 'client', actor: 'text' })

/** `overlap_until` is when the former secret ends, in ISO 8601, or empty where it ended at once. */
export const clientSecretRenewed = defineEvent('client.secret_renewed', {
  client: 'client',
  actor: 'text',
  overlap_until: 'text',
})

export const clientOverlapEnded = defineEvent('client.overlap_ended', { client: 'client', actor: 'text' })

export const clientDeleted = defineEvent('client.deleted', { client: 'client', actor: 'text' })
