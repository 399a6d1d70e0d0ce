import { defineErrors, type ErrorDefinition } from '#src/kernel/errors.ts'

function refusal(help: string, log: ErrorDefinition['log'] = 'info'): ErrorDefinition {
  return { status: 422, oauth: 'access_denied', log, help }
}

export const webauthnErrors = defineErrors('webauthn', {
  unanswered: refusal('The form came without what a passkey or key answers, or with something that cannot be read.'),
  expired: refusal(
    'The challenge is older than five minutes, was answered before, or belongs to another sign-in or session.',
  ),
  wrong: refusal(
    'The answer does not fit: a key that is not enrolled, another account’s, another site’s, or a wrong signature.',
    'warn',
  ),
  unverified: refusal('The key did not verify its user by PIN or biometry, and here it has to.'),
  copied: refusal(
    'The key’s counter went back, so there may be a copy of it; it is not accepted any more, and the owner has been told.',
    'warn',
  ),
  crossed: refusal(
    'Another answer of the key, with a higher counter, was accepted after this one was asked for; the key is asked again.',
  ),
  taken: refusal('The key that was to be enrolled is enrolled already, here or with another account.', 'warn'),
  too_many: refusal('The account has as many passkeys and keys as it may have ({{most}}).'),
})
