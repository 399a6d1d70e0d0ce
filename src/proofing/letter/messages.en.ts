import type { ru } from './messages.ru.ts'

export const en: Readonly<Record<keyof typeof ru, string>> = {
  'letter.title': 'Code to prove your identity',
  'letter.number': 'Request No. {{number}}',
  'letter.intro_why':
    'This letter was ordered in your account with “{{service}}”, to prove that its owner is you. Enter the code in your personal account, and the account becomes verified.',
  'letter.intro_until': 'The code is valid until {{until}}, Moscow time.',
  'letter.how': 'How to enter the code',
  'letter.how_open': '1. Open {{address}} in a browser and sign in. Type the address yourself, do not follow links.',
  'letter.how_where': '2. Open “My requests”, and there request No. {{number}}.',
  'letter.how_enter':
    '3. Enter the code. The hyphen and capital letters do not matter. There is no letter O or I in it: these are the digits 0 and 1. After five mistakes you need a new letter.',
  'letter.secret': 'Do not share the code with anyone',
  'letter.secret_why':
    'The code is entered at {{address}} only. Neither support staff nor other organisations ask for it.',
  'letter.not_me': 'If you did not order the letter',
  'letter.not_me_do':
    'Do not enter the code. Somebody else may have signed in to your account: sign in at {{address}}, see under “Security” who has signed in, and change your password. If the letter came to another person, give it back to the postman: without the account the code is of no use.',
  'message.letter_ordered': 'A letter with a code is on its way to you. Not ordered by you? {{link}}',
  'message.letter_ordered.subject': 'A registered letter with a code is on its way',
  'message.letter_ordered.mail':
    'A letter with a code that proves your identity was ordered in your account. It goes to the address where you are registered; the number of the request is {{number}}.\n\n' +
    'If it was you, wait for the letter and enter the code in your personal account, under “My requests”.\n\n' +
    'If it was not you, end that session and check your account:\n{{link}}',
  'message.letter_unsent': 'Request {{number}}: the letter was not sent. Order a new one.',
  'message.letter_unsent.subject': 'The letter with a code was not sent',
  'message.letter_unsent.mail':
    'The letter with a code of your request {{number}} could not be sent.\n\nOrder a new one in your personal account. This letter does not count.',
  'message.letter_void': 'The code in the letter of request {{number}} is not valid any more.',
  'message.letter_void.subject': 'The code in the letter is not valid any more',
  'message.letter_void.mail':
    'The code in the registered letter of your request {{number}} is not valid any more. See why in your personal account, under “My requests”.\n\n' +
    'If you still want to prove your identity by letter, order a new one there.',
  'requests.reason.letter.not_sent': 'The letter could not be sent. Order a new one; this one does not count.',
  'requests.reason.letter.tries_used': 'A wrong code was entered five times. Order a new letter.',
  'requests.reason.letter.record_changed':
    'Your name, birth date or address is not the one that the letter was ordered for. Order a new one.',
}
