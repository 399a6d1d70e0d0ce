import type { ru } from './messages.ru.ts'

export const en: Readonly<Record<keyof typeof ru, string>> = {
  'password.missing': 'Create a password.',
  'password.too_short': 'The password is shorter than {{min}} characters. Add more, for example a few words.',
  'password.too_long': 'The password is longer than {{max}} characters. Shorten it.',
  'password.common':
    'Many people use a password like this, so it is easy to guess. Add a few more words that have nothing in common.',
  'password.keyboard':
    'The password is a run of neighbouring keys, so it is easy to guess. Make it from several random words.',
  'password.sequence':
    'The password is characters in order or a date, so it is easy to guess. Make it from several random words.',
  'password.repeated': 'The password repeats one thing, so it is easy to guess. Make it from several different words.',
  'password.too_weak':
    'This password is easy to guess. Add one or two more words that have nothing to do with the others.',
  'password.personal_name': 'The password contains your name. Take it out: it is what others try first.',
  'password.personal_birth_date': 'The password contains your date of birth. Take it out: it is what others try first.',
  'password.personal_phone': 'The password contains your phone number. Take it out: it is what others try first.',
  'password.personal_email': 'The password contains your email address. Take it out: it is what others try first.',
  'sign_in.wrong': 'The phone, email or password did not match. Check the keyboard layout and Caps Lock.',
}
