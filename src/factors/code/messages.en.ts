import type { ru } from './messages.ru.ts'

export const en: Record<keyof typeof ru, string> = {
  'code.too_soon': 'The last code was sent less than a minute ago. You can get a new one in {{seconds}}\u00a0s.',
  'code.too_many': 'Too many codes have been sent to this address or number today. Try again tomorrow',
  'code.wrong': 'The code did not match. Check the latest message; tries left: {{left}}',
  'code.missing': 'Enter the six digits from the message',
  'code.expired': 'The code has expired. Press “Send a new code”',
  'code.exhausted': 'No tries are left. Press “Send a new code”',
  'code.used': 'This code has been used already. Press “Send a new code”',
}
