import { defineErrors, type ErrorDefinition } from '#src/kernel/errors.ts'

/** A new password that the rules refuse; the form comes back with the text beside the field. */
function refusal(help: string): ErrorDefinition {
  return { status: 422, oauth: 'invalid_request', log: 'info', help }
}

/** Refusals of a new password; see rules.ts. */
export const passwordRuleErrors = defineErrors('password', {
  missing: refusal('The new password was left empty.'),
  too_short: refusal('The new password is below PASSWORD_MIN_LENGTH characters.'),
  too_long: refusal('The new password is above 128 characters.'),
  common: refusal('The new password is mostly a well-known word or password.'),
  keyboard: refusal('The new password is mostly a run over neighbouring keys.'),
  sequence: refusal('The new password is mostly a sequence (abc, 123) or a date.'),
  repeated: refusal('The new password is mostly one piece over and over.'),
  too_weak: refusal('The new password would be guessed within 100 million tries.'),
  composition: refusal(
    'The realm wants a capital and a small letter, a digit and another sign; one of them is missing.',
  ),
  leaked: refusal('The new password is in the list of leaked passwords.'),
  current: refusal('The new password is the one that is in force.'),
  former: refusal('The new password is one of the last five of the account, which its realm remembers.'),
  too_many_tries: {
    status: 429,
    oauth: 'temporarily_unavailable',
    log: 'warn',
    help: 'So many new passwords were tried for this account in an hour that the next one waits: each is hashed up to six times and tells whether it is in force.',
  },
  personal_name: refusal('The new password has a name of its owner in it.'),
  personal_birth_date: refusal('The new password has the birth date of its owner in it.'),
  personal_phone: refusal('The new password has the telephone number of its owner in it.'),
  personal_email: refusal('The new password has the e-mail address of its owner in it.'),
})

/** A sign-in with the wrong password, or with an identifier that nobody holds: the same to the person, apart in the journal only. */
export const passwordSignInErrors = defineErrors('sign_in', {
  wrong: {
    status: 422,
    oauth: 'access_denied',
    log: 'info',
    help: 'Identifier and password did not match an account; the journal of the account, if there is one, has the refusal.',
  },
})
