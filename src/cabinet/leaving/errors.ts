import { defineErrors } from '#src/kernel/errors.ts'

export const leavingErrors = defineErrors('leaving', {
  consent_missing: {
    status: 422,
    oauth: 'access_denied',
    log: 'info',
    help: 'Whoever withdrew the consent to processing wants the account back without giving it anew.',
  },
  understood_missing: {
    status: 422,
    oauth: 'access_denied',
    log: 'info',
    help: 'The form that closes an account came without the tick that its owner knows what will happen.',
  },
  format_missing: {
    status: 422,
    oauth: 'access_denied',
    log: 'info',
    help: 'The form of the export came without one of its two buttons.',
  },
})
