import type { ru } from './messages.ru.ts'

export const en: Record<keyof typeof ru, string> = {
  'factor.totp': 'Authenticator app',
  'totp.missing': 'Enter the six digits that the app shows',
  'totp.wrong':
    'The code did not match. Enter the one that the app shows now, and check that the time on the device is right',
  'totp.used': 'This code has been used already. Wait for the next one: it comes within half a minute',
  'totp.enrolment_over': 'This key is no longer valid. Add the new one on this page to the app',
  'totp.too_many': 'You cannot add more devices. Remove one of them first',
  'totp.token_unknown': 'We have no token of this number, or somebody else has added it. Check the number',
  'totp.token_too_often': 'Too many tries to add a token. Try again tomorrow',
  'totp.token_title': 'Do you have a token with a screen?',
  'totp.token_text': 'Then you need no app: enter the number from the back of the token, and the code on its screen.',
  'totp.token_serial': 'Number of the token',
  'totp.title': 'Code from the app',
  'totp.text': 'Open the authenticator app on your phone, or look at the screen of your token.',
  'totp.code': 'Code',
  'totp.code_hint': 'Six digits that change every half a minute',
  'totp.continue': 'Continue',
  'totp.enrol_title': 'Add an authenticator app',
  'totp.enrol_text':
    'An app on your phone shows a new code every half a minute and needs no connection for that. Any app for one-time codes (TOTP) will do.',
  'totp.enrol_scan': 'Point the camera of the app at the picture',
  'totp.enrol_picture': 'QR code with the key. The same key is written below in letters and digits.',
  'totp.enrol_link': 'Open the app on this phone',
  'totp.enrol_key': 'Or enter the key into the app yourself',
  'totp.enrol_key_kind': 'Kind of code: time-based. Show neither the picture nor the key to anybody.',
  'totp.enrol_confirm': 'Enter the code that the app shows',
  'totp.enrol_name': 'Name (optional)',
  'totp.enrol_name_hint': 'To tell this device from others, such as “Work phone”',
  'totp.enrol_submit': 'Add',
}
