import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { matchScript, parseName } from '#src/accounts/fields/name.ts'

describe('a name', () => {
  test.each([
    ['Иванов', 'Иванов'],
    ['  Мамин   Сибиряк ', 'Мамин Сибиряк'],
    ['Римский – Корсаков', 'Римский-Корсаков'],
    ['О’Хара', "О'Хара"],
    ['ʼАли'.slice(1), 'Али'],
    ['Алексе\u0438\u0306', 'Алексе\u0439'],
    ['Әлимә', 'Әлимә'],
    ['О', 'О'],
    ["O'Neil-Smith", "O'Neil-Smith"],
    ['Müller', 'Müller'],
    ['Nguyễn', 'Nguyễn'],
    ['я'.repeat(100), 'я'.repeat(100)],
  ])('%j is kept as %s', (input, value) => {
    expect(parseName('familyName', input)).toEqual({ ok: true, value })
  })

  test.each([
    ['', 'fields.family_name_missing'],
    [' \u00a0 ', 'fields.family_name_missing'],
    ['Иванов2', 'fields.family_name_letters'],
    ['Ивано\u0000в', 'fields.family_name_letters'],
    ['Иванов\r\nПетров!', 'fields.family_name_letters'],
    ['<b>Иванов</b>', 'fields.family_name_letters'],
    ['-Иванов', 'fields.family_name_letters'],
    ['Иванов--Петров', 'fields.family_name_letters'],
    ['李', 'fields.family_name_letters'],
    ['И\u0301\u0302\u0303ванов', 'fields.family_name_letters'],
    ['Ивaнов', 'fields.family_name_script'],
    ['Petrов', 'fields.family_name_script'],
    ['Ⅳанов', 'fields.family_name_letters'],
    ['Ａnna', 'fields.family_name_letters'],
    ['я'.repeat(101), 'fields.family_name_too_long'],
    ["я'".repeat(100_000), 'fields.family_name_too_long'],
  ])('%.60s is refused', (input, code) => {
    expect(parseName('familyName', input)).toEqual({ ok: false, code })
  })

  test('a patronymic may be left out, a given name may not', () => {
    expect(parseName('patronymic', ' ')).toEqual({ ok: true, value: '' })
    expect(parseName('givenName', ' ')).toEqual({ ok: false, code: 'fields.given_name_missing' })
  })

  test('all parts are in one script', () => {
    expect(matchScript('givenName', 'Anna', 'Иванова')).toEqual({ ok: false, code: 'fields.given_name_other_script' })
    expect(matchScript('patronymic', 'Петровна', 'Ivanova')).toEqual({
      ok: false,
      code: 'fields.patronymic_other_script',
    })
    expect(matchScript('patronymic', '', 'Ivanova')).toEqual({ ok: true, value: '' })
    expect(matchScript('givenName', 'Анна', 'Иванова')).toEqual({ ok: true, value: 'Анна' })
  })

  test('is read in linear time, comes out clean, and reading it twice changes nothing', () => {
    const letters = fc.string({ unit: fc.constantFrom(..."аЯёzé -’'\u2013\u00a0\u0301\u0306и5"), maxLength: 150 })
    fc.assert(
      fc.property(fc.oneof(letters, fc.string({ unit: 'binary', maxLength: 150 })), (input) => {
        const parsed = parseName('givenName', input)
        if (!parsed.ok) return
        expect(parsed.value).toMatch(/^\p{L}+(?:[ '-]\p{L}+)*$/u)
        expect(parseName('givenName', parsed.value)).toEqual(parsed)
      }),
    )
  })
})
