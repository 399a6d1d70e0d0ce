import type { ru } from './messages.ru.ts'

type Key =
  | Exclude<keyof typeof ru, `login.code_${'term' | 'resend_wait' | 'ago'}_${'few' | 'many'}`>
  | `login.code_${'resend_wait' | 'ago'}_other`

export const en: Record<Key, string> = {
  'login.title': 'Sign in',
  'login.again_title': 'Confirm that it is you',
  'login.again_text': 'You are signed in already, but the service asks you to sign in once more.',
  'login.identifier': 'Phone, email or SNILS',
  'login.identifier_hint': 'For example, +7 900 000-00-00 or 112-233-445 95',
  'login.password': 'Password',
  'login.submit': 'Sign in',
  'login.no_account': 'No account yet?',
  'login.register': 'Register',
  'login.why_service': '“{{service}}” asks you to confirm the sign-in in one more way.',
  'login.demanded_by': 'This is what “{{resource}}” demands, to which the service asks for access.',
  'login.why_realm': 'This account can only be signed in to with two confirmations.',
  'login.why_owner': 'You asked to confirm each sign-in in a second way. You can change this under “Security”.',
  'login.why_renewal': 'Your password is to be changed. For that, confirm the sign-in in one more way.',
  'login.why_enrolment':
    'Before a new way of signing in is added, confirm that it is you by the strongest one that you have.',
  'login.code_term_one': 'The code is valid for {{count}}\u00a0minute.',
  'login.code_term_other': 'The code is valid for {{count}}\u00a0minutes.',
  'login.code_ago_one': 'That was {{count}}\u00a0second ago.',
  'login.code_ago_other': 'That was {{count}}\u00a0seconds ago.',
  'login.code_label': 'Code',
  'login.continue': 'Continue',
  'login.code_resend': 'Send a new code',
  'login.code_none': 'No code?',
  'login.code_late': 'Text messages sometimes take a few minutes.',
  'login.code_resend_wait_one': 'You can get a new code in {{count}}\u00a0second.',
  'login.code_resend_wait_other': 'You can get a new code in {{count}}\u00a0seconds.',
  'login.other_ways': 'Other ways',
  'login.restart': 'Sign in with another account',
  'login.identity_title': 'The service needs a higher account level',
  'login.identity_text':
    'To sign in to “{{service}}” you need an account at the {{level}} level. Yours is now at the {{own}} level.',
  'login.identity_lacks': 'What is missing',
  'login.identity_lack.snils': 'a SNILS that was checked',
  'login.identity_lack.document': 'an identity document that was checked',
  'login.identity_lack.proof': 'proof of your identity',
  'login.identity_lack.proof_again': 'a new proof of your identity',
  'login.identity_lack.core_change': 'a check of the changes that you have made',
  'login.identity_now':
    'You can enter your data now: the check usually takes a few minutes. Then come back to this page, and the sign-in goes on.',
  'login.identity_checking':
    'The data that you sent are being compared with the registers. This usually takes a few minutes. When the check is over, open this page again, and the sign-in goes on.',
  'login.identity_look': 'See how the check is going',
  'login.identity_prove': 'Go to your data',
  'login.identity_later': 'If you cannot do it now',
  'login.identity_later_text':
    'Go back to “{{service}}” without signing in. It will only learn that the level is not reached yet. When your account has it, we will send you a message.',
  'login.identity_end': 'Go back without signing in',
  'login.unmet_title': 'This way of signing in is not enough here',
  'login.unmet_text.strength':
    '“{{service}}” accepts only a stronger sign-in than the ways that your account has allow.',
  'login.unmet_text.hardware':
    '“{{service}}” accepts only a security key that asks for its PIN or your fingerprint: a device that you plug in or hold to the phone. A passkey that your phone or browser copies to other devices is not enough here.',
  'login.unmet_text.trust':
    'This sign-in is unusual for your account, and nothing in the account can confirm that it is you. So it does not go on, and no new way to sign in can be added now.',
  'login.unmet_added': '“{{what}}” stays in your account and opens it, but is not enough here.',
  'login.unmet_advice_trust':
    'Sign in from where you usually do. If it was not you who began this, change the password.',
  'login.unmet_add': 'What you can add now',
  'login.unmet_add_text': 'Add one of these ways, and the sign-in goes on. It stays in your account.',
  'login.unmet_advice':
    'Go back to the service and choose something that an ordinary sign-in is enough for, or ask its support.',
  'login.unmet_back': 'Back to the service',
  'login.identifier_missing': 'Enter a phone number, an email address or a SNILS',
  'login.password_missing': 'Enter the password',
  'login.too_fast': 'Too many attempts in a row. Wait {{seconds}}\u00a0s and try again.',
  'login.proof_needed':
    'Many wrong passwords were given for this phone or email, or from this network. Enter the password again.',
  'login.proof_wait':
    'Against guessing, wait {{seconds}}\u00a0s before you press “Sign in”. If you do not remember the password, recover access.',
  'login.proof_working': 'Against guessing, the browser is solving a small task. Enter the password meanwhile.',
  'login.proof_done': 'The task is solved, you can sign in.',
  'login.locked':
    'Sign-in by password is paused because of wrong attempts. Try again in {{minutes}}\u00a0min, sign in on a device where you have signed in before, or recover access.',
  'login.factor_locked':
    'This way is paused because of wrong answers. Try again in {{minutes}}\u00a0min, or choose another way.',
  'login.factor_day':
    'There were too many wrong answers today, so this way is paused for a day. Choose another way. If it was not you, change the password: somebody knows it.',
  'message.factor_guessed': 'Somebody knows your password and guesses the second step. Not you? Change it.',
  'message.factor_guessed.subject': 'Somebody knows your password',
  'message.factor_guessed.mail':
    'After the right password the second step of the sign-in was answered wrongly many times, so that second step is paused. Other ways work as usual.\n\n' +
    'If it was not you, somebody knows your password. Sign in in another way and change it under “Security”, or on the sign-in page: “I do not remember the password”.',
  'login.blocked': 'Your account is blocked. The reason: {{reason}}. To sort it out, please ask support.',
  'login.closed':
    'Your account is closed and gives your data to nobody. You can take it back within 30 days: open the page /account on this site and sign in.',
  'login.not_active': 'This account cannot be signed in to now: it is blocked or closed. Please ask support.',
  'login.unmet': 'This service demands a stronger way of signing in than your account has.',
  'authenticator.unknown_kind': 'There is no such way to sign in',
  'authenticator.unknown': 'Your account has no such way to sign in. It may have been removed already',
  'authenticator.too_many': 'You cannot add more than {{most}} of these. Remove one of them first',
  'authenticator.last': 'Nothing else opens your account. Add another way to sign in first',
  'authenticator.name_missing': 'Enter a name',
  'authenticator.name_too_long': 'Shorten the name to 60 characters',
  'login.not_enough':
    'The answer is right, but this confirmation is not enough. If the key has a PIN or a fingerprint, use it, or choose another way.',
  'login.expired': 'The time for signing in has run out. Go back to the service and start again.',
  'login.trust_device': 'Do not ask for the second way on this device for 30\u00a0days',
  'login.trust_device_hint': 'Only if nobody but you uses this device. The service may still require the second way.',
  'login.device_unknown': 'unknown device',
  'message.new_device': 'New sign-in: {{from}}. Not you? {{link}}',
  'message.new_device.subject': 'Your account was signed in to on a new device',
  'message.new_device.mail':
    'Somebody signed in to your account on a device that was not used for it before.\n\n' +
    'When: {{date}}, Moscow time\nFrom: {{from}}\n\n' +
    'If it was you, there is nothing to do.\n\n' +
    'If it was not you, end this session and change the password:\n{{link}}',
  'login.signal_blocked':
    'This sign-in is unusual for your account, so we stopped it. Sign in from where you usually do, or turn to support.',
  'login.why_signal': 'This sign-in is unusual for your account, so one more way is needed.',
  'message.signal': 'Unusual sign-in: {{from}}. Not you? {{link}}',
  'message.signal.subject': 'An unusual sign-in to your account',
  'message.signal.mail':
    'Somebody is signing in to your account in an unusual way.\n\nFrom: {{from}}\n\n' +
    'If it was not you, end that session and change the password:\n{{link}}',
  'message.sign_in': 'Sign-in: {{from}}. Not you? {{link}}',
  'message.sign_in.subject': 'Your account was signed in to',
  'message.sign_in.mail':
    'Somebody signed in to your account. You asked to be told of each sign-in.\n\n' +
    'When: {{date}}, Moscow time\nFrom: {{from}}\n\n' +
    'If it was you, there is nothing to do.\n\n' +
    'If it was not you, end this session and change the password:\n{{link}}',
}
