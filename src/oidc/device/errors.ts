import { defineErrors } from '#src/kernel/errors.ts'

export const deviceErrors = defineErrors('device', {
  code_missing: { status: 422, oauth: 'invalid_request', log: 'info', help: 'The field for the code was empty.' },
  code_wrong: {
    status: 422,
    oauth: 'invalid_request',
    log: 'info',
    help: 'No device waits under this code: mistyped, expired, or used already. The page says the same for all of them.',
  },
  too_fast: {
    status: 429,
    oauth: 'slow_down',
    log: 'warn',
    help: 'Codes that no device waits under came from this network too often; {{seconds}} remain.',
  },
  stale: {
    status: 400,
    oauth: 'invalid_request',
    log: 'info',
    help: 'The page was too old, or the sign-in that began on it expired or was finished elsewhere.',
  },
})
