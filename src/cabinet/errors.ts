import { defineErrors } from '#src/kernel/errors.ts'

export const cabinetErrors = defineErrors('cabinet', {
  decision_missing: {
    status: 422,
    oauth: 'access_denied',
    log: 'info',
    help: 'The form of a request came without one of its two buttons.',
  },
  request_gone: {
    status: 404,
    oauth: 'access_denied',
    log: 'info',
    help: 'The request for approval is decided, expired, or not one of this person.',
  },
})
