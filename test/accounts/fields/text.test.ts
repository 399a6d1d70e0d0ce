import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { maskText, parseBirthPlace, parseIssuer } from '#src/accounts/fields/text.ts'

describe.each([
  ['issuer', parseIssuer],
  ['birth_place', parseBirthPlace],
] as const)('%s', (name, parse) => {
  test.each([
    ['', 'missing'],
    [' \u200b\u00a0', 'missing'],
    ['-- . --', 'characters'],
    ['<b>ОВД</b>', 'characters'],
    ['ОВД\u0000 «Арбат»', 'characters'],
    ['ОВД\u001b[31m', 'characters'],
    ['東京', 'characters'],
    ['Казань 🙂', 'characters'],
    ['Казань{{7*7}}', 'characters'],
    ['я'.repeat(256), 'too_long'],
    [' '.repeat(100_000), 'too_long'],
    ['\u0301'.repeat(100_000), 'too_long'],
  ])('%.40j is refused', (input, reason) => {
    expect(parse(input)).toEqual({ ok: false, code: `fields.${name}_${reason}` })
  })

  test.each([
    ['ОВД «Арбат» г. Москвы', 'ОВД «Арбат» г. Москвы'],
    ['  ТП №3\u00a0ОУФМС России\r\n  по г. Казани ', 'ТП №3 ОУФМС России по г. Казани'],
    ['г. Frankfurt am Main (Германия)', 'г. Frankfurt am Main (Германия)'],
    ['д. Ка\u00adзань', 'д. Казань'],
    ['Йошкар'.normalize('NFD').split('').join('\u200b'), 'Йошкар'],
    ['гор. Йошкар-Ола'.normalize('NFD'), 'гор. Йошкар-Ола'],
    ['я'.repeat(255), 'я'.repeat(255)],
  ])('%j is kept as %s', (input, value) => {
    expect(parse(input)).toEqual({ ok: true, value })
  })

  test('comes out on one line, without anything unseen, and reading it twice changes nothing', () => {
    const text = fc.oneof(
      fc.string({ unit: fc.constantFrom(...'Ёж z1.,-«»№\u00a0\n\t\u202e\u0301\u0306и'), maxLength: 300 }),
      fc.string({ unit: 'binary', maxLength: 300 }),
    )
    fc.assert(
      fc.property(text, (input) => {
        const parsed = parse(input)
        if (!parsed.ok) return
        expect(parsed.value).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}<>{}]|^ | $| {2}/u)
        expect(parse(parsed.value)).toEqual(parsed)
      }),
    )
  })
})

test('nothing of a text is shown until it is opened, nor how long it is', () => {
  expect(maskText()).toBe('•••')
})
