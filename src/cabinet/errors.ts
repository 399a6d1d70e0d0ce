import { defineErrors } from '#src/kernel/errors.ts'

export const cabinetErrors = defineErrors('cabinet', {
  decision_missing: {
    status: 422,
    oauth: 'access_denied',
    log: 'info',
    help: 'The form of a request came without one of its two buttons.',
  },
  locale_missing: {
    status: 422,
    oauth: 'access_denied',
    log: 'info',
    help: 'The settings came without a language, or with one that there is not.',
  },
  idle_missing: {
    status: 422,
    oauth: 'access_denied',
    log: 'info',
    help: 'The idle time chosen is none of those offered.',
  },
  sign_out_missing: {
    status: 422,
    oauth: 'access_denied',
    log: 'info',
    help: 'The form of the sign-out came without one of its two buttons.',
  },
  choice_missing: {
    status: 422,
    oauth: 'access_denied',
    log: 'info',
    help: 'The form of a setting came without any of its options.',
  },
  one_proof: {
    status: 403,
    oauth: 'access_denied',
    log: 'info',
    help: 'The account has nothing but one factor, so that nothing beside it is changed at once; a contact can be added, after 72 hours.',
  },
  not_found: {
    status: 404,
    oauth: 'access_denied',
    log: 'warn',
    help: 'An address or form named something that the signed-in account does not have; journalled as `cabinet.reference_refused`.',
  },
  request_gone: {
    status: 404,
    oauth: 'access_denied',
    log: 'info',
    help: 'The request for approval is decided, expired, or not one of this person.',
  },
})
