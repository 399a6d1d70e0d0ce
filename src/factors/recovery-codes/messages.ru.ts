export const ru = {
  'factor.recovery_code': 'Запасные коды',
  'recovery_code.missing': 'Введите запасной код: шестнадцать букв и цифр',
  'recovery_code.wrong': 'Код не подошёл. Проверьте, так ли он напечатан, и возьмите другой, если этот уже использован',
  'recovery_code.renewed':
    'Коды уже сделаны, и второй раз их не показывают. Если вы не успели их сохранить, сделайте новые',
  'recovery_code.title': 'Запасной код',
  'recovery_code.text':
    'Введите любой из запасных кодов, которые вы напечатали или записали. Каждый срабатывает один раз.',
  'recovery_code.code': 'Запасной код',
  'recovery_code.code_hint': 'Можно строчными буквами и без дефисов',
  'recovery_code.continue': 'Продолжить',
  'recovery_code.enrol_title': 'Сделать запасные коды',
  'recovery_code.enrol_text':
    'Мы покажем десять кодов. Они заменят телефон, приложение или ключ, когда тех нет под рукой; пароль понадобится всё равно.',
  'recovery_code.enrol_once': 'Коды показываются один раз. Напечатайте их или запишите и храните отдельно от телефона.',
  'recovery_code.enrol_replace': 'Прежние коды перестанут действовать, даже неиспользованные.',
  'recovery_code.enrol_submit': 'Показать коды',
  'recovery_code.shown_title': 'Ваши запасные коды',
  'recovery_code.shown_text': 'Напечатайте эту страницу или запишите коды. Больше мы их не покажем.',
  'recovery_code.shown_where': 'Где действуют',
  'recovery_code.shown_of': 'Учётная запись',
  'recovery_code.shown_on': 'Дата',
  'recovery_code.shown_use': 'Каждый код срабатывает один раз, вместе с паролем.',
  'recovery_code.shown_care': 'Никому не сообщайте эти коды: ни один сотрудник их не спросит.',
  'recovery_code.shown_done': 'Коды сохранены, вернуться',
} as const
