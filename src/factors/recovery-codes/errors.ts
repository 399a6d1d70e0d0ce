import { defineErrors } from '#src/kernel/errors.ts'

export const recoveryCodeErrors = defineErrors('recovery_code', {
  missing: {
    status: 422,
    oauth: 'access_denied',
    log: 'info',
    help: 'The field was empty, or what was typed is no recovery code: sixteen letters and digits.',
  },
  wrong: {
    status: 422,
    oauth: 'access_denied',
    log: 'info',
    help: 'The account has no such code: mistyped, spent before, or of a set that was renewed since.',
  },
  renewed: {
    status: 409,
    oauth: 'access_denied',
    log: 'info',
    help: 'The form that makes a set was sent twice or is not of this session; the codes of the set made meanwhile are not shown again.',
  },
})
