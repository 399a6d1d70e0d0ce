import type { ru } from './messages.ru.ts'

export const en: Record<keyof typeof ru, string> = {
  'factor.webauthn': 'Passkey',
  'webauthn.title': 'Confirm with your passkey',
  'webauthn.text':
    'Press the button and do what the browser tells you: use your finger, look into the camera, enter a PIN, or touch your security key.',
  'webauthn.use': 'Use the passkey',
  'webauthn.no_script': 'A passkey needs JavaScript, which is off in your browser. Turn it on, or choose another way.',
  'webauthn.open': 'Sign in with a passkey',
  'webauthn.told_fault': 'The browser could not use a passkey. Try again, or choose another way.',
  'webauthn.told_cancelled': 'No passkey was used: you cancelled the request, or its time ran out. Try again.',
  'webauthn.told_unsupported': 'This browser cannot use passkeys. Open the page in another one.',
  'webauthn.told_enrolled': 'This passkey has been added already. It is in the list of what opens your account.',
  'webauthn.enrol_title': 'Add a passkey',
  'webauthn.enrol_text':
    'A passkey is kept in your phone, computer or password manager and opens with your finger, face or PIN. It signs you in without a password, and no fake site can get it out of you.',
  'webauthn.enrol_hardware': 'A separate security key will do as well: plug it in, or hold it to your phone.',
  'webauthn.enrol_name': 'Name (optional)',
  'webauthn.enrol_name_hint': 'To tell this passkey from others, such as “Work laptop”',
  'webauthn.enrol_submit': 'Add',
  'webauthn.unanswered': 'No answer came from the passkey. Press the button again',
  'webauthn.expired': 'The time for this request has run out, or it was answered already. Press the button again',
  'webauthn.wrong': 'This passkey did not fit. Try another one, or another way',
  'webauthn.unverified':
    'The passkey did not check that it is you. Set a PIN, finger or face for it and try again, or choose another way',
  'webauthn.crossed': 'The key has just confirmed something on another page. Press the button again',
  'webauthn.copied':
    'This passkey is no longer accepted: there seems to be a copy of it. Sign in another way, remove it and add a new one',
  'webauthn.copy_warning': 'No longer accepted: there seems to be a copy of it. Remove it and add a new one',
  'webauthn.taken': 'This passkey has been added already',
  'webauthn.too_many': 'You cannot add more than {{most}} passkeys. Remove one of them first',
  'message.webauthn_copied': 'Your passkey is off: there may be a copy of it. Not you? Change your password.',
  'message.webauthn_copied.subject': 'There may be a copy of your passkey',
  'message.webauthn_copied.mail':
    'Somebody tried to sign in to your account with your passkey, but its counter of uses was lower than before. That happens when there is a copy of it.\n\nThe passkey is no longer accepted. Sign in another way, remove it under “Security” and add a new one. If it was not you, change your password.',
}
