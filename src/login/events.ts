import { defineEvent } from '#src/journal/journal.ts'

const place = { address: 'address', device: 'device' } as const

/** A sign-in went through, with what it was worth. `origin`: what stands for it in records; older events have none. */
export const loginSucceeded = defineEvent('login.succeeded', {
  account: 'oid',
  client: 'client',
  acr: 'text',
  amr: 'text',
  origin: 'text',
  ...place,
})
/** `authenticator`: which one of its kind, as in the list of what opens the account; for a code the channel that it went by. */
export const factorPassed = defineEvent('factor.passed', {
  account: 'oid',
  client: 'client',
  kind: 'text',
  authenticator: 'text',
  ...place,
})
export const factorRefused = defineEvent('factor.refused', {
  account: 'oid',
  client: 'client',
  kind: 'text',
  code: 'text',
  ...place,
})
/** An identifier that nobody holds; kept apart from `factor.refused` because there is no account to seal it for. */
export const identifierUnknown = defineEvent('login.identifier_unknown', { client: 'client', ...place })
export const loginLocked = defineEvent('login.locked', { account: 'oid', client: 'client', kind: 'text', ...place })

/**
 * A sign-in is unusual. `signal`: `new_network`, `impossible_travel`, `many_accounts`; `reaction`: `notice`, `step_up` or `block`; `origin`:
 * the sign-in.
 */
export const signalRaised = defineEvent('signal.raised', {
  account: 'oid',
  client: 'client',
  signal: 'text',
  reaction: 'text',
  origin: 'text',
  ...place,
})

const authenticator = { account: 'oid', kind: 'text', authenticator: 'text', origin: 'text', ...place } as const

/** Something opens the account from now on. `origin`: the session or sign-in in which it was added, by a hash. */
export const authenticatorAdded = defineEvent('authenticator.added', authenticator)
export const authenticatorRenamed = defineEvent('authenticator.renamed', authenticator)
export const authenticatorRemoved = defineEvent('authenticator.removed', authenticator)
/** Somebody wanted to change one that is not this account's, or to remove the last one. */
export const authenticatorRefused = defineEvent('authenticator.refused', { ...authenticator, code: 'text' })
/** What was added and removed in a sign-in that was not the owner's is taken back. */
export const authenticatorsUndone = defineEvent('authenticator.undone', { account: 'oid', kind: 'text' })
/** A sign-in in a browser that the account did not know; `origin` is the sign-in's. */
export const deviceAppeared = defineEvent('device.appeared', { account: 'oid', origin: 'text', ...place })
/** `what` is forgotten, all_forgotten or distrusted; `origin` is the session in which its owner did so. */
export const deviceForgotten = defineEvent('device.forgotten', {
  account: 'oid',
  origin: 'text',
  what: 'text',
  ...place,
})
/** The owner's own wish for a second factor is waived in this browser from now on. */
export const deviceTrusted = defineEvent('device.trusted', { account: 'oid', origin: 'text', ...place })
