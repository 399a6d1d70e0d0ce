export const ru = {
  'cabinet.password_title': 'Пароль',
  'cabinet.password_none': 'У вас ещё нет пароля.',
  'cabinet.password_set_at': 'Нынешний пароль действует с {{moment}} по московскому времени.',
  'cabinet.password_old': 'Пароль давно не менялся. Придумайте новый.',
  'cabinet.password_must_change': 'Пароль могли узнать посторонние. Придумайте новый прямо сейчас.',
  'cabinet.password_ends':
    'После смены пароля вход на всех других устройствах закончится: там нужно будет войти с новым паролем.',
  'cabinet.password_label': 'Новый пароль',
  'cabinet.password_change': 'Сменить пароль',
  'cabinet.password_changed': 'Пароль изменён. На других устройствах вход закончен.',
} as const
