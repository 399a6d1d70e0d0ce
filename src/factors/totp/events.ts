import { defineEvent } from '#src/journal/journal.ts'

/** Seeds of hardware tokens came by the command line. `tokens`: how many. */
export const tokensImported = defineEvent('hardware_tokens.imported', { tokens: 'text', actor: 'text' })
