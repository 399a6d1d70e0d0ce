import type { ru } from './messages.ru.ts'

/** Plain ASCII in the SMS texts: a segment then has 160 characters instead of 70. */
export const en: Readonly<Record<keyof typeof ru, string>> = {
  'message.registration_code': '{{code}} is your registration code. Do not share it with anyone.',
  'message.registration_code.subject': 'Your registration code',
  'message.registration_code.mail':
    '{{code}} is the code that confirms your email address during registration.\n\n' +
    'Enter it on the page where you began to register. Do not share the code with anyone, not even with support staff.\n\n' +
    'If you did not register, you need not do anything: the address cannot be confirmed without the code.',
  'message.sign_in_code': '{{code}} is your sign-in code. Do not share it with anyone.',
  'message.sign_in_code.subject': 'Your sign-in code',
  'message.sign_in_code.mail':
    '{{code}} is your sign-in code.\n\n' +
    'Do not share the code with anyone, not even with support staff.\n\n' +
    'If you are not signing in now, somebody knows your password: sign in yourself and change it.',
  'message.sign_in_code.voice':
    'Hello. Your sign-in code is {{spoken}}. I repeat: {{spoken}}. Do not share it with anyone, not even with support staff.',
  'message.registration_clash':
    'Somebody entered this number during registration. If it was you, sign in: you already have an account.',
  'message.registration_clash.subject': 'You already have an account',
  'message.registration_clash.mail':
    'During registration somebody entered a contact that already belongs to your account, and the code sent to it.\n\n' +
    'If it was you, there is no need to register again: sign in with this phone number or email address.\n\n' +
    'If it was not you, nothing has changed: no new account was made. ' +
    'Make sure that nobody else has access to your phone and mailbox.',
  'message.password_locked':
    'Sign-in by password is paused after many wrong attempts. If it was not you, change your password.',
  'message.password_locked.subject': 'Sign-in by password is paused',
  'message.password_locked.mail':
    'Somebody tried many times to sign in to your account with a wrong password, so sign-in by password is paused on new devices for a while. ' +
    'On devices where you have signed in before, and with a passkey, it works as usual.\n\n' +
    'If it was you, wait, or recover access on the sign-in page.\n\n' +
    'If it was not you, the password was not guessed. Sign in and change it in the section “Security” if it is short or used elsewhere too.',
  'message.authenticator_added': 'A way to sign in was added: {{what}}. Not you? {{link}}',
  'message.authenticator_added.subject': 'A way to sign in was added',
  'message.authenticator_added.mail':
    'There is one more way to sign in to your account: {{what}}.\n\n' +
    'If you added it, you need not do anything.\n\n' +
    'If it was not you, undo it and end that session:\n{{link}}',
  'message.authenticator_removed': 'A way to sign in was removed: {{what}}. Not you? {{link}}',
  'message.authenticator_removed.subject': 'A way to sign in was removed',
  'message.authenticator_removed.mail':
    'A way to sign in was removed from your account: {{what}}.\n\n' +
    'If you removed it, you need not do anything.\n\n' +
    'If it was not you, undo it and end that session:\n{{link}}',
  'message.recovery_code_used': 'A recovery code was used, {{left}} left. If it was not you, change your password.',
  'message.recovery_code_used.subject': 'A recovery code was used',
  'message.recovery_code_used.mail':
    'Somebody signed in to your account with a recovery code. Unused codes left: {{left}}.\n\n' +
    'If it was not you, sign in, change your password and make new recovery codes.',
  'message.recovery_codes_few': 'A recovery code was used, {{left}} left. Make new codes.',
  'message.recovery_codes_few.subject': 'Your recovery codes are running out',
  'message.recovery_codes_few.mail':
    'Somebody signed in to your account with a recovery code. Unused codes left: {{left}}. ' +
    'Make new ones in the section “Security”: the former ones will stop working then.\n\n' +
    'If it was not you, sign in, change your password and make new recovery codes.',
  'message.second_factor_on': 'Each sign-in now takes a second step. If it was not you, sign in and check.',
  'message.second_factor_on.subject': 'Each sign-in now takes a second step',
  'message.second_factor_on.mail':
    'A second step at each sign-in was switched on in your account.\n\n' +
    'If it was not you, sign in, check the section “Security” and change your password.',
  'message.second_factor_off': 'The second step at sign-in was switched off. If it was not you, switch it on again.',
  'message.second_factor_off.subject': 'The second step at sign-in was switched off',
  'message.second_factor_off.mail':
    'The second step at each sign-in was switched off in your account: where a service wants no more, the password is enough now.\n\n' +
    'If it was not you, sign in, switch it on again in the section “Security” and change your password.',
  'message.contact_detachment.subject': 'Somebody asks to remove a phone number from your account',
  'message.contact_detachment.mail':
    'Somebody who uses the number {{phone}} entered a code from a text message and asked us to remove the number from your account. ' +
    'This happens when a phone company gives an old number to a new person.\n\n' +
    'If the number is no longer yours, you need not do anything: it will be removed on {{date}}, Moscow time. ' +
    'The account stays yours, sign in to it with your email address.\n\n' +
    'If the number is still yours, keep it before that time:\n{{link}}',
  'message.contact_detached.subject': 'A phone number was removed from your account',
  'message.contact_detached.mail':
    'The number {{phone}} was removed from your account: somebody else uses it, and nobody objected within three days.\n\n' +
    'Codes are no longer sent to this number, and you cannot sign in with it. Sign in with this email address and your password.',
  'message.approval_code': '{{code}} is your code for "{{service}}". Do not share it. Approve or refuse: {{link}}',
  'message.approval_code_bound':
    '{{code}} is your code for "{{service}}", message "{{bound}}". Do not share it. Approve or refuse: {{link}}',
  'message.approval_link': '"{{service}}" asks for your approval. Approve or refuse: {{link}}',
  'message.approval_link.subject': 'Your approval is asked for',
  'message.approval_link.mail':
    '“{{service}}” asks you to confirm that it is you.\n\n' +
    'Approve only if you turned to them yourself just now. Approve or refuse:\n{{link}}\n\n' +
    'If it was not you, refuse or do nothing: in a few minutes the request is gone by itself.',
  'message.approval_link_bound':
    '"{{service}}" asks for your approval, message "{{bound}}". Approve or refuse: {{link}}',
  'message.approval_link_bound.subject': 'Your approval is asked for',
  'message.approval_link_bound.mail':
    '“{{service}}” asks you to confirm that it is you. Message: “{{bound}}”.\n\n' +
    'Approve only if you turned to them yourself just now. Approve or refuse:\n{{link}}\n\n' +
    'If it was not you, refuse or do nothing: in a few minutes the request is gone by itself.',
  'message.contact_freed': 'Your phone number is free now. You can register with it.',
  'message.change_scheduled': 'Your account will change on {{date}} Moscow time: {{what}}. Not you? Stop it: {{link}}',
  'message.change_scheduled.subject': 'Your account will change in three days',
  'message.change_scheduled.mail':
    'Somebody asked for a change in your account: {{what}}. It will be made on {{date}}, Moscow time.\n\n' +
    'If it was you, you need not do anything.\n\n' +
    'If it was not you, stop the change before that time:\n{{link}}',
  'message.change_stopped': 'The change of your account was stopped: {{what}}.',
  'message.change_stopped.subject': 'The change of your account was stopped',
  'message.change_stopped.mail':
    'The change that had waited for three days was stopped: {{what}}. Everything in the account stays as it was.\n\n' +
    'If it was not you who stopped it, somebody else has access to your phone, mailbox or account. Sign in and change your password.',
  'message.change_void': 'The change of your account was not made: {{what}}.',
  'message.change_void.subject': 'The change of your account was not made',
  'message.change_void.mail':
    'The change that had waited for three days was not made: {{what}}. Something had changed in the meantime, in your account or elsewhere.\n\n' +
    'If you still need the change, ask for it again.',
  'message.contact_code': '{{code}} is the code for the number of your account. Do not share it with anyone.',
  'message.contact_code.subject': 'Your code to confirm an email address',
  'message.contact_code.mail':
    '{{code}} is the code that confirms this email address in an account.\n\n' +
    'Do not share the code with anyone, not even with support staff.\n\n' +
    'If you did not change anything, somebody entered your address by mistake: it cannot be confirmed without the code.',
  'message.contact_phone_changed': 'The phone number of your account is {{contact}} now. Not you? {{link}}',
  'message.contact_phone_changed.subject': 'The phone number of your account was changed',
  'message.contact_phone_changed.mail':
    'The phone number of your account is {{contact}} now. Sign-in codes are sent to it.\n\n' +
    'If it was not you, undo the change:\n{{link}}',
  'message.contact_phone_added': 'Your account has a new phone number, {{contact}}. Not you? {{link}}',
  'message.contact_phone_added.subject': 'Your account has a new phone number',
  'message.contact_phone_added.mail':
    'Your account has the phone number {{contact}} now. Sign-in codes are sent to it.\n\n' +
    'If it was not you, undo the change:\n{{link}}',
  'message.contact_email_changed': 'The email of your account is {{contact}} now. Not you? {{link}}',
  'message.contact_email_changed.subject': 'The email address of your account was changed',
  'message.contact_email_changed.mail':
    'The email address of your account is {{contact}} now. You can sign in with it, and notices are sent to it.\n\n' +
    'If it was not you, undo the change:\n{{link}}',
  'message.contact_email_added': 'Your account has a new email, {{contact}}. Not you? {{link}}',
  'message.contact_email_added.subject': 'Your account has a new email address',
  'message.contact_email_added.mail':
    'Your account has the email address {{contact}} now. You can sign in with it, and notices are sent to it.\n\n' +
    'If it was not you, undo the change:\n{{link}}',
  'message.contact_email_removed': 'The email {{contact}} was removed from your account. Not you? {{link}}',
  'message.contact_email_removed.subject': 'An email address was removed from your account',
  'message.contact_email_removed.mail':
    'The email address {{contact}} was removed from your account. You cannot sign in with it any more, and no notices are sent to it.\n\n' +
    'If it was not you, undo the change:\n{{link}}',
  'message.contact_clash': 'Somebody entered your contact in another account. If it was not you, change your password.',
  'message.contact_clash.subject': 'Your contact was entered in another account',
  'message.contact_clash.mail':
    'Somebody entered a phone number or email address of your account in another account, and the code sent to it.\n\n' +
    'If it was you, you have two accounts: the contact stays in this one.\n\n' +
    'If it was not you, nothing has changed, but make sure that nobody else has access to your phone and mailbox.',
  'message.change_done': 'Your account was changed: {{what}}.',
  'message.change_done.subject': 'Your account was changed',
  'message.change_done.mail':
    'The change that we wrote about three days ago has been made: {{what}}. Nobody objected in that time.\n\n' +
    'If it was not you, recover access to your account and change your password.',
}
