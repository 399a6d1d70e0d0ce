import { defineErrors } from '#src/kernel/errors.ts'

export const recoveryErrors = defineErrors('recovery', {
  identifier_missing: {
    status: 422,
    oauth: 'access_denied',
    log: 'info',
    help: 'The field for phone or e-mail was left empty.',
  },
  identifier_format: {
    status: 422,
    oauth: 'access_denied',
    log: 'info',
    help: 'What was typed is neither a telephone number nor an e-mail address.',
  },
  too_many: {
    status: 429,
    oauth: 'temporarily_unavailable',
    log: 'warn',
    help: 'So many recoveries were begun, or codes tried, from this network in the last hour that the next one waits.',
  },
  way_missing: {
    status: 422,
    oauth: 'access_denied',
    log: 'info',
    help: 'No further factor was chosen, or one that the account does not have.',
  },
})
