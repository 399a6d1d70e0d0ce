import type { ru } from './messages.ru.ts'

type Key = Exclude<keyof typeof ru, 'consent.term_text_few' | 'consent.term_text_many'>

export const en: Record<Key, string> = {
  'consent.title': 'Hand your data over?',
  'consent.who': '“{{service}}” asks for these data of yours:',
  'consent.why': 'Why',
  'consent.no_purpose': 'The service has not said why it needs the data.',
  'consent.missing': 'not given',
  'consent.term': 'For how long',
  'consent.term_text_one': 'The service can get these data each time you sign in for {{count}} day.',
  'consent.term_text_other': 'The service can get these data each time you sign in for {{count}} days.',
  'consent.offline': 'The service can also refresh the data while you are away, up to 30 days after it last did.',
  'consent.allow': 'Allow',
  'consent.deny': 'Do not allow',
  'consent.item.sub': 'Account number',
  'consent.item.name': 'Full name',
  'consent.item.birthdate': 'Birth date',
  'consent.item.gender': 'Gender',
  'consent.item.phone': 'Telephone',
  'consent.item.email': 'E-mail',
  'consent.gender.male': 'male',
  'consent.gender.female': 'female',
  'consent.decision_missing': 'Choose whether to allow it or not',
}
