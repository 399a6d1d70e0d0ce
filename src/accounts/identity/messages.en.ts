export const en = {
  'accounts.level.standard': 'standard',
  'accounts.level.verified': 'verified',
  'message.level_ends': 'Your identity document is valid until {{date}}. Enter the new one in your personal account.',
  'message.level_ends.subject': 'Your identity document is about to expire',
  'message.level_ends.mail':
    'The document that proves your identity is valid until {{date}}. After that your account becomes simplified, and some services are closed to you.\n\n' +
    'When you have the new document, enter it in your personal account, under "Data".',
  'message.level_simplified': 'Your account is now at the simplified level. See why in your personal account.',
  'message.level_simplified.subject': 'Your account is now simplified',
  'message.level_simplified.mail':
    'Your account is now at the simplified level: your data or your document are not confirmed any more.\n\n' +
    'What to do is written in your personal account, under "Data".',
  'message.level_standard': 'Your account is now at the standard level. See your personal account.',
  'message.level_standard.subject': 'Your account is standard',
  'message.level_standard.mail':
    'Your account is now at the standard level: your SNILS and document were checked with the state registries.\n\n' +
    'To have it verified, prove your identity. How to do it is written in your personal account, under "Data".',
  'message.level_verified': 'Your account is verified. All services are open to you.',
  'message.level_verified.subject': 'Your account is verified',
  'message.level_verified.mail':
    'Your identity is proven and your account is verified. All services are open to you.\n\n' +
    'If you have not proven your identity, contact support at once.',
}
