import { defineErrors } from '#src/kernel/errors.ts'

export const identityErrors = defineErrors('identity', {
  too_many: {
    status: 429,
    oauth: 'access_denied',
    log: 'info',
    help: 'The five checks of a day are used up, of the account or of the SNILS; the page says when the next one is possible.',
  },
  already_open: {
    status: 409,
    oauth: 'access_denied',
    log: 'info',
    help: 'A request of the same kind is being checked; it has to end or be withdrawn before another one.',
  },
  same: {
    status: 409,
    oauth: 'access_denied',
    log: 'info',
    help: 'What was sent is what the record says already, and is proven.',
  },
  undo_gone: {
    status: 409,
    oauth: 'access_denied',
    log: 'info',
    help: 'A change of the history that has nothing before it to go back to, or was not asked for by the owner.',
  },
  too_many_letters: {
    status: 409,
    oauth: 'access_denied',
    log: 'info',
    help: 'Three letters were sent to this account within a year.',
  },
  code_malformed: {
    status: 422,
    oauth: 'access_denied',
    log: 'info',
    help: 'What was entered as the code of a letter cannot be one; that costs no try.',
  },
  code_wrong: {
    status: 422,
    oauth: 'access_denied',
    log: 'info',
    help: 'The code is not that of the letter; five such tries make the letter worthless.',
  },
})
