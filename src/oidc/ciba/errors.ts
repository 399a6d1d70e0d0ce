import { defineErrors } from '#src/kernel/errors.ts'

export const cibaErrors = defineErrors('ciba', {
  gone: {
    status: 404,
    oauth: 'access_denied',
    log: 'info',
    help: 'The request for approval is unknown, decided, expired, or its account is not active. The page says the same for all.',
  },
  decision_missing: {
    status: 422,
    oauth: 'access_denied',
    log: 'info',
    help: 'The form came without one of its two buttons.',
  },
})
