import type { ru } from './messages.ru.ts'

export const en: Record<keyof typeof ru, string> = {
  'cabinet.requests_title': 'Requests for your approval',
  'cabinet.requests_none': 'Nobody asks for your approval now.',
  'cabinet.requests_text': 'Approve only if you turned to them yourself just now.',
  'cabinet.request_binding': 'Message',
  'cabinet.request_why': 'Why',
  'cabinet.request_no_purpose': 'The service has not said why.',
  'cabinet.request_missing': 'none',
  'cabinet.request_data': 'If you approve, the service gets your data:',
  'cabinet.request_step_up': 'Before you approve, we will ask you to sign in in one more way.',
  'cabinet.request_approve': 'Approve',
  'cabinet.request_refuse': 'Refuse',
  'cabinet.request_for': 'the request of “{{service}}”',
  'cabinet.request_approved': 'You have approved the request.',
  'cabinet.request_refused': 'You have refused. Whoever asked for it got nothing.',
  'cabinet.decision_missing': 'Choose whether to approve or refuse',
  'cabinet.request_gone': 'This request has been decided, or its time has run out',
}
