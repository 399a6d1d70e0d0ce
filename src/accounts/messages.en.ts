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
  'fields.phone_missing': 'Enter your phone number, for example +7 916 123-45-67.',
  'fields.phone_format':
    'Check the phone number: +7 is followed by ten digits, the first of them not 0. Begin a number of another country with + and its code.',
  'fields.phone_foreign':
    'Check the phone number: that country has no such numbers. Enter all of it, with + and the country code.',
  'fields.email_missing': 'Enter your email address, for example anna@example.ru.',
  'fields.email_format':
    'Check the email address: it needs a name, the @ sign and a domain with a dot, for example anna@example.ru.',
  'fields.email_too_long': 'The email address is too long. Enter an address of at most 254 characters.',
  'fields.family_name_missing': 'Enter your family name as in your passport.',
  'fields.family_name_letters':
    'A family name can have only letters, spaces, hyphens and apostrophes. Remove digits and other signs.',
  'fields.family_name_script':
    'The family name mixes Russian and Latin letters. Enter it in one alphabet, as in your passport.',
  'fields.family_name_too_long': 'The family name is longer than 100 characters. Shorten it.',
  'fields.given_name_missing': 'Enter your given name as in your passport.',
  'fields.given_name_letters':
    'A given name can have only letters, spaces, hyphens and apostrophes. Remove digits and other signs.',
  'fields.given_name_script':
    'The given name mixes Russian and Latin letters. Enter it in one alphabet, as in your passport.',
  'fields.given_name_other_script':
    'The given name and the family name are in different alphabets. Enter the given name in the alphabet of the family name.',
  'fields.given_name_too_long': 'The given name is longer than 100 characters. Shorten it.',
  'fields.patronymic_letters':
    'A patronymic can have only letters, spaces, hyphens and apostrophes. Remove digits and other signs. If you have none, leave the field empty.',
  'fields.patronymic_script':
    'The patronymic mixes Russian and Latin letters. Enter it in one alphabet, as in your passport.',
  'fields.patronymic_other_script':
    'The patronymic and the family name are in different alphabets. Enter the patronymic in the alphabet of the family name.',
  'fields.patronymic_too_long': 'The patronymic is longer than 100 characters. Shorten it.',
  'fields.birth_date_missing': 'Enter your date of birth, for example 27.03.1985.',
  'fields.birth_date_format': 'Enter your date of birth in digits: day, month, year. For example, 27.03.1985.',
  'fields.birth_date_calendar': 'The calendar has no such day. Check the day and month of your birth.',
  'fields.birth_date_future': 'This date of birth is in the future. Check the year.',
  'fields.birth_date_too_old': 'Check the year of your birth: enter all four digits.',
  'fields.birth_date_too_young':
    'You can register from the age of {{years}}. If the date of birth is mistyped, correct it.',
  'fields.gender_missing': 'Choose your sex as in your passport.',
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
  'change.kind.authenticator.remove': 'removal of a way to sign in',
  'change.kind.password.reset': 'new password',
  'change.stopped_title': 'The change is stopped',
  'change.stopped_text': 'Everything in the account stays as it was.',
  'change.stopped_advice':
    'If it was not you, somebody may know your password: sign in, change it and end the sessions that you do not recognise.',
  'change.gone_title': 'The link does not work',
  'change.gone_text': 'The change was stopped or made already, or the address was not copied in full.',
  'change.gone_advice': 'If you did not ask for any change, sign in to your account and look at “Security”.',
}
