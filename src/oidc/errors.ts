import { defineErrors } from '#src/kernel/errors.ts'

/** OAuth errors that end on a page of ours, because there is no relying party to send them to. */
export const oidcErrors = defineErrors('oidc', {
  invalid_request: {
    status: 400,
    oauth: 'invalid_request',
    log: 'info',
    help: 'The relying party sent a request that cannot be served; its operator sees why in the log under the incident id.',
  },
  invalid_client: {
    status: 400,
    oauth: 'invalid_client',
    log: 'warn',
    help: 'The client_id is unknown or suspended. Check the registration with the command "clients list".',
  },
  invalid_redirect_uri: {
    status: 400,
    oauth: 'invalid_request',
    log: 'warn',
    help: 'The redirect_uri is not one of those registered for the client, compared character by character.',
  },
  session_not_found: {
    status: 400,
    oauth: 'invalid_request',
    log: 'info',
    help: 'The sign-in has expired, was finished in another tab, or its cookie is gone; the person starts again at the service.',
  },
  server_error: {
    status: 500,
    oauth: 'server_error',
    log: 'error',
    help: 'An unexpected fault inside the provider; the stack is in the log under the incident id.',
  },
  sign_in_refused: {
    status: 403,
    oauth: 'access_denied',
    log: 'info',
    help: 'The sign-in for a page of our own ended without success: refused, or a level that the factors of the account do not reach.',
  },
  unresolved: {
    status: 500,
    oauth: 'server_error',
    log: 'error',
    help: 'The provider asks for something that the sign-in finds nothing missing for; a fault in the policy, to be reported.',
  },
  replayed: {
    status: 409,
    oauth: 'invalid_grant',
    log: 'warn',
    help: 'A single-use value was spent twice at the same time; the first use went through, this one changed nothing.',
  },
})
