import type { ru } from './security-messages.ru.ts'

type Key = Exclude<keyof typeof ru, 'security.left_few' | 'security.left_many'> | 'security.left_other'

export const en: Record<Key, string> = {
  'security.title': 'Ways to sign in',
  'security.text':
    'Everything that opens your account. If you did not add one of these, remove it and change your password.',
  'security.list': 'Ways to sign in',
  'security.what': 'Way',
  'security.worth': 'What it is for',
  'security.added': 'Added',
  'security.used': 'Last used',
  'security.never_used': 'never',
  'security.left_one': '{{count}}\u00a0code left',
  'security.left_other': '{{count}}\u00a0codes left',
  'security.worth_first': 'First step of a sign-in',
  'security.worth_second': 'Second step after the password',
  'security.worth_weak': 'A further check; not enough where a strong sign-in is needed',
  'security.worth_alone': 'Signs in without a password',
  'security.worth_hardware': 'Signs in without a password, the strongest way',
  'security.worth_spare': 'Second step after the password, when nothing else is at hand',
  'security.rename': 'Rename',
  'security.remove': 'Remove',
  'security.renew': 'Make new ones',
  'security.lost': 'Lost',
  'security.add_title': 'Add a way to sign in',
  'security.add_text': 'A second way helps when you lose your phone or forget your password.',
  'security.done_added': 'The way to sign in has been added.',
  'security.done_renamed': 'The name has been changed.',
  'security.others_text':
    'You are signed in on other devices too. If somebody else may have used what you removed, end those sessions: what was confirmed with it counts there for some minutes yet.',
  'security.others_end': 'End other sessions',
  'security.done_removed': 'The way to sign in has been removed.',
  'security.done_saved': 'Saved.',
  'security.done_stopped': 'The change has been stopped.',
  'security.done_asked':
    'We have your request. In three days this way to sign in will be removed, unless somebody objects.',
  'security.changes_title': 'Waiting for their time',
  'security.changes_text': 'These changes were asked for after a weaker sign-in. If it was not you, stop them.',
  'security.change_due': '{{moment}} Moscow time',
  'security.change_stop': 'Stop',
  'security.change_which': 'Stop the change: {{what}}',
  'security.second_title': 'Second step at each sign-in',
  'security.second_text':
    'Beside the password we will ask for a code or another way to sign in, even if the service does not want it.',
  'security.second_required': 'For your account a second step is required at each sign-in.',
  'security.second_legend': 'Ask for a second step at each sign-in?',
  'security.yes': 'Yes',
  'security.no': 'No',
  'security.save': 'Save',
  'security.preferred_title': 'Which second step to offer first',
  'security.preferred_legend': 'The way that suits you best',
  'cabinet.one_proof_title': 'First add a phone or an email',
  'cabinet.one_proof':
    'Your account is opened by the password alone now, which is not enough to confirm such a change. Add a contact that codes can be sent to: it counts after 72\u00a0hours.',
  'cabinet.one_proof_add.phone': 'Add a phone',
  'cabinet.one_proof_add.email': 'Add an email',
  'cabinet.one_proof_then':
    'When the contact counts you can add an app or a key as well, and finish what you began. A link to this page will be at the top of your personal account.',
  'cabinet.unfinished': 'You have not finished: a second proof was missing.',
  'cabinet.unfinished_link': 'Go on',
  'cabinet.choice_missing': 'Choose one of the options',
  'security.name_title': 'What shall this way to sign in be called?',
  'security.name_label': 'Name',
  'security.name_hint': 'For example, “Work phone”',
  'security.remove_title': 'Remove this way to sign in?',
  'security.remove_text': 'You will no longer be able to sign in with it. We will tell you so by phone and email.',
  'security.remove_weak':
    'To remove this at once, confirm the sign-in in another way than by a recovery code or by the password alone. Now you can ask for it, and we remove it after 72\u00a0hours.',
  'security.remove_submit': 'Remove',
  'security.cancel': 'Leave everything as it is',
  'security.removal_waits':
    'You have asked for this way to sign in to be removed already: it goes on {{date}}, Moscow time, unless somebody objects. No further recovery code is needed. The removal can be stopped on the page “Security”.',
  'security.lost_title': 'Not at hand: remove it in three days',
  'security.lost_text':
    'It can be removed at once only by whoever signs in with it, as it is stronger than the others. Without it, enter a recovery code, and we will remove it in 72\u00a0hours.',
  'security.lost_notices':
    'We will tell you of your request by phone and email. Until the time is up it can be stopped.',
  'security.lost_code': 'Recovery code',
  'security.lost_code_hint': 'Sixteen letters and digits; the code works once',
  'security.lost_submit': 'Ask to remove it',
  'security.lost_no_codes':
    'This takes a recovery code, and you have none. Sign in with this way, or recover access through support.',
}
