import type { ru } from './messages.ru.ts'

type Key = Exclude<keyof typeof ru, 'consent.term_text_few' | 'consent.term_text_many'>

export const en: Record<Key, string> = {
  'consent.title': 'Share your data?',
  'consent.who': '“{{service}}” asks to receive your data:',
  'consent.why': 'Why',
  'consent.no_purpose': 'The service has not said why it needs the data.',
  'consent.missing': 'none',
  'consent.term': 'For how long',
  'consent.term_text_one': 'The service can get this data each time you sign in, for {{count}}\u00a0day.',
  'consent.term_text_other': 'The service can get this data each time you sign in, for {{count}}\u00a0days.',
  'consent.offline': 'The service can also refresh the data while you are away, up to 30 days after it last did.',
  'consent.resource': 'What the service will be able to do in “{{resource}}”',
  'consent.once': 'The service has to ask you for this each time: we do not remember such a permission.',
  'consent.allow': 'Allow',
  'consent.deny': 'Do not allow',
  'consent.item.sub': 'Account number',
  'consent.item.name': 'Full name',
  'consent.item.birthdate': 'Date of birth',
  'consent.item.gender': 'Sex',
  'consent.item.phone': 'Phone',
  'consent.item.email': 'Email',
  'consent.item.verified_claims': 'How these data were verified',
  'consent.verified_claims': 'by whom, when and in what way',
  'consent.gender.male': 'male',
  'consent.gender.female': 'female',
  'consent.decision_missing': 'Choose whether to allow it or not',
}
