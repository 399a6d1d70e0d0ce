import type { ru } from './messages.ru.ts'

type Key = Exclude<keyof typeof ru, 'recovery.wait_few' | 'recovery.wait_many'>

export const en: Record<Key, string> = {
  'recovery.forgot': 'I have forgotten my password',
  'recovery.start_title': 'Get back into your account',
  'recovery.start_text': 'Enter the phone number or email address that you sign in with. We will send a code there.',
  'recovery.start_over': 'The time has run out, or this was begun in another browser. Please start again.',
  'recovery.identifier': 'Phone or email',
  'recovery.identifier_hint': 'For example, +7 900 000-00-00',
  'recovery.send_code': 'Send a code',
  'recovery.remembered': 'Remembered the password?',
  'recovery.sign_in': 'Sign in',
  'recovery.code_title': 'Enter the code',
  'recovery.code_sent': 'If there is an account with this contact, we have sent a code there:',
  'recovery.code_link': 'The email has a link too: open it in this same browser, and you need not type the code.',
  'recovery.code_again_sent': 'If there is an account with this contact, we have sent a new code.',
  'recovery.code_label': 'Code',
  'recovery.code_hint': 'Six digits from the message',
  'recovery.continue': 'Continue',
  'recovery.no_code': 'No code?',
  'recovery.no_code_phone':
    'Text messages sometimes take a few minutes. Check the number: your account may have another one.',
  'recovery.no_code_email': 'Look in the spam folder, and check the address: your account may have another one.',
  'recovery.again': 'Send a new code',
  'recovery.wait_one': 'You can get a new code in {{count}}\u00a0second.',
  'recovery.wait_other': 'You can get a new code in {{count}}\u00a0seconds.',
  'recovery.other_identifier': 'Enter another phone number or email address',
  'recovery.link_title': 'Confirm your email',
  'recovery.link_text': 'Press the button to confirm that this address is yours:',
  'recovery.link_confirm': 'Confirm',
  'recovery.link_elsewhere_title': 'The code of the email',
  'recovery.link_elsewhere_text': 'Type this code in the browser where you began:',
  'recovery.link_elsewhere_warning':
    'If it was not you who began, close this page and tell nobody the code. Without it the password cannot be changed.',
  'recovery.link_gone_title': 'This link does not work',
  'recovery.link_gone_text': 'It has been used, is more than a few minutes old, or was not copied in full.',
  'recovery.link_gone_advice': 'Go back to where you began and ask for a new code.',
  'recovery.ways_title': 'What else can confirm that it is you?',
  'recovery.ways_text':
    'One contact is not enough: somebody else may have got hold of it. Choose what you have at hand.',
  'recovery.way_phone': 'A code by text message to {{contact}}',
  'recovery.way_email': 'A code by email to {{contact}}',
  'recovery.ways_none_title': 'I have none of these',
  'recovery.ways_none_text':
    'Then the new password will work only after 72\u00a0hours. We will tell you on all your contacts, and from any of them the change can be cancelled.',
  'recovery.ways_none': 'Go on without',
  'recovery.way_missing': 'Choose one of the ways on this page',
  'factor.recovery_list': 'All ways',
  'recovery.other_title': 'A code to your other contact',
  'recovery.other_offer': 'We will send a code here:',
  'recovery.other_sent': 'We have sent a code here:',
  'recovery.other_send': 'Send a code',
  'recovery.other_no_code': 'Messages sometimes take a few minutes.',
  'recovery.waiting_title': 'The new password has to wait',
  'recovery.waiting_own':
    'The new password will work from {{dueAt}}, Moscow time. Until then the former one does. We have told you on all your contacts: from any of them the change can be cancelled.',
  'recovery.waiting_verified':
    'When the new password begins to work, a verified account stops being verified: you will have to prove your identity again.',
  'recovery.waiting_text':
    'On {{askedAt}}, Moscow time, a new password was asked for in this account. It will work from {{dueAt}}.',
  'recovery.waiting_closed':
    'The account is closed. When the new password works, sign in with it and take the account back: on {{date}}, Moscow time, it will be erased.',
  'recovery.waiting_stop_text': 'If it was not you, cancel the change: the former password stays.',
  'recovery.waiting_stop': 'Cancel the change of password',
  'recovery.waiting_on_text': 'If you can confirm in one more way that it is you, you need not wait.',
  'recovery.waiting_on': 'Confirm in one more way',
  'recovery.waiting_over_title': 'The change of password is cancelled',
  'recovery.waiting_over': 'The former password works. If you do not remember it, start again.',
  'recovery.start_again': 'Start again',
  'recovery.password_title': 'Make up a new password',
  'recovery.password_now':
    'It will work at once. On all devices you will be signed out and have to sign in with the new password.',
  'recovery.password_later':
    'It will work after 72\u00a0hours, unless somebody cancels the change from one of your contacts. Until then the former one does.',
  'recovery.password_label': 'New password',
  'recovery.password_save': 'Save the password',
  'recovery.done_title': 'The password is changed',
  'recovery.done_text': 'You are signed out on all devices. Check that the account is still yours alone:',
  'recovery.done_closed':
    'The account is closed. On {{date}}, Moscow time, it will be erased with all its data. To keep it, sign in with the new password and take it back.',
  'recovery.done_second_factor': 'Second factor',
  'recovery.done_second_factor_on': 'There is one. Check that all the ways to sign in are yours',
  'recovery.done_second_factor_off': 'None. Add one, so that a password alone is not enough',
  'recovery.done_contacts': 'Contacts',
  'recovery.done_services': 'Connected services',
  'recovery.done_services_text': 'Disconnect those that you do not know',
  'recovery.done_check': 'Check',
  'recovery.done_sign_in_text': 'For this, sign in with the new password.',
  'recovery.identifier_missing': 'Enter a phone number or an email address',
  'recovery.identifier_format':
    'This looks like neither a phone number nor an email address. Enter, for example, +7 900 000-00-00 or anna@example.ru',
  'recovery.too_many': 'Too many attempts. Try again in {{minutes}}\u00a0min.',
  'message.recovery_code': '{{code}} is your code to change the password. Tell it to nobody.',
  'message.recovery_code.subject': 'Get back into your account',
  'message.recovery_code.mail':
    '{{code}} is your code to get back into your account.\n\n' +
    'Type it on the page where you began, or open this link in the same browser:\n{{link}}\n\n' +
    'Tell the code to nobody, not even to support.\n\n' +
    'If you did not ask for this, there is nothing to do: without the code the password cannot be changed.',
  'message.recovery_check_code': '{{code}} is your second code to change the password. Tell it to nobody.',
  'message.recovery_check_code.subject': 'The second code to get back into your account',
  'message.recovery_check_code.mail':
    '{{code}} is your second code to get back into your account.\n\n' +
    'Tell the code to nobody, not even to support.\n\n' +
    'If you did not ask for this, somebody has already typed the code sent to your other contact: ' +
    'check whether somebody else has got hold of it.',
  'message.recovery_blocked': 'Your account is blocked. Please ask support.',
  'message.recovery_blocked.subject': 'The account is blocked',
  'message.recovery_blocked.mail':
    'You, or somebody with your address, want to get back into an account. It is blocked, so there is no code in this email.\n\n' +
    'To have the account unblocked, please ask support.',
}
