import { defineEvent } from '#src/journal/journal.ts'

/** A client got a token with a person's authority for another; `from` is the client whose token it exchanged. */
export const tokenExchanged = defineEvent('token.exchanged', {
  account: 'oid',
  client: 'client',
  from: 'client',
  audience: 'text',
  scope: 'text',
  address: 'address',
})
