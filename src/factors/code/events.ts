import { defineEvent } from '#src/journal/journal.ts'

/**
 * No more codes go out for a while, as so many were sent. `budget`: `prefix` for the phones of one prefix, `installation` for all; told once
 * an hour.
 */
export const codeBudgetReached = defineEvent('code.budget_reached', { budget: 'text' })
