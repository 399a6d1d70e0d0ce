import { defineEvent } from '#src/journal/journal.ts'

const place = { address: 'address', device: 'device' } as const

/** A code or link was asked for to a contact (`phone`, `email`); without an account where nobody holds it. */
export const recoveryBegun = defineEvent('recovery.begun', { account: 'oid', contact: 'text', ...place })
/** The contact was not proven: `code` of the refusal. */
export const recoveryRefused = defineEvent('recovery.refused', {
  account: 'oid',
  contact: 'text',
  code: 'text',
  ...place,
})
/** `kind`: the contact that came first (`phone`, `email`) or the kind of a further factor; `by`: `code`, `link` or `factor`. */
export const recoveryProven = defineEvent('recovery.proven', {
  account: 'oid',
  kind: 'text',
  by: 'text',
  origin: 'text',
  ...place,
})
/** `outcome`: `changed` at once, or `waits` for 72 hours as the proof was weaker than the account's own authenticators. */
export const recoveryEnded = defineEvent('recovery.ended', {
  account: 'oid',
  outcome: 'text',
  origin: 'text',
  ...place,
})
