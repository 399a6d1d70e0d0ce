import type { ru } from './messages.ru.ts'

export const en: Record<keyof typeof ru, string> = {
  'factor.recovery_code': 'Recovery codes',
  'recovery_code.missing': 'Enter a recovery code: sixteen letters and digits',
  'recovery_code.wrong':
    'The code did not match. Check how it is printed, and take another one if it has been used already',
  'recovery_code.renewed':
    'The codes have been made and are not shown again. If you could not keep them, make new ones',
  'recovery_code.title': 'Recovery code',
  'recovery_code.text': 'Enter any of the recovery codes that you printed or wrote down. Each works once.',
  'recovery_code.code': 'Recovery code',
  'recovery_code.code_hint': 'Small letters and missing hyphens are fine',
  'recovery_code.continue': 'Continue',
  'recovery_code.enrol_title': 'Make recovery codes',
  'recovery_code.enrol_text':
    'We will show ten codes. They stand in for your phone, app or key when those are not at hand; you will still need the password.',
  'recovery_code.enrol_once':
    'The codes are shown once. Print them or write them down, and keep them apart from your phone.',
  'recovery_code.enrol_replace': 'The former codes will stop working, unused ones too.',
  'recovery_code.enrol_submit': 'Show the codes',
  'recovery_code.shown_title': 'Your recovery codes',
  'recovery_code.shown_text': 'Print this page or write the codes down. We will not show them again.',
  'recovery_code.shown_where': 'Where they work',
  'recovery_code.shown_of': 'Account',
  'recovery_code.shown_on': 'Date',
  'recovery_code.shown_use': 'Each code works once, together with the password.',
  'recovery_code.shown_care': 'Tell these codes to nobody: no member of staff will ask for them.',
  'recovery_code.shown_done': 'The codes are kept, go back',
}
