/**
 * Texts of messages: `message.<kind>`, and `message.<kind>.subject` and `message.<kind>.mail` for mail where it says more than the SMS.
 * An SMS in Cyrillic has 70 characters per segment, and the code stands first so that a notification shows it. No code in a subject:
 * mail servers write subjects into their logs.
 */
export const ru = {
  'message.registration_code': '{{code}} — код для регистрации. Никому его не сообщайте.',
  'message.registration_code.subject': 'Код для регистрации',
  'message.registration_code.mail':
    '{{code}} — код, который подтверждает вашу почту при регистрации.\n\n' +
    'Введите его на странице, где вы начали регистрацию. Никому не сообщайте код, даже сотрудникам поддержки.\n\n' +
    'Если вы не регистрировались, ничего делать не нужно: без кода почту не подтвердить.',
  'message.sign_in_code': '{{code}} — код для входа. Никому его не сообщайте.',
  'message.sign_in_code.subject': 'Код для входа',
  'message.sign_in_code.mail':
    '{{code}} — код для входа.\n\n' +
    'Никому не сообщайте код, даже сотрудникам поддержки.\n\n' +
    'Если вы сейчас не входите, кто-то знает ваш пароль: войдите сами и смените его.',
  'message.registration_clash': 'Ваш номер ввели при регистрации. Это вы? Войдите: аккаунт уже есть.',
  'message.registration_clash.subject': 'У вас уже есть учётная запись',
  'message.registration_clash.mail':
    'При регистрации ввели контакт, который уже принадлежит вашей учётной записи, и код, отправленный на него.\n\n' +
    'Если это были вы, регистрироваться второй раз не нужно: войдите с этим телефоном или почтой.\n\n' +
    'Если это были не вы, ничего не изменилось: новая учётная запись не создана. ' +
    'Проверьте, нет ли у посторонних доступа к вашему телефону и почте.',
  'message.password_locked': 'Вход по паролю приостановлен: много ошибок. Это не вы? Смените пароль.',
  'message.password_locked.subject': 'Вход по паролю приостановлен',
  'message.password_locked.mail':
    'В вашу учётную запись много раз пытались войти с неверным паролем, поэтому вход по паролю ненадолго приостановлен.\n\n' +
    'Если это были вы, подождите и попробуйте ещё раз.\n\n' +
    'Если это были не вы, пароль не подобрали, но его лучше сменить, когда вход снова откроется.',
} as const
