import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { russianWords } from '#src/factors/password/dictionary/russian.ts'
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

  describe('is judged by the keys that were pressed', () => {
    test.each([
      ['a Russian word in the Latin layout', 'ghbdtn123456'],
      ['with a digit after it and a capital', 'Ghbdtn777777'],
      ['an English word in the Russian layout', 'зфыыцщкв2024'],
      ['neighbouring keys in the Russian layout', 'фывапролджэ1'],
      ['the same keys in the Latin layout', "asdfghjkl;'1"],
      ['a word of each, in the layout of neither', 'зфыыцщквghbdtn'],
      ['a word of each, in its own layout', 'passwordпривет'],
      ['one right and one in the wrong layout', 'приветзфыыцщкв'],
      ['ё in the Russian layout', 'котёнок12345'],
      ['ё typed as е', 'котенок12345'],
      ['ё in the Latin layout', 'rjn`yjr12345'],
      ['ё typed as е in the Latin layout', 'rjntyjr12345'],
      ['letters that are punctuation in the Latin layout', 'k.,k.nt,z123'],
    ])('%s', async (_what, password) => {
      expect(await check(password)).toMatchObject({ ok: false })
    })
  })

  describe('is refused when it is made of', () => {
    test.each([
      ['a first name', 'Светланка2001'],
      ['a patronymic', 'Владимировна1'],
      ['a surname', 'кузнецова1985'],
      ['a surname of a woman', 'островская123'],
      ['a city', 'Екатеринбург1'],
      ['a town', 'старыйоскол22'],
      ['a phrase', 'всебудетхорошо'],
      ['two words', 'москва петербург'],
      ['three of the most common words', 'привет пароль любовь'],
      ['the same with full stops', 'привет.пароль.любовь'],
      ['the same in the Latin layout', 'ghbdtn gfhjkm k.,jdm'],
    ])('%s: %s', async (_what, password) => {
      expect(await check(password)).toMatchObject({ ok: false })
    })
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
  expect(new Set(russianWords).size).toBe(russianWords.length)
  expect(russianWords.filter((word) => !/^[а-я\d]+$/.test(word))).toEqual([])
})

test('Russian typed with the Latin layout', () => {
  expect(inLatinLayout('пароль Ёж')).toBe('gfhjkm ~;')
})

test('an English word typed with the Russian layout, as far as it has Russian letters', () => {
  expect(inLatinLayout('Зфыыцщкв2024 password')).toBe('Password2024 password')
})
