import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ru } from '#src/accounts/fields/messages.ru.ts'
import { formatSnils, maskSnils, parseSnils } from '#src/accounts/fields/snils.ts'
import { anySnils, misread, snilsRemainder, swapped, typed } from './numbers.ts'

describe('a SNILS', () => {
  test.each([
    ['', 'fields.snils_missing'],
    [' - ', 'fields.snils_missing'],
    ['112-233-445', 'fields.snils_length'],
    ['112-233-445 956', 'fields.snils_length'],
    ['112-233-445 9O', 'fields.snils_characters'],
    ['112-233-445 9О', 'fields.snils_characters'],
    ['١١٢-٢٣٣-٤٤٥ ٩٥', 'fields.snils_characters'],
    ['112-233-445 95, 45 10', 'fields.snils_characters'],
    ['112-233-445 96', 'fields.snils_checksum'],
    ['112-233-454 95', 'fields.snils_checksum'],
    ['001-001-999 00', 'fields.snils_checksum'],
    ['000-000-000 00', 'fields.snils_checksum'],
    ['1'.repeat(100_000), 'fields.snils_length'],
  ])('%.60j is refused', (input, code) => {
    expect(parseSnils(input)).toEqual({ ok: false, code })
  })

  test.each([
    ['112-233-445 95', '11223344595'],
    ['11223344595', '11223344595'],
    [' 112 233 445 95 ', '11223344595'],
    ['112\u2011233\u2011445\u00a095', '11223344595'],
    ['№ 112.233.445.95', '11223344595'],
    ['１１２２３３４４５９５', '11223344595'],
    // Remainders 100 and 0, both written 00.
    ['087-654-019 00', '08765401900'],
    ['087-654-028 00', '08765402800'],
    // Given out before there was a check number.
    ['001-001-998 99', '00100199899'],
    ['000-000-001 00', '00000000100'],
  ])('%j is %s', (input, value) => {
    expect(parseSnils(input)).toEqual({ ok: true, value })
  })

  test('a refusal begins with the words that people know', () => {
    for (const code of ['characters', 'length', 'checksum'] as const)
      expect(ru[`fields.snils_${code}`]).toMatch(/^Неверный номер СНИЛС/)
  })

  test('passes however it is separated, and is read again from the form that we print', () => {
    fc.assert(
      fc.property(
        anySnils.chain((snils) => fc.tuple(fc.constant(snils), typed(snils))),
        ([snils, input]) => {
          expect(parseSnils(input)).toEqual({ ok: true, value: snils })
          expect(parseSnils(formatSnils(snils))).toEqual({ ok: true, value: snils })
        },
      ),
    )
  })

  test('one wrong digit or two swapped neighbours go unseen only between remainders 0 and 100, and below the first checked number', () => {
    fc.assert(
      fc.property(anySnils, (snils) => {
        for (const mistake of [...misread(snils), ...swapped(snils)]) {
          if (!parseSnils(mistake).ok || mistake.slice(0, 9) <= '001001998') continue
          expect([snilsRemainder(snils), snilsRemainder(mistake)].sort(), `${snils} → ${mistake}`).toEqual([0, 100])
        }
      }),
    )
  })

  test('is shown in its customary form, or without its beginning, on one line', () => {
    expect(formatSnils('11223344595')).toBe('112-233-445\u00a095')
    expect(maskSnils('11223344595')).toBe('•••-•••-•45\u00a095')
  })
})
