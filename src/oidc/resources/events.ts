import { defineEvent } from '#src/journal/journal.ts'

/** What operators do to resource servers; `resource` is the identifier. */
export const resourceRegistered = defineEvent('resource.registered', { resource: 'text', actor: 'text' })
export const resourceChanged = defineEvent('resource.changed', { resource: 'text', actor: 'text', members: 'text' })
export const resourceSuspended = defineEvent('resource.suspended', { resource: 'text', actor: 'text' })
export const resourceResumed = defineEvent('resource.resumed', { resource: 'text', actor: 'text' })
