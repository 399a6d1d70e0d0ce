import { describe, expect, test } from 'vitest'
import { citizenships, foreignCountries, formatCountry, parseCitizenship } from '#src/accounts/fields/country.ts'

describe('a citizenship', () => {
  test.each([
    ['', 'fields.citizenship_missing'],
    ['RU', 'fields.citizenship_unknown'],
    ['Россия', 'fields.citizenship_unknown'],
    ['SUN', 'fields.citizenship_unknown'],
    ['XXX', 'fields.citizenship_unknown'],
    ['РУС', 'fields.citizenship_unknown'],
    ['R'.repeat(100_000), 'fields.citizenship_unknown'],
  ])('%.40j is refused', (input, code) => {
    expect(parseCitizenship(input)).toEqual({ ok: false, code })
  })

  test.each([
    ['RUS', 'RUS'],
    [' kaz ', 'KAZ'],
    ['ＢＬＲ', 'BLR'],
    ['xxa', 'XXA'],
  ])('%j is %s', (input, value) => {
    expect(parseCitizenship(input)).toEqual({ ok: true, value })
  })

  test('is shown by its name', () => {
    expect(formatCountry('RUS', 'ru')).toBe('Россия')
    expect(formatCountry('KAZ', 'en')).toBe('Kazakhstan')
    expect(formatCountry('XXA', 'ru')).toBe('Без гражданства')
    expect(formatCountry('XXA', 'en')).toBe('Stateless')
    expect(formatCountry('ZZZ', 'ru')).toBe('ZZZ')
  })

  test.each(['ru', 'en'] as const)(
    'is chosen from all countries of ISO 3166-1 and none, Russia before the others (%s)',
    (locale) => {
      const options = citizenships(locale)
      expect(options).toHaveLength(249 + 1)
      expect(options[0]?.code).toBe('RUS')
      expect(new Set(options.map(({ name }) => name)).size).toBe(options.length)
      for (const { code, name } of options) {
        expect(parseCitizenship(code)).toEqual({ ok: true, value: code })
        expect(name, code).toMatch(/^\p{L}[^\d]+$/u)
        expect(name, code).not.toBe(code)
      }
    },
  )

  test('passports of other countries come from all of them but Russia', () => {
    const codes = foreignCountries('en').map(({ code }) => code)
    expect(codes).toHaveLength(248)
    expect(codes).not.toContain('RUS')
    expect(codes).not.toContain('XXA')
  })
})
