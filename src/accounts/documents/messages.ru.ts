export const ru = {
  'documents.kind_missing': 'Выберите документ.',
  'documents.kind_cyrillic':
    'В этом документе имя написано русскими буквами, а в учётной записи — латинскими. Исправьте имя в учётной записи или выберите другой документ.',
  'documents.kind_latin':
    'В этом документе имя написано латинскими буквами, а в учётной записи — русскими. Исправьте имя в учётной записи или выберите другой документ.',
  'documents.certificate_number_missing': 'Введите номер временного удостоверения.',
  'documents.certificate_number_format':
    'В номере временного удостоверения могут быть цифры и русские буквы, не больше 25 знаков. Сверьте его с документом.',
  'documents.foreign_number_missing': 'Введите номер паспорта.',
  'documents.foreign_number_script': 'В номере паспорта русская буква. Введите номер в латинской раскладке.',
  'documents.foreign_number_format':
    'В номере паспорта могут быть цифры и латинские буквы, от 3 до 25 знаков. Сверьте номер с паспортом.',
  'documents.permit_series_characters':
    'В серии вида на жительство только цифры. Если серии нет, оставьте поле пустым.',
  'documents.permit_series_length': 'В серии вида на жительство от 1 до 4 цифр. Номер введите в своё поле.',
  'documents.permit_number_missing': 'Введите номер вида на жительство.',
  'documents.permit_number_characters':
    'В номере вида на жительство только цифры. Проверьте, не введена ли буква «О» вместо нуля.',
  'documents.permit_number_length': 'В номере вида на жительство от 5 до 9 цифр. Сверьте номер с документом.',
  'documents.issued_on_missing': 'Введите дату выдачи, например 27.03.2015.',
  'documents.issued_on_format': 'Введите дату выдачи цифрами: день, месяц, год. Например, 27.03.2015.',
  'documents.issued_on_calendar': 'Такого дня нет в календаре. Проверьте день и месяц выдачи.',
  'documents.issued_on_future': 'Эта дата выдачи ещё не наступила. Проверьте год.',
  'documents.issued_on_before_birth': 'Дата выдачи должна быть позже даты рождения. Проверьте обе даты.',
  'documents.issued_on_too_young':
    'Паспорт выдают с {{years}} лет, а дата выдачи раньше. Проверьте даты выдачи и рождения.',
  'documents.passport_expired':
    'Срок этого паспорта истёк: его меняют в {{years}} лет. Проверьте дату выдачи или введите данные нового паспорта.',
  'documents.valid_until_missing': 'Введите срок действия, например 27.03.2030.',
  'documents.valid_until_format': 'Введите срок действия цифрами: день, месяц, год. Например, 27.03.2030.',
  'documents.valid_until_calendar': 'Такого дня нет в календаре. Проверьте день и месяц окончания срока.',
  'documents.valid_until_before_issue': 'Срок действия должен заканчиваться после даты выдачи. Проверьте обе даты.',
  'documents.valid_until_past': 'Срок действия документа истёк. Проверьте дату или введите данные другого документа.',
  'documents.valid_until_too_late':
    'Временное удостоверение действует не дольше {{months}} месяцев. Проверьте срок действия и дату выдачи.',
  'documents.valid_until_or_unlimited': 'Введите срок действия или отметьте, что документ бессрочный.',
  'documents.valid_until_and_unlimited': 'Указан и срок действия, и что документ бессрочный. Оставьте что-то одно.',
  'documents.country_missing': 'Выберите страну, которая выдала паспорт.',
  'documents.country_unknown': 'Такой страны нет в списке. Выберите страну, которая выдала паспорт, из списка.',
  'documents.country_russia':
    'Это поле для паспорта другой страны, а российский заграничный паспорт здесь не подходит. Выберите документ «Паспорт гражданина РФ».',
  'documents.family_name_latin': 'Введите фамилию латинскими буквами, как в паспорте.',
  'documents.given_name_latin': 'Введите имя латинскими буквами, как в паспорте.',
  'documents.kind.passport_rf': 'Паспорт гражданина РФ',
  'documents.kind.temporary_certificate': 'Временное удостоверение личности',
  'documents.kind.foreign_passport': 'Паспорт другой страны',
  'documents.kind.residence_permit': 'Вид на жительство',
  'documents.field.series': 'Серия',
  'documents.field.number': 'Номер',
  'documents.field.issuedOn': 'Дата выдачи',
  'documents.field.issuer': 'Кем выдан',
  'documents.field.departmentCode': 'Код подразделения',
  'documents.field.birthPlace': 'Место рождения',
  'documents.field.validUntil': 'Действителен до',
  'documents.field.unlimited': 'Бессрочный',
  'documents.field.country': 'Страна, которая выдала паспорт',
  'documents.field.familyName': 'Фамилия латинскими буквами',
  'documents.field.givenName': 'Имя латинскими буквами',
  'documents.field.citizenship': 'Гражданство',
  'documents.scan.main_page': 'Разворот с фотографией',
  'documents.scan.registration_page': 'Страница с регистрацией',
  'documents.scan.both_sides': 'Удостоверение целиком, с обеих сторон',
} as const
