export const en = {
  'accounts.level.standard': 'standard',
  'accounts.level.verified': 'verified',
  'message.level_ends': 'Your identity document is valid until {{date}}. Enter the new one in your personal account.',
  'message.level_ends.subject': 'Your identity document is about to expire',
  'message.level_ends.mail':
    'The document that proves your identity is valid until {{date}}. After that your account becomes simplified, and some services are closed to you.\n\n' +
    'When you have the new document, enter it in your personal account, under "Data".',
  'message.level_awaited': 'Your account is {{level}} now. You can sign in to "{{service}}".',
  'message.level_awaited.subject': 'You can now sign in to "{{service}}"',
  'message.level_awaited.mail':
    'Your account is {{level}} now: that is enough for "{{service}}".\n\nGo back to that service and sign in again.',
  'message.level_awaited_link': 'Your account is {{level}} now. Sign in to "{{service}}": {{link}}',
  'message.level_awaited_link.subject': 'You can now sign in to "{{service}}"',
  'message.level_awaited_link.mail':
    'Your account is {{level}} now: that is enough for "{{service}}".\n\nTo sign in, open:\n{{link}}',
  'message.level_restored': 'Your account is verified again. All services are open to you.',
  'message.level_restored.subject': 'Your account is verified again',
  'message.level_restored.mail':
    'Your data has been checked, and your account is verified again. All services are open to you.',
  'message.level_suspended': 'Your account is not verified while your data is checked. See your personal account.',
  'message.level_suspended.subject': 'Your account is not verified for the time being',
  'message.level_suspended.mail':
    'A change of your data was asked for in your account. Until the registers confirm it the account is standard, and some services are closed to you.\n\n' +
    'What is being checked, and what you can do, is written in your personal account, under "My requests". If you did not ask for a change, see there who has signed in to your account.',
  'message.level_simplified': 'Your account is now at the simplified level. See why in your personal account.',
  'message.level_simplified.subject': 'Your account is now simplified',
  'message.level_simplified.mail':
    'Your account is now at the simplified level: your data or your document are not confirmed any more.\n\n' +
    'What to do is written in your personal account, under "Data".',
  'message.level_standard': 'Your account is now at the standard level. See your personal account.',
  'message.level_standard.subject': 'Your account is standard',
  'message.level_standard.mail':
    'Your account is now at the standard level: your SNILS and document were checked with the state registers.\n\n' +
    'To have it verified, prove your identity. How to do it is written in your personal account, under "Data".',
  'message.level_unproven': 'Your identity has to be proven again. See your personal account.',
  'message.level_unproven.subject': 'Your identity has to be proven again',
  'message.level_unproven.mail':
    'The proof of your identity does not count at present. So your account is standard now, and some services are closed to you.\n\n' +
    'Prove your identity again: how to do it is written in your personal account, under "Data". If you do not know why this has happened, contact support.',
  'message.level_verified': 'Your account is verified. All services are open to you.',
  'message.level_verified.subject': 'Your account is verified',
  'message.level_verified.mail':
    'Your identity is proven and your account is verified. All services are open to you.\n\n' +
    'If you have not proven your identity, contact support at once.',
}
