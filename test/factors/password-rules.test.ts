import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { russianWords } from '#src/factors/password/dictionary.ru.ts'
import { inLatinLayout } from '#src/factors/password/keyboard.ts'
import { testPasswordRules } from '#test/password-rules.ts'

const person = {
  names: ['Семёнова-Тян', 'Анна', 'Ли'],
  birthDate: '1985-03-27',
  phone: '+79161234567',
  email: 'annushka.s@example.ru',
}
const rules = testPasswordRules()
const check = (password: string) => rules.check(password, 'citizen', person)

describe('a new password', () => {
  test.each([
    'шлёп корабль 9 вилка',
    'тихий сапог едет в ложке',
    'correct horse battery staple',
    'zsfq9d!kfpw2',
    '密码很长但是很难猜测的句子',
    '🦊🌵🚲🎻🧊🪁🫖🧶🪐🦔🍄🧭',
    // A name of two letters is part of too many words to be refused inside them.
    'налили квас подсолнуху',
  ])('%j passes', async (password) => {
    expect(await check(password)).toEqual({ ok: true })
  })

  test.each([
    ['', 'missing'],
    ['шлёп вилка', 'too_short'],
    ['йцукенгшщзхъ', 'common'],
    ['qwertyuiop12', 'common'],
    ['ыфвапролджэжд', 'keyboard'],
    ['abcdefghijkl', 'sequence'],
    ['987654321098', 'sequence'],
    ['aaaaaaaaaaaa', 'repeated'],
    ['парольпароль', 'repeated'],
    ['gfhjkmgfhjkm', 'repeated'],
    ['gfhjkm123456', 'too_weak'],
    ['солнышко2024', 'common'],
    ['password1234', 'common'],
    ['P@ssw0rd1234', 'common'],
    ['пр'.repeat(64), 'repeated'],
    ['p@ssw0rd'.repeat(16), 'repeated'],
    ['1234567890'.repeat(12), 'personal_phone'],
    ['кто такая Анна никто', 'personal_name'],
    ['семенова пьёт кефир', 'personal_name'],
    ['СЕМЁНОВА пьёт кефир', 'personal_name'],
    ['ctvtyjdf пьёт кефир', 'personal_name'],
    ['чья вилка: ли, кто ли', 'personal_name'],
    ['шлёп 27.03.1985 вилка', 'personal_birth_date'],
    ['шлёп 1985 03 27 вилка', 'personal_birth_date'],
    ['шлёп 270385 вилка', 'personal_birth_date'],
    ['шлёп 8 (916) 123-45-67', 'personal_phone'],
    ['шлёп 1234567 вилка', 'personal_phone'],
    ['шлёп Annushka.S вилка', 'personal_email'],
  ])('%j is refused: %s', async (password, code) => {
    expect(await check(password)).toMatchObject({ ok: false, code: `password.${code}` })
  })

  test('is measured in characters after composing them', async () => {
    expect(await check('шлёп корабль'.normalize('NFD'))).toEqual({ ok: true })
    expect(await check('ё'.normalize('NFD').repeat(11))).toMatchObject({
      code: 'password.too_short',
      values: { min: 12 },
    })
    expect(await check('🦊'.repeat(11))).toMatchObject({ code: 'password.too_short' })
    expect(await check(`шлёп корабль вилка ${'🦊'.repeat(128)}`)).toMatchObject({
      code: 'password.too_long',
      values: { max: 128 },
    })
    // One character that NFKC makes eighteen of.
    expect(await check('\ufdfa'.repeat(8))).toMatchObject({ code: 'password.too_long' })
    expect(await check('a'.repeat(60_000))).toMatchObject({ code: 'password.too_long' })
  })

  test('one strong piece is enough in a long one, however the rest repeats', async () => {
    expect(await check('тихий сапог едет в ложке'.padEnd(128, 'a'))).toEqual({ ok: true })
  })

  test('is answered whatever characters it has', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 140 }), async (password) => {
        expect(await check(password)).toHaveProperty('ok')
      }),
      { numRuns: 50 },
    )
  })
})

test('the Russian dictionary has each word once, in lower case, without ё', () => {
  expect(russianWords.filter((word, index) => russianWords.indexOf(word) !== index)).toEqual([])
  expect(russianWords.filter((word) => !/^[а-я\d]+$/.test(word))).toEqual([])
})

test('Russian typed with the Latin layout', () => {
  expect(inLatinLayout('пароль Ёж')).toBe('gfhjkm ~;')
})
