import { defineErrors, type ErrorDefinition } from '#src/kernel/errors.ts'

/** A field of a form that its rule refuses; the form comes back with the text beside the field. */
function refusal(help: string): ErrorDefinition {
  return { status: 422, oauth: 'invalid_request', log: 'info', help }
}

export const fieldErrors = defineErrors('fields', {
  phone_missing: refusal('The telephone number was left empty.'),
  phone_format: refusal('Not a number that starts with + and a country code, nor a Russian one of ten digits.'),
  phone_foreign: refusal('No country has telephone numbers like this one.'),
  email_missing: refusal('The e-mail address was left empty.'),
  email_format: refusal('Not a dot-atom address at a domain name (RFC 5321 without quoted local parts).'),
  email_too_long: refusal('Above 254 characters, or 64 before the @ (RFC 5321 §4.5.3.1).'),
  family_name_missing: refusal('The family name was left empty.'),
  family_name_letters: refusal('Something besides letters, spaces, hyphens and apostrophes.'),
  family_name_script: refusal('Cyrillic and Latin letters in one family name.'),
  family_name_too_long: refusal('Above 100 characters.'),
  given_name_missing: refusal('The given name was left empty.'),
  given_name_letters: refusal('Something besides letters, spaces, hyphens and apostrophes.'),
  given_name_script: refusal('Cyrillic and Latin letters in one given name.'),
  given_name_other_script: refusal('The given name is not in the script of the family name.'),
  given_name_too_long: refusal('Above 100 characters.'),
  patronymic_letters: refusal('Something besides letters, spaces, hyphens and apostrophes.'),
  patronymic_script: refusal('Cyrillic and Latin letters in one patronymic.'),
  patronymic_other_script: refusal('The patronymic is not in the script of the family name.'),
  patronymic_too_long: refusal('Above 100 characters.'),
  birth_date_missing: refusal('The birth date was left empty.'),
  birth_date_format: refusal('Not DD.MM.YYYY.'),
  birth_date_calendar: refusal('The calendar has no such day.'),
  birth_date_future: refusal('The day is yet to come.'),
  birth_date_too_old: refusal('More than 125 years ago.'),
  birth_date_too_young: refusal('Registration is open from 14 years on.'),
  gender_missing: refusal('Neither answer was chosen.'),
})

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
