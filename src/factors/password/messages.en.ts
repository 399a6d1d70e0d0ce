import type { ru } from './messages.ru.ts'

export const en: Readonly<Record<keyof typeof ru, string>> = {
  'factor.password': 'Password',
  'password.advice': 'A good password is easy to remember: take four random words and join them with spaces.',
  'password.advice_not':
    'Your name, date of birth and phone number, runs of neighbouring keys and common words will not do.',
  'password.hint': 'From {{min}} to 128 characters',
  'password.hint_composed': 'From {{min}} to 128 characters: capital and small letters, digits and other signs',
  'password.renew_title': 'Change your password',
  'password.renew_old': 'Your password has not been changed for long.',
  'password.renew_exposed': 'Somebody else may know your password.',
  'password.renew_required': 'To sign in, make a new one.',
  'password.renew_advised': 'It is better to make a new one.',
  'password.renew_in_cabinet': 'You can change it in your account, under “Security”.',
  'password.renew_label': 'New password',
  'password.renew_submit': 'Change and continue',
  'password.renew_later': 'Not now',
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
  'password.composition':
    'The password needs a capital and a small letter, a digit and another sign, such as a hyphen. Add what is missing.',
  'password.leaked':
    'This password is in lists of stolen passwords, which are tried first. Make another one that you have not used anywhere.',
  'password.current': 'This is your current password. Make another one.',
  'password.too_many_tries': 'Too many attempts. Try again in {{minutes}}\u00a0min.',
  'password.former': 'You have had this password recently. Make a new one.',
  'password.personal_name': 'The password contains your name. Take it out: it is what others try first.',
  'password.personal_birth_date': 'The password contains your date of birth. Take it out: it is what others try first.',
  'password.personal_phone': 'The password contains your phone number. Take it out: it is what others try first.',
  'password.personal_email': 'The password contains your email address. Take it out: it is what others try first.',
  'message.password_changed': 'The password of your account was changed. Not you? {{link}}',
  'message.password_changed.subject': 'Your password was changed',
  'message.password_changed.mail':
    'The password of your account was changed. Other devices were signed out; sign in there with the new password.\n\n' +
    'If this was you, there is nothing to do.\n\n' +
    'If this was not you, end all sessions at once:\n{{link}}\n\n' +
    'Then recover your account: choose “I forgot my password” on the sign-in page.',
  'sign_in.wrong': 'The phone, email or password did not match. Check the keyboard layout and Caps Lock.',
}
