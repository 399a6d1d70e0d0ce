import type { ru } from './messages.ru.ts'

/** The plural forms of English in place of the Russian ones. */
type Key = Exclude<keyof typeof ru, 'registration.wait_few' | 'registration.wait_many'> | 'registration.wait_other'

export const en: Readonly<Record<Key, string>> = {
  'registration.start_title': 'Registration',
  'registration.start_text': 'You will need:',
  'registration.need_phone': 'a phone that is at hand: we will send it a code',
  'registration.need_email': 'an email address: we will send it a code, too',
  'registration.need_email_optional': 'an email address, if you have one',
  'registration.need_names': 'your names and date of birth, as in your passport',
  'registration.need_password': 'a new password of at least {{min}} characters',
  'registration.start_time':
    'This takes about five minutes. You can take a break: your answers stay on this device for a day.',
  'registration.begin': 'Start',
  'registration.expired':
    'More than a day has passed since you began to register, and your answers are deleted. Please start again.',
  'registration.continue_text': 'You have already begun to register on this device. Your answers are saved.',
  'registration.continue': 'Continue',
  'registration.restart_text': 'If it was somebody else who began, start over: the earlier answers will be deleted.',
  'registration.restart': 'Start over',
  'registration.phone_title': 'Your phone number',
  'registration.phone_label': 'Phone',
  'registration.phone_hint': 'For example, +7 916 123-45-67. Begin a number of another country with + and its code.',
  'registration.send_code': 'Get a code',
  'registration.phone_code_title': 'Code from the text message',
  'registration.phone_code_text': 'We sent a text message with a code to',
  'registration.email_code_title': 'Code from the email',
  'registration.email_code_text': 'We sent an email with a code to',
  'registration.code_label': 'Code',
  'registration.code_hint': 'Six digits. Do not tell them to anybody.',
  'registration.no_code_title': 'No code?',
  'registration.phone_no_code_text': 'Text messages sometimes take a few minutes.',
  'registration.email_no_code_text': 'Look into your spam folder: emails sometimes end up there.',
  'registration.wait_one': 'You can get a new code in {{count}}\u00a0second.',
  'registration.wait_other': 'You can get a new code in {{count}}\u00a0seconds.',
  'registration.send_again': 'Send a new code',
  'registration.sent_again': 'We sent a new code. The earlier one no longer works.',
  'registration.phone_wrong': 'Enter another number',
  'registration.email_wrong': 'Enter another address',
  'registration.email_title': 'Your email',
  'registration.email_why': 'With it you can sign in without your phone, and important notices arrive there.',
  'registration.email_label': 'Email',
  'registration.email_hint': 'For example, anna@example.ru',
  'registration.skip': 'Skip',
  'registration.name_title': 'Your name',
  'registration.name_text':
    'Write it as in your passport: in Russian letters if the passport is Russian, in Latin ones otherwise.',
  'registration.family_name_label': 'Family name',
  'registration.given_name_label': 'Given name',
  'registration.patronymic_label': 'Patronymic',
  'registration.patronymic_hint': 'If you have none, leave it empty',
  'registration.birth_date_title': 'When were you born',
  'registration.birth_date_label': 'Date of birth',
  'registration.gender_title': 'Your sex',
  'registration.gender_label': 'Sex',
  'registration.gender_hint': 'As in your passport',
  'registration.gender_female': 'Female',
  'registration.gender_male': 'Male',
  'registration.password_title': 'Create a password',
  'registration.password_label': 'Password',
  'registration.check_title': 'Check your answers',
  'registration.not_given': 'None',
  'registration.consent_heading': 'Consent',
  'registration.consent_read': 'Read the consent to the processing of personal data',
  'registration.consent_label': 'I consent to the processing of my personal data',
  'registration.finish': 'Register',
  'registration.consent_title': 'Consent to the processing of personal data',
  'registration.consent_who':
    'I consent to the processing of my personal data by the operator of the service “{{brand}}”.',
  'registration.consent_what':
    'Which data: family name, given name, patronymic, date of birth, sex, phone number, email address, facts about sign-ins (time, address and device).',
  'registration.consent_why':
    'What for: to make my account, to recognise me when I sign in, to protect the account from others, and to pass my data to the services that I allow. I allow it to each service separately.',
  'registration.consent_how':
    'What is done with the data: they are collected, recorded, stored encrypted, corrected, used, passed on with my permission and deleted, with and without computers.',
  'registration.consent_until': 'For how long: as long as the account exists. The data are deleted after it is closed.',
  'registration.consent_withdraw': 'I can withdraw the consent at any time. The account is then closed.',
  'registration.consent_version': 'Version of the text: {{version}}',
  'registration.consent_back': 'Back to registration',
  'registration.clash_title_phone': 'There already is an account with this number',
  'registration.clash_title_email': 'There already is an account with this address',
  'registration.clash_phone': 'A number belongs to one account:',
  'registration.clash_email': 'An address belongs to one account:',
  'registration.clash_yours': 'If the account is yours, you need not register again: sign in.',
  'registration.clash_sign_in': 'Sign in',
  'registration.clash_not_yours_title': 'If it is not yours',
  'registration.clash_not_yours_phone':
    'Phone companies give old numbers to new people. The previous owner may not have removed the number from their account.',
  'registration.clash_not_yours_email':
    'Enter another address. We told the owner of the account about your registration.',
  'registration.clash_detach_text':
    'If the number is yours now, ask us to free it. The previous owner will have three days to object.',
  'registration.clash_detach': 'This is my new number, somebody else had it before',
  'registration.clash_free_from':
    'The number will be free on {{date}}, Moscow time, unless the previous owner objects.',
  'registration.clash_come_back':
    'When the number is free, we will send it a text message. Come back then and register.',
  'registration.clash_meanwhile': 'If you do not want to wait, register with another number.',
  'registration.clash_other_phone': 'Enter another number',
  'registration.clash_other_email': 'Enter another address',
  'registration.clash_skip': 'On the same page you can go on without an email address.',
  'registration.done_title': 'You are registered',
  'registration.done_account': 'Account number:',
  'registration.done_level': 'Level of the account:',
  'registration.done_text': 'You need the number if you contact support. You do not need it to sign in.',
  'registration.done_next_title': 'What now',
  'registration.done_next':
    'Open a website that offers to sign in with this account, and sign in with your phone number or email and your password.',
  'registration.too_many':
    'There are too many registrations from your network at the moment. Try again in {{minutes}}\u00a0min or over mobile internet.',
  'registration.too_many_codes':
    'You asked for codes to too many numbers and addresses. Try again in {{minutes}}\u00a0min.',
  'registration.contact_changed':
    'The number or address was changed in another tab. Enter the code that was sent to the new one.',
  'registration.answers_changed': 'The answers were changed in another tab. Check them again and send them.',
  'registration.consent_missing':
    'Read the consent to the processing of personal data and tick that you agree. You cannot register without it.',
}
