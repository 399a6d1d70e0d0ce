import { defineErrors } from '#src/kernel/errors.ts'
import { refusal } from './fields/errors.ts'

export const detachmentErrors = defineErrors('contact', {
  too_many_detachments: {
    status: 429,
    oauth: 'access_denied',
    log: 'info',
    help: 'The number was asked for three times in 30 days; its new holder registers with another number or waits.',
  },
})

export const contactErrors = defineErrors('contact', {
  same: refusal('The new contact is the one that the account has.'),
  last: refusal('The account would have neither a phone nor an e-mail address.'),
  change_waits: {
    status: 409,
    oauth: 'access_denied',
    log: 'info',
    help: 'Another change of a contact of this account waits for 72 hours; it can be stopped on the same page.',
  },
  proposal_gone: {
    status: 409,
    oauth: 'access_denied',
    log: 'info',
    help: 'There is no new contact whose code is awaited in this session; the person enters it anew.',
  },
})
