import { defineErrors } from '#src/kernel/errors.ts'

export const codeErrors = defineErrors('code', {
  too_soon: {
    status: 429,
    oauth: 'access_denied',
    log: 'info',
    help: 'A code was sent less than the resend pause ago; {{seconds}} remain.',
  },
  sent_elsewhere: {
    status: 429,
    oauth: 'access_denied',
    log: 'info',
    help: 'A code went out for another sign-in less than the resend pause ago, which is no good for this one; {{seconds}} remain.',
  },
  too_many: {
    status: 429,
    oauth: 'access_denied',
    log: 'warn',
    help: 'The daily cap of codes to this contact is reached; it clears after 24 h.',
  },
  too_busy: {
    status: 429,
    oauth: 'access_denied',
    log: 'warn',
    help: 'The budget of codes of the account, the network, the prefix of the phone or the installation is used up for now.',
  },
  wrong: { status: 422, oauth: 'access_denied', log: 'info', help: 'Another code was typed; a few tries are left.' },
  missing: {
    status: 422,
    oauth: 'access_denied',
    log: 'info',
    help: 'The field was empty or not six digits; not counted as a try.',
  },
  expired: {
    status: 422,
    oauth: 'access_denied',
    log: 'info',
    help: 'The code is older than its lifetime; the person asks for a new one.',
  },
  exhausted: {
    status: 422,
    oauth: 'access_denied',
    log: 'warn',
    help: 'All tries of this code are used up; only a new code helps.',
  },
  used: {
    status: 422,
    oauth: 'access_denied',
    log: 'warn',
    help: 'The code was spent already, perhaps in another tab.',
  },
})
