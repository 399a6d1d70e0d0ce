import type { ru } from './messages.ru.ts'

export const en: Readonly<Record<keyof typeof ru, string>> = {
  'fields.phone_missing': 'Enter your phone number, for example +7 916 123-45-67.',
  'fields.phone_format':
    'Check the phone number: +7 is followed by ten digits, the first of them not 0. Begin a number of another country with + and its code.',
  'fields.phone_foreign':
    'Check the phone number: that country has no such numbers. Enter all of it, with + and the country code.',
  'fields.email_missing': 'Enter your email address, for example anna@example.ru.',
  'fields.email_format':
    'Check the email address: it needs a name, the @ sign and a domain with a dot, for example anna@example.ru.',
  'fields.email_too_long': 'The email address is too long. Enter an address of at most 254 characters.',
  'fields.family_name_missing': 'Enter your family name as in your passport.',
  'fields.family_name_letters':
    'A family name can have only letters, spaces, hyphens and apostrophes. Remove digits and other signs.',
  'fields.family_name_script':
    'The family name mixes Russian and Latin letters. Enter it in one alphabet, as in your passport.',
  'fields.family_name_too_long': 'The family name is longer than 100 characters. Shorten it.',
  'fields.given_name_missing': 'Enter your given name as in your passport.',
  'fields.given_name_letters':
    'A given name can have only letters, spaces, hyphens and apostrophes. Remove digits and other signs.',
  'fields.given_name_script':
    'The given name mixes Russian and Latin letters. Enter it in one alphabet, as in your passport.',
  'fields.given_name_other_script':
    'The given name and the family name are in different alphabets. Enter the given name in the alphabet of the family name.',
  'fields.given_name_too_long': 'The given name is longer than 100 characters. Shorten it.',
  'fields.patronymic_letters':
    'A patronymic can have only letters, spaces, hyphens and apostrophes. Remove digits and other signs. If you have none, leave the field empty.',
  'fields.patronymic_script':
    'The patronymic mixes Russian and Latin letters. Enter it in one alphabet, as in your passport.',
  'fields.patronymic_other_script':
    'The patronymic and the family name are in different alphabets. Enter the patronymic in the alphabet of the family name.',
  'fields.patronymic_too_long': 'The patronymic is longer than 100 characters. Shorten it.',
  'fields.birth_date_missing': 'Enter your date of birth, for example 27.03.1985.',
  'fields.birth_date_format': 'Enter your date of birth in digits: day, month, year. For example, 27.03.1985.',
  'fields.birth_date_calendar': 'The calendar has no such day. Check the day and month of your birth.',
  'fields.birth_date_future': 'This date of birth is in the future. Check the year.',
  'fields.birth_date_too_old': 'Check the year of your birth: enter all four digits.',
  'fields.birth_date_too_young':
    'You can register from the age of {{years}}. If the date of birth is mistyped, correct it.',
  'fields.gender_missing': 'Choose your sex as in your passport.',
  'fields.snils_missing': 'Enter your SNILS, for example 112\u2011233\u2011445\u00a095.',
  'fields.snils_characters': 'Wrong SNILS number: it has only digits. Check for a letter O in place of a zero.',
  'fields.snils_length':
    'Wrong SNILS number: it has 11 digits, for example 112\u2011233\u2011445\u00a095. Check for missing or extra digits.',
  'fields.snils_checksum': 'Wrong SNILS number: one of the digits is mistyped. Compare the number with your document.',
  'fields.inn_missing': 'Enter your INN: 12 digits.',
  'fields.inn_characters': 'An INN has only digits. Remove other signs, and check for a letter O in place of a zero.',
  'fields.inn_length': 'The INN of a person has 12 digits. Check for missing or extra digits.',
  'fields.inn_of_organisation': 'An INN of 10 digits belongs to an organisation. Enter the INN of a person: 12 digits.',
  'fields.inn_checksum': 'One digit of the personal INN is mistyped. Compare all 12 digits with your document.',
  'fields.inn_tail_missing': 'Enter the last four digits of your INN.',
  'fields.inn_tail_characters':
    'The end of an INN has only digits. Remove other signs, and check for a letter O in place of a zero.',
  'fields.inn_tail_length': 'Enter exactly four digits: the last ones of your INN.',
  'fields.organisation_inn_missing': 'Enter the INN of the organisation: 10 digits.',
  'fields.organisation_inn_characters':
    'The INN of an organisation has only digits. Remove other signs, and check for a letter O in place of a zero.',
  'fields.organisation_inn_length': 'The INN of an organisation has 10 digits. Check for missing or extra digits.',
  'fields.organisation_inn_of_person':
    'An INN of 12 digits belongs to a person. Enter the INN of the organisation: 10 digits.',
  'fields.organisation_inn_checksum':
    'One digit of the organisation’s INN is mistyped. Compare all 10 digits with the document.',
  'fields.ogrn_missing': 'Enter the OGRN of the organisation: 13 digits.',
  'fields.ogrn_characters': 'An OGRN has only digits. Remove other signs, and check for a letter O in place of a zero.',
  'fields.ogrn_length': 'An OGRN has 13 digits. Check for missing or extra digits.',
  'fields.ogrn_of_entrepreneur':
    '15 digits make the OGRNIP of an entrepreneur. Enter the OGRN of the organisation: 13 digits.',
  'fields.ogrn_checksum': 'One digit of the OGRN is mistyped. Compare all 13 digits with the document.',
  'fields.ogrnip_missing': 'Enter the OGRNIP of the entrepreneur: 15 digits.',
  'fields.ogrnip_characters':
    'An OGRNIP has only digits. Remove other signs, and check for a letter O in place of a zero.',
  'fields.ogrnip_length': 'An OGRNIP has 15 digits. Check for missing or extra digits.',
  'fields.ogrnip_of_organisation':
    '13 digits make the OGRN of an organisation. Enter the OGRNIP of the entrepreneur: 15 digits.',
  'fields.ogrnip_checksum': 'One digit of the OGRNIP is mistyped. Compare all 15 digits with the document.',
  'fields.kpp_missing': 'Enter the KPP of the organisation: 9 characters.',
  'fields.kpp_script': 'The KPP has a Russian letter in it. Enter it in Latin, or check whether it should be a digit.',
  'fields.kpp_format':
    'A KPP has 9 characters: digits, of which the fifth and sixth may be Latin letters. Compare it with the document.',
  'fields.postcode_missing': 'Enter the postcode: 6 digits.',
  'fields.postcode_characters':
    'A postcode has only digits. Remove other signs, and check for a letter O in place of a zero.',
  'fields.postcode_length': 'A postcode has 6 digits. Check for missing or extra digits.',
  'fields.department_code_missing': 'Enter the department code from your passport, for example 770\u2011045.',
  'fields.department_code_characters':
    'A department code has only digits and a hyphen. Check for a letter O in place of a zero.',
  'fields.department_code_length':
    'A department code has 6 digits, for example 770\u2011045. Check for missing or extra digits.',
  'fields.passport_series_missing': 'Enter the series of your passport: 4 digits, for example 45 10.',
  'fields.passport_series_characters':
    'The series of a passport has only digits. Remove other signs, and check for a letter O in place of a zero.',
  'fields.passport_series_length':
    'The series of a passport has 4 digits. Enter the number, which has six, in its own field.',
  'fields.passport_number_missing': 'Enter the number of your passport: 6 digits.',
  'fields.passport_number_characters':
    'The number of a passport has only digits. Remove other signs, and check for a letter O in place of a zero.',
  'fields.passport_number_length':
    'The number of a passport has 6 digits. Enter the series, which has four, in its own field.',
  'fields.citizenship_missing': 'Choose your citizenship.',
  'fields.citizenship_unknown': 'This citizenship is not in the list. Choose one from the list.',
  'fields.birth_place_missing': 'Enter the place of birth as in your document.',
  'fields.birth_place_characters':
    'A place of birth can have letters, digits and common punctuation. Remove other signs.',
  'fields.birth_place_too_long': 'The place of birth is longer than 255 characters. Shorten it.',
  'fields.issuer_missing': 'Enter who issued the document.',
  'fields.issuer_characters': '“Issued by” can have letters, digits and common punctuation. Remove other signs.',
  'fields.issuer_too_long': '“Issued by” is longer than 255 characters. Shorten it.',
  'fields.address_kind_missing': 'Choose which address it is: the registered or the actual one.',
  'fields.address_missing': 'Enter the address, for example: Kazan, ul. Baumana 1, flat 2.',
  'fields.address_characters': 'An address can have letters, digits and common punctuation. Remove other signs.',
  'fields.address_too_short': 'The address is too short. Enter the town, the street and the house.',
  'fields.address_too_long': 'The address is longer than 500 characters. Shorten it.',
  'fields.address_region_format':
    'The region can have letters, digits and common punctuation, at most 100 characters. Correct it.',
  'fields.address_city_format':
    'The town can have letters, digits and common punctuation, at most 100 characters. Correct it.',
  'fields.address_street_format':
    'The street can have letters, digits and common punctuation, at most 100 characters. Correct it.',
  'fields.address_house_format':
    'The house can have digits, letters and common punctuation, at most 30 characters. Correct it.',
  'fields.address_flat_format':
    'The flat can have digits, letters and common punctuation, at most 30 characters. Correct it.',
}
