import { defineErrors } from '#src/kernel/errors.ts'

export const consentErrors = defineErrors('consent', {
  decision_missing: {
    status: 422,
    oauth: 'access_denied',
    log: 'info',
    help: 'The consent form came without one of its two buttons.',
  },
})
