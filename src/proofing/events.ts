import { defineEvent } from '#src/journal/journal.ts'

const request = { account: 'oid', request: 'text', kind: 'text' } as const

/** A citizen asked to have something checked. `origin`: in which sign-in or session. */
export const requestOpened = defineEvent('request.opened', { ...request, origin: 'text' })
/** A registry is slow or down; recorded once for a request. `registries`: which, with spaces between. */
export const requestDelayed = defineEvent('request.delayed', { ...request, registries: 'text' })
export const requestConfirmed = defineEvent('request.confirmed', request)
/** `reasons`: codes, with spaces between. */
export const requestRefused = defineEvent('request.refused', { ...request, reasons: 'text' })
export const requestWithdrawn = defineEvent('request.withdrawn', request)
/** Withdrawn, as the owner says that the session in which it was asked for was not theirs. */
export const requestRecalled = defineEvent('request.recalled', request)
/** Somebody else has given the account's own SNILS or document as theirs. `contact`: which of the two. */
export const identityClashed = defineEvent('identity.clashed', { account: 'oid', contact: 'text' })
