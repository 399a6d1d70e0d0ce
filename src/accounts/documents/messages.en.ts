import type { ru } from './messages.ru.ts'

export const en: Readonly<Record<keyof typeof ru, string>> = {
  'documents.kind_missing': 'Choose the document.',
  'documents.kind_cyrillic':
    'This document has names in Russian letters, and your account in Latin ones. Correct the name in your account, or choose another document.',
  'documents.kind_latin':
    'This document has names in Latin letters, and your account in Russian ones. Correct the name in your account, or choose another document.',
  'documents.certificate_number_missing': 'Enter the number of the temporary certificate.',
  'documents.certificate_number_format':
    'The number of a temporary certificate can have digits and Russian letters, at most 25 characters. Compare it with the document.',
  'documents.foreign_number_missing': 'Enter the number of the passport.',
  'documents.foreign_number_script':
    'The number of the passport has a Russian letter in it. Enter the number in Latin.',
  'documents.foreign_number_format':
    'The number of a passport can have digits and Latin letters, 3 to 25 characters. Compare it with the passport.',
  'documents.permit_series_characters':
    'The series of a residence permit has only digits. If there is none, leave the field empty.',
  'documents.permit_series_length':
    'The series of a residence permit has 1 to 4 digits. Enter the number in its own field.',
  'documents.permit_number_missing': 'Enter the number of the residence permit.',
  'documents.permit_number_characters':
    'The number of a residence permit has only digits. Check for a letter O in place of a zero.',
  'documents.permit_number_length': 'The number of a residence permit has 5 to 9 digits. Compare it with the document.',
  'documents.issued_on_missing': 'Enter the date of issue, for example 27.03.2015.',
  'documents.issued_on_format': 'Enter the date of issue in digits: day, month, year. For example, 27.03.2015.',
  'documents.issued_on_calendar': 'The calendar has no such day. Check the day and month of issue.',
  'documents.issued_on_future': 'This date of issue is in the future. Check the year.',
  'documents.issued_on_before_birth': 'The date of issue has to be after the date of birth. Check both dates.',
  'documents.issued_on_too_young':
    'Passports are issued from the age of {{years}}, and the date of issue is earlier. Check the dates of issue and of birth.',
  'documents.passport_expired':
    'This passport has expired: it is replaced at the age of {{years}}. Check the date of issue, or enter the new passport.',
  'documents.valid_until_missing': 'Enter the date of expiry, for example 27.03.2030.',
  'documents.valid_until_format': 'Enter the date of expiry in digits: day, month, year. For example, 27.03.2030.',
  'documents.valid_until_calendar': 'The calendar has no such day. Check the day and month of expiry.',
  'documents.valid_until_before_issue': 'The date of expiry has to be after the date of issue. Check both dates.',
  'documents.valid_until_past': 'The document has expired. Check the date, or enter another document.',
  'documents.valid_until_too_late':
    'A temporary certificate is valid for {{months}} months at most. Check the dates of expiry and of issue.',
  'documents.valid_until_or_unlimited': 'Enter the date of expiry, or tick that the document is unlimited.',
  'documents.valid_until_and_unlimited':
    'There are both a date of expiry and the tick for an unlimited document. Keep one of them.',
  'documents.country_missing': 'Choose the country that issued the passport.',
  'documents.country_unknown':
    'This country is not in the list. Choose the country that issued the passport from the list.',
  'documents.country_russia':
    'This is for the passport of another country, and the Russian passport for travel will not do. Choose the document “Passport of the Russian Federation”.',
  'documents.family_name_latin': 'Enter the family name in Latin letters, as in the passport.',
  'documents.given_name_latin': 'Enter the given name in Latin letters, as in the passport.',
  'documents.kind.passport_rf': 'Passport of the Russian Federation',
  'documents.kind.temporary_certificate': 'Temporary identity certificate',
  'documents.kind.foreign_passport': 'Passport of another country',
  'documents.kind.residence_permit': 'Residence permit',
  'documents.field.series': 'Series',
  'documents.field.number': 'Number',
  'documents.field.issuedOn': 'Date of issue',
  'documents.field.issuer': 'Issued by',
  'documents.field.departmentCode': 'Department code',
  'documents.field.birthPlace': 'Place of birth',
  'documents.field.validUntil': 'Valid until',
  'documents.field.unlimited': 'Unlimited',
  'documents.field.country': 'Country that issued the passport',
  'documents.field.familyName': 'Family name in Latin letters',
  'documents.field.givenName': 'Given name in Latin letters',
  'documents.field.citizenship': 'Citizenship',
  'documents.scan.main_page': 'Page with the photograph',
  'documents.scan.registration_page': 'Page with the registered address',
  'documents.scan.both_sides': 'The whole certificate, both sides',
}
