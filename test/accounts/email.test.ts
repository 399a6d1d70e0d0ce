import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { maskEmail, parseEmail } from '#src/accounts/fields/email.ts'

const longLocal = 'a'.repeat(64)
const longDomain = `${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(58)}.ru`

describe('an e-mail address', () => {
  test.each([
    ['anna@example.ru', 'anna@example.ru'],
    [' Anna.Ivanova@Example.RU ', 'anna.ivanova@example.ru'],
    ['anna+portal@example.ru', 'anna+portal@example.ru'],
    ["o'neil_x-1@sub.example.co.uk", "o'neil_x-1@sub.example.co.uk"],
    ['anna@почта.рф', 'anna@xn--80a1acny.xn--p1ai'],
    ['anna@ПОЧТА.РФ', 'anna@xn--80a1acny.xn--p1ai'],
    [`${longLocal}@${longDomain}`, `${longLocal}@${longDomain}`],
  ])('%j is %s', (input, value) => {
    expect(parseEmail(input)).toEqual({ ok: true, value })
  })

  test.each([
    ['', 'fields.email_missing'],
    ['   ', 'fields.email_missing'],
    ['anna', 'fields.email_format'],
    ['@example.ru', 'fields.email_format'],
    ['anna@', 'fields.email_format'],
    ['anna@localhost', 'fields.email_format'],
    ['anna@127.0.0.1', 'fields.email_format'],
    ['anna@[127.0.0.1]', 'fields.email_format'],
    ['anna@example..ru', 'fields.email_format'],
    ['anna@-example.ru', 'fields.email_format'],
    ['anna@example.ru.', 'fields.email_format'],
    ['.anna@example.ru', 'fields.email_format'],
    ['an..na@example.ru', 'fields.email_format'],
    ['"anna ivanova"@example.ru', 'fields.email_format'],
    ['анна@example.ru', 'fields.email_format'],
    ['anna@ex%61mple.ru', 'fields.email_format'],
    ['anna@example.ru/path', 'fields.email_format'],
    ['anna@example.ru, boris@example.ru', 'fields.email_format'],
    ['Anna <anna@example.ru>', 'fields.email_format'],
    ['anna@example.ru\r\nBcc: boris@example.ru', 'fields.email_format'],
    ['anna\u0000@example.ru', 'fields.email_format'],
    [`a${longLocal}@example.ru`, 'fields.email_too_long'],
    [`${longLocal}@${longDomain}x`, 'fields.email_too_long'],
    ['a'.repeat(100_000), 'fields.email_too_long'],
  ])('%.60s is refused', (input, code) => {
    expect(parseEmail(input)).toEqual({ ok: false, code })
  })

  test('comes out safe for a mail header or is refused, and reading it twice changes nothing', () => {
    const address = fc.oneof(fc.emailAddress(), fc.string({ unit: 'binary', maxLength: 300 }))
    fc.assert(
      fc.property(address, (input) => {
        const parsed = parseEmail(input)
        if (!parsed.ok) return
        expect(parsed.value).toMatch(/^[\x21-\x7e]+$/)
        expect(parsed.value).not.toMatch(/[<>,;:"\\()[\]]/)
        expect(parsed.value.length).toBeLessThanOrEqual(254)
        expect(parseEmail(parsed.value)).toEqual(parsed)
      }),
    )
  })

  test('is masked to its first character and domain', () => {
    expect(maskEmail('anna@example.ru')).toBe('a•••@example.ru')
    expect(maskEmail('a@example.ru')).toBe('a•••@example.ru')
  })
})
