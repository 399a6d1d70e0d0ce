import { defineEvent } from '#src/journal/journal.ts'

const operated = { account: 'oid', actor: 'text', reason: 'text' } as const

/** By an operator. `actor` is `cli`; `reason` in the operator's words. */
export const accountBlocked = defineEvent('account.blocked', operated)
export const accountUnblocked = defineEvent('account.unblocked', operated)
export const sessionsEnded = defineEvent('account.sessions_ended', operated)
/** *Verified* does not count until identity is proven again, or the operator trusts it again. */
export const accountSuspected = defineEvent('account.suspected', operated)
export const accountTrusted = defineEvent('account.trusted', operated)
/** An operator looked at the person's data. */
export const accountRevealed = defineEvent('account.revealed', operated)
export const realmChanged = defineEvent('account.realm_changed', { ...operated, before: 'text', realm: 'text' })

const contact = { account: 'oid', contact: 'text' } as const

/** Somebody who proved to hold the contact (`phone`) asked that it be taken from this account. */
export const detachmentRequested = defineEvent('contact.detachment_requested', contact)
/**
 * The contact stays. `reason`: `objected` by the link of the notice, `signed_in` by a code sent to the contact, `changed` when it was
 * not the account's any more.
 */
export const detachmentCancelled = defineEvent('contact.detachment_cancelled', { ...contact, reason: 'text' })
export const contactDetached = defineEvent('contact.detached', contact)

/**
 * A contact of the account is another one now. `how`: `added`, `replaced`, `removed`, `restored`. `cause`: `owner` at once, `delayed` after
 * 72 hours, `undone` as it was not the owner. `origin`: in which sign-in or session.
 */
export const contactChanged = defineEvent('contact.changed', {
  ...contact,
  how: 'text',
  cause: 'text',
  origin: 'text',
})
/** Somebody has entered the code sent to a contact that this account has, in another account. */
export const contactClashed = defineEvent('contact.clashed', contact)

const delayed = { account: 'oid', kind: 'text' } as const

/** A change was asked for with less proof than the account has, and waits for 72 hours. `origin`: in which sign-in or session. */
export const changeScheduled = defineEvent('change.scheduled', { ...delayed, origin: 'text' })
/**
 * It does not come about. `reason`: `objected` by the link of a notice, `cabinet` by its owner there, `not_me` with everything of that
 * session, `void` when there was nothing left to change, `inactive` when the account was blocked or closed meanwhile.
 */
export const changeStopped = defineEvent('change.stopped', { ...delayed, reason: 'text' })
export const changeApplied = defineEvent('change.applied', { ...delayed, origin: 'text' })
