import { defineEvent } from '#src/journal/journal.ts'

const place = { address: 'address', device: 'device' } as const

/** A sign-in went through, with what it was worth. */
export const loginSucceeded = defineEvent('login.succeeded', {
  account: 'oid',
  client: 'client',
  acr: 'text',
  amr: 'text',
  ...place,
})
export const factorPassed = defineEvent('factor.passed', { account: 'oid', client: 'client', kind: 'text', ...place })
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
