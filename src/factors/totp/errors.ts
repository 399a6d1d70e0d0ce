import { defineErrors } from '#src/kernel/errors.ts'

export const totpErrors = defineErrors('totp', {
  missing: { status: 422, oauth: 'access_denied', log: 'info', help: 'The field was empty or not six digits.' },
  wrong: {
    status: 422,
    oauth: 'access_denied',
    log: 'info',
    help: 'No device of the account shows this code now, nor half a minute before or after; the clock of the device may be wrong.',
  },
  used: {
    status: 422,
    oauth: 'access_denied',
    log: 'warn',
    help: 'The code, or a later one of the same device, was accepted before (RFC 6238, section 5.2); the person waits for the next code.',
  },
  enrolment_over: {
    status: 422,
    oauth: 'access_denied',
    log: 'info',
    help: 'The key shown was confirmed already, or it is older than ten minutes, or it was shown in another session; the page shows a new one.',
  },
  token_unknown: {
    status: 422,
    oauth: 'access_denied',
    log: 'warn',
    help: 'No hardware token of this serial number waits for its owner: mistyped, not imported (`tokens import`), or taken by somebody.',
  },
  token_too_often: {
    status: 429,
    oauth: 'access_denied',
    log: 'warn',
    help: 'The account has tried to add hardware tokens ten times in a day; codes of tokens of others are not to be guessed.',
  },
  too_many: {
    status: 409,
    oauth: 'access_denied',
    log: 'info',
    help: 'The account has as many devices as it may have; one has to be removed first.',
  },
})
