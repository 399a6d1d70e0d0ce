import { defineEvent } from '#src/journal/journal.ts'

const letter = { account: 'oid', request: 'text' } as const

/** A registered letter was ordered. `origin`: in which sign-in or session. */
export const letterOrdered = defineEvent('letter.ordered', { ...letter, origin: 'text' })
/** The print service has taken the letter. */
export const letterSent = defineEvent('letter.sent', letter)
/** A wrong code was entered. `left`: how many tries there still are. */
export const letterRefused = defineEvent('letter.refused', { ...letter, origin: 'text', left: 'text' })
export const letterRedeemed = defineEvent('letter.redeemed', { ...letter, origin: 'text' })
/** Its code is worth nothing any more. `reason`: `expired`, `not_sent`, `tries_used`, `record_changed`. */
export const letterEnded = defineEvent('letter.ended', { ...letter, reason: 'text' })
