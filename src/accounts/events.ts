import { defineEvent } from '#src/journal/journal.ts'

const contact = { account: 'oid', contact: 'text' } as const

/** Somebody who proved to hold the contact (`phone`) asked that it be taken from this account. */
export const detachmentRequested = defineEvent('contact.detachment_requested', contact)
/**
 * The contact stays. `reason`: `objected` by the link of the notice, `signed_in` by a code sent to the contact, `changed` when it was
 * not the account's any more.
 */
export const detachmentCancelled = defineEvent('contact.detachment_cancelled', { ...contact, reason: 'text' })
export const contactDetached = defineEvent('contact.detached', contact)
