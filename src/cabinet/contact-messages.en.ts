import type { ru } from './contact-messages.ru.ts'

type Key = Exclude<keyof typeof ru, `contacts.wait_${'few' | 'many'}`>

export const en: Readonly<Record<Key, string>> = {
  'contacts.phone_title': 'Phone number',
  'contacts.email_title': 'Email address',
  'contacts.current': 'Now',
  'contacts.none': 'none',
  'contacts.waits': 'The change waits until {{date}}, Moscow time. Until then the link in the notice can stop it.',
  'contacts.stop': 'Stop the change',
  'contacts.weak':
    'The new contact will count in three days, as you signed in without a second factor. The former contacts get a notice that can stop the change.',
  'contacts.phone_label': 'New phone number',
  'contacts.phone_hint': 'For example, +7 916 123-45-67',
  'contacts.email_label': 'New email address',
  'contacts.email_hint': 'For example, anna@example.ru',
  'contacts.send_code': 'Get a code',
  'contacts.phone_lost': 'I cannot use the present number',
  'contacts.remove_title': 'Remove the email address',
  'contacts.remove_text': 'You will not be able to sign in with it, and notices will come to your phone only.',
  'contacts.remove': 'Remove the email address',
  'contacts.done.changed': 'The contact was changed.',
  'contacts.others_text':
    'If somebody else may have used the former contact, end the other sessions: what was confirmed with it counts there for some minutes yet.',
  'contacts.others': 'Other sessions',
  'contacts.done.removed': 'The email address was removed.',
  'contacts.done.waits': 'The change is accepted. It will be made in three days, unless somebody stops it.',
  'contacts.done.stopped': 'The change is stopped.',
  'contacts.code_title': 'Enter the code',
  'contacts.code_text': 'We have sent a code to',
  'contacts.code_label': 'Code',
  'contacts.code_hint': 'Six digits from the message',
  'contacts.confirm': 'Confirm',
  'contacts.no_code': 'No code?',
  'contacts.no_code_text': 'Messages sometimes take a few minutes. An email may be among the spam.',
  'contacts.send_again': 'Send a new code',
  'contacts.sent_again': 'We have sent a new code. The former one does not work any more.',
  'contacts.wait_one': 'You can get a new code in {{count}}\u00a0second.',
  'contacts.wait_other': 'You can get a new code in {{count}}\u00a0seconds.',
  'contacts.other': 'Enter another contact',
  'contacts.codes_title': 'How to get codes',
  'contacts.codes_text':
    'A one-time code comes when the password alone is not enough to sign in. You can always choose another way on the sign-in page. Email does not do everywhere: what is important needs the phone.',
  'contacts.codes_legend': 'Send a code first',
  'contacts.codes_save': 'Save',
  'contacts.codes_done': 'Your choice is saved.',
  'contacts.codes_none': 'The account has neither a phone number nor an email address.',
  'contacts.clash_title': 'This contact is taken',
  'contacts.clash_text':
    'It belongs to another account. A phone number and an email address can be in one account only.',
  'contacts.detach_text':
    'If a phone company has given this number to you lately, ask us to free it. The former holder gets a notice, and in three days the number will be free.',
  'contacts.detach': 'Free the number',
  'contacts.free_from':
    'The number will be free on {{date}}, Moscow time, unless the former holder objects. Then enter it again.',
}
