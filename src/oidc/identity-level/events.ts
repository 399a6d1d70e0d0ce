import { defineEvent } from '#src/journal/journal.ts'

/** The person could not go on at a service that demands a higher identity level, and hears when they have it. */
export const levelAwaited = defineEvent('identity.level_awaited', { account: 'oid', client: 'client', level: 'text' })
