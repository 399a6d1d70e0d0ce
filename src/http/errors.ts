import { defineErrors } from '#src/kernel/errors.ts'

export const httpErrors = defineErrors('http', {
  not_found: { status: 404, oauth: 'invalid_request', log: 'info', help: 'No page has this address.' },
  method_not_allowed: {
    status: 405,
    oauth: 'invalid_request',
    log: 'info',
    help: 'The address exists, the method does not.',
  },
  too_large: { status: 413, oauth: 'invalid_request', log: 'warn', help: 'The body is above the limit of its route.' },
  malformed: { status: 400, oauth: 'invalid_request', log: 'info', help: 'The address or body cannot be decoded.' },
  unsupported_type: {
    status: 415,
    oauth: 'invalid_request',
    log: 'info',
    help: 'Forms are application/x-www-form-urlencoded.',
  },
  csrf: {
    status: 403,
    oauth: 'access_denied',
    log: 'warn',
    help: 'The form is not from a page of this browser, or its cookie is gone.',
  },
  unknown_field: {
    status: 422,
    oauth: 'invalid_request',
    log: 'info',
    help: 'The form carried a field that its page does not have.',
  },
  repeated_field: { status: 422, oauth: 'invalid_request', log: 'info', help: 'The form carried a field twice.' },
  bad_characters: {
    status: 422,
    oauth: 'invalid_request',
    log: 'info',
    help: 'NUL or half a surrogate pair in a field.',
  },
})
