import { defineErrors } from '#src/kernel/errors.ts'

export const registrationErrors = defineErrors('registration', {
  too_many: {
    status: 429,
    oauth: 'temporarily_unavailable',
    log: 'warn',
    help: 'So many registrations were begun from this network in the last hour that the next one waits.',
  },
  too_many_codes: {
    status: 429,
    oauth: 'temporarily_unavailable',
    log: 'warn',
    help: 'Codes to so many contacts were asked for from this draft or network that the next one waits.',
  },
  contact_changed: {
    status: 422,
    oauth: 'access_denied',
    log: 'info',
    help: 'The contact was changed, perhaps in another tab, after its code was sent.',
  },
  answers_changed: {
    status: 422,
    oauth: 'access_denied',
    log: 'info',
    help: 'An answer was changed in another tab after the page with all answers was shown.',
  },
  consent_missing: {
    status: 422,
    oauth: 'access_denied',
    log: 'info',
    help: 'The box of the consent to processing was left empty, or the text has a newer version since the page was shown.',
  },
})
