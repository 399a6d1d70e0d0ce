import type { ru } from './outbox-messages.ru.ts'

export const en: Readonly<Record<keyof typeof ru, string>> = {
  'outbox.title': 'Outgoing messages of the sandbox',
  'outbox.lead':
    'These messages would have gone out by SMS, call, email and registered post. The sandbox sends them nowhere and forgets them when it restarts.',
  'outbox.to': 'Phone number, email address or name on a letter',
  'outbox.to_hint': 'Numbers and addresses in full: for example, +7 900 000-00-11',
  'outbox.filter': 'Show',
  'outbox.show_all': 'Show all messages',
  'outbox.refresh': 'Refresh the list',
  'outbox.none': 'No messages yet. Ask for a code on the registration or sign-in page, then refresh the list.',
  'outbox.none_to': 'Nothing was sent to this recipient. Check the number or address, or refresh the list.',
  'outbox.channel.sms': 'SMS',
  'outbox.channel.voice': 'Call',
  'outbox.channel.mail': 'Email',
  'outbox.channel.post': 'Registered letter',
  'outbox.letter': 'Open the letter (PDF)',
  'outbox.hidden': 'Older messages not shown here: {{number}}.',
}
