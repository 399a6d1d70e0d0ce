import type { ru } from './password-messages.ru.ts'

export const en: Readonly<Record<keyof typeof ru, string>> = {
  'cabinet.password_title': 'Password',
  'cabinet.password_none': 'You have no password yet.',
  'cabinet.password_set_at': 'Your current password has been in force since {{moment}}, Moscow time.',
  'cabinet.password_old': 'Your password has not been changed for long. Make a new one.',
  'cabinet.password_must_change': 'Somebody else may know your password. Make a new one now.',
  'cabinet.password_ends': 'A new password ends all sign-ins on other devices: you sign in there with the new one.',
  'cabinet.password_label': 'New password',
  'cabinet.password_change': 'Change the password',
  'cabinet.password_changed': 'The password was changed. Other devices were signed out.',
}
