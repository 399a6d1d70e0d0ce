import type { ru } from './messages.ru.ts'

export const en: Record<keyof typeof ru, string> = {
  'ciba.title': 'Approve the request?',
  'ciba.who': '“{{service}}” asks you to confirm that it is you.',
  'ciba.binding': 'Message',
  'ciba.data': 'Will receive',
  'ciba.proof': 'To be confirmed',
  'ciba.proof_aal1': 'with the code from the text message',
  'ciba.proof_aal2': 'by signing in with a password and in one more way',
  'ciba.proof_aal3': 'by signing in with a key that verifies its owner',
  'ciba.compare': 'Compare the message with what the service shows you or its staff tell you.',
  'ciba.warning': 'Approve only if you turned to them yourself just now.',
  'ciba.code_hint': 'Six digits from the same message. To refuse, no code is needed',
  'ciba.approve': 'Approve',
  'ciba.refuse': 'Refuse',
  'ciba.sign_in_text':
    'For this request the code of a text message is not enough: sign in and decide on the page of requests.',
  'ciba.sign_in': 'Sign in and decide',
  'ciba.gone_title': 'There is nothing to approve here any more',
  'ciba.gone': 'The request has been decided, its time has run out, or the link is not complete.',
  'ciba.gone_advice': 'If the request is still needed, ask for it to be sent again.',
  'ciba.approved_title': 'You have approved the request',
  'ciba.approved_text': 'Whoever asked for it will know in a few seconds.',
  'ciba.refused_title': 'You have refused',
  'ciba.refused_text': 'Whoever asked for it got nothing.',
  'ciba.done_advice': 'You can close this page.',
  'ciba.decision_missing': 'Choose whether to approve or refuse',
}
