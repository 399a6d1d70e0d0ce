import { defineEvent } from '#src/journal/journal.ts'

/** A signing key came into a state: `next`, `active`, `retired`, `withdrawn` by schedule, or `dropped` by an operator as leaked. */
export const signingKeyChanged = defineEvent('signing_key.changed', { kid: 'text', alg: 'text', state: 'text' })
