import { defineErrors } from '#src/kernel/errors.ts'

export const loginErrors = defineErrors('login', {
  identifier_missing: {
    status: 422,
    oauth: 'access_denied',
    log: 'info',
    help: 'The field for phone or e-mail was empty, or held neither.',
  },
  password_missing: { status: 422, oauth: 'access_denied', log: 'info', help: 'The password field was empty.' },
  too_fast: {
    status: 429,
    oauth: 'access_denied',
    log: 'warn',
    help: 'Attempts are being slowed for the account or the network; {{seconds}} remain.',
  },
  proof_needed: {
    status: 429,
    oauth: 'access_denied',
    log: 'warn',
    help: 'So many wrong passwords were given that the next one needs a proof of work by the browser, or a wait of {{seconds}} seconds.',
  },
  locked: {
    status: 429,
    oauth: 'access_denied',
    log: 'warn',
    help: 'Too many wrong answers in a row; sign-in rests until the lock ends, and the owner has been told.',
  },
  factor_locked: {
    status: 429,
    oauth: 'access_denied',
    log: 'warn',
    help: 'Too many wrong answers of one further factor in a row; it rests until the lock ends, others do not, and the owner has been told.',
  },
  factor_day: {
    status: 429,
    oauth: 'access_denied',
    log: 'warn',
    help: 'The account’s wrong answers of one further factor for the day are used up, known devices included; other factors are not touched, and the owner has been told.',
  },
  not_active: {
    status: 403,
    oauth: 'access_denied',
    log: 'warn',
    help: 'The account is blocked or not in use yet; only shown after the right password.',
  },
  closed: {
    status: 403,
    oauth: 'access_denied',
    log: 'info',
    help: 'Its owner closed the account less than 30 days ago and can take that back in the personal account; only shown after the right password.',
  },
  blocked: {
    status: 403,
    oauth: 'access_denied',
    log: 'warn',
    help: 'An operator blocked the account; the reason is only shown after the right password.',
  },
  unmet: {
    status: 403,
    oauth: 'unmet_authentication_requirements',
    log: 'info',
    help: 'The relying party asks for a stronger sign-in than the factors of the account allow.',
  },
  signal_blocked: {
    status: 403,
    oauth: 'access_denied',
    log: 'warn',
    help: 'The sign-in comes from where `SIGNAL_…` is set to `block`; journalled as `signal.raised`, and the owner is told.',
  },
  not_enough: {
    status: 422,
    oauth: 'unmet_authentication_requirements',
    log: 'info',
    help: 'The answer was right but worth less than is asked for, such as a security key that did not verify its user.',
  },
  expired: {
    status: 400,
    oauth: 'access_denied',
    log: 'info',
    help: 'The sign-in has expired, was finished in another tab, or its cookie is gone; the person starts again at the service.',
  },
})

export const authenticatorErrors = defineErrors('authenticator', {
  unknown_kind: {
    status: 404,
    oauth: 'access_denied',
    log: 'info',
    help: 'There is no kind of authenticator of that name that people add by themselves.',
  },
  unknown: {
    status: 404,
    oauth: 'access_denied',
    log: 'warn',
    help: 'The account has no such authenticator: removed meanwhile, or an address made for another account.',
  },
  too_many: {
    status: 409,
    oauth: 'access_denied',
    log: 'info',
    help: 'The account has as many authenticators of the kind as it may have ({{most}}); one has to be removed first.',
  },
  last: {
    status: 409,
    oauth: 'access_denied',
    log: 'info',
    help: 'Without this authenticator nothing would open the account any more; another one has to be added first.',
  },
  name_missing: {
    status: 422,
    oauth: 'access_denied',
    log: 'info',
    help: 'The name of the authenticator was left empty.',
  },
  name_too_long: {
    status: 422,
    oauth: 'access_denied',
    log: 'info',
    help: 'The name of the authenticator has more than 60 characters.',
  },
})
