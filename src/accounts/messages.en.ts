import type { ru } from './messages.ru.ts'

export const en: Readonly<Record<keyof typeof ru, string>> = {
  'accounts.state.pending': 'waits to be confirmed',
  'accounts.state.active': 'active',
  'accounts.state.blocked': 'blocked',
  'accounts.state.closed': 'closed',
  'accounts.level.simplified': 'simplified',
  'message.account_blocked': 'Your account has been blocked. Please ask support.',
  'message.account_blocked.subject': 'Your account has been blocked',
  'message.account_blocked.mail':
    'Your account has been blocked: it cannot be signed in to now, and all earlier sign-ins have ended.\n\n' +
    'You will see the reason when you try to sign in. To sort it out, please ask support.',
  'message.account_unblocked': 'Your account is no longer blocked. You can sign in again.',
  'message.account_unblocked.subject': 'Your account is no longer blocked',
  'message.account_unblocked.mail': 'Your account is no longer blocked. You can sign in again.',
  'message.account_realm': 'Your account has new rights and rules of signing in. Sign in again.',
  'message.account_realm.subject': 'Your account has new rights',
  'message.account_realm.mail':
    'An administrator has changed the rights of your account, so all sign-ins have ended. Sign in again: ' +
    'a second way to confirm it is you and a new password may be asked for.\n\nIf you did not expect this, please ask support.',
  'contact.too_many_detachments':
    'This number has been asked for three times in the last 30 days. For the time being, register with another number.',
  'contact.same': 'This contact is in your account already. Enter another one.',
  'contact.last': 'It is the only contact of the account. Add another one first.',
  'contact.change_waits': 'A change of a contact waits already. Stop it, or wait until it is made.',
  'contact.proposal_gone': 'Too much time has passed. Enter the new contact again.',
  'contact.keep_title': 'Is the phone number still yours?',
  'contact.keep_text':
    'Somebody who uses the phone number of your account has asked us to free it. If the number is still yours, keep it.',
  'contact.keep': 'Keep the number',
  'contact.keep_not_yours': 'If the number is no longer yours, just close this page.',
  'contact.kept_title': 'The number stays yours',
  'contact.kept_text': 'We cancelled the request. The number will not be removed from your account.',
  'contact.kept_advice':
    'If somebody besides you uses the number, contact your phone company: sign-in codes are sent to this number.',
  'contact.gone_title': 'The link does not work',
  'contact.gone_text': 'It has been used to keep the number, its time is over, or the address was not copied in full.',
  'contact.gone_advice':
    'If the number is still yours, open the link in the latest email, or sign in to your account with a code sent to this number.',
  'change.title': 'Stop the change?',
  'change.text':
    'Somebody asked to change something in your account. We wait for three days, so that you can stop the change if it was not you.',
  'change.what': 'What will change',
  'change.asked': 'When it was asked for',
  'change.due': 'When it will change',
  'change.moment': '{{moment}}, Moscow time',
  'change.stop': 'Stop it',
  'change.yours': 'If it was you, just close this page.',
  'change.kind.contact.change': 'phone number or email',
  'change.contact.phone_new': 'new phone number {{contact}}',
  'change.contact.phone_removed': 'removal of the phone number {{contact}}',
  'change.contact.email_new': 'new email {{contact}}',
  'change.contact.email_removed': 'removal of the email {{contact}}',
  'change.kind.incident.undo': 'return of the former contacts and ways to sign in',
  'change.kind.authenticator.remove': 'removal of a way to sign in',
  'change.authenticator_removed': 'removal of a way to sign in: {{what}}',
  'change.kind.password.reset': 'new password',
  'change.stopped_title': 'The change is stopped',
  'change.stopped_text': 'Everything in the account stays as it was.',
  'change.stopped_advice':
    'If it was not you, somebody may know your password: sign in, change it and end the sessions that you do not recognise.',
  'change.gone_title': 'The link does not work',
  'change.gone_text': 'The change was stopped or made already, or the address was not copied in full.',
  'change.gone_advice': 'If you did not ask for any change, sign in to your account and look at “Security”.',
}
