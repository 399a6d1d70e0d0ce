/** What owners are told when their account ends. */
export const en = {
  'message.account_closed': 'Your account is closed. Until {{date}} you can take it back: sign in.',
  'message.account_closed.subject': 'Your account is closed',
  'message.account_closed.mail':
    'Your account is closed. All sessions have ended, and no site gets your data any more.\n\n' +
    'Until {{date}} you can take it back: sign in to your personal account. After that your data are erased for good.\n\n' +
    'If it was not you, sign in, take the account back and change your password.',
  'message.account_reopened': 'Your account is open again. Not you? Change your password.',
  'message.account_reopened.subject': 'Your account is open again',
  'message.account_reopened.mail':
    'Your account is open again, and nothing was erased. Sites need your permission anew: they will ask when you sign in.\n\n' +
    'If it was not you who took it back, sign in and change your password.',
  'message.account_erasure_near':
    'Your closed account will be erased on {{date}}. Until then you can take it back: sign in.',
  'message.account_erasure_near.subject': 'Your closed account will be erased soon',
  'message.account_erasure_near.mail':
    'You closed your account. Your data will be erased on {{date}}, and cannot be restored after that.\n\n' +
    'If you have changed your mind, sign in before that day and take the account back. If not, there is nothing to do.',
  'message.account_erased': 'Your account and data are erased. This is the last message about it.',
  'message.account_erased.subject': 'Your account is erased',
  'message.account_erased.mail':
    'Your account is erased with all its data. Backup copies are gone in 35 days at the latest. This is the last message about it.\n\n' +
    'You can register with this phone number and email address again.',
  'message.account_exported': 'A copy of all your data was taken. Not you? End the session: {{link}}',
  'message.account_exported.subject': 'A copy of your data was taken',
  'message.account_exported.mail':
    'A copy of all data that we keep about you was taken in the personal account.\n\nIf it was not you, open the link and end that session: {{link}}',
  'change.kind.account.close': 'closing of the account',
}
