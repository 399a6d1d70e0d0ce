import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatPhone, maskPhone, parsePhone } from '#src/accounts/fields/phone.ts'

describe('a phone number', () => {
  test.each([
    ['+7 916 123-45-67', '+79161234567'],
    ['8 (916) 123-45-67', '+79161234567'],
    ['7-916-123-45-67', '+79161234567'],
    ['916 123 45 67', '+79161234567'],
    ['\u00a0+7\u00a0916\u00a0123\u201145\u201167 ', '+79161234567'],
    ['+7[495]1234567', '+74951234567'],
    ['\u202a+7\u00a0(916)\u00a0123\u221245\u221267\u202c', '+79161234567'],
    ['＋７９１６１２３４５６７', '+79161234567'],
    ['+375 29 123-45-67', '+375291234567'],
    ['+44 20 7946 0958', '+442079460958'],
    ['+1 (212) 555-0100', '+12125550100'],
  ])('%j is %s', (input, value) => {
    expect(parsePhone(input)).toEqual({ ok: true, value })
  })

  test.each([
    ['', 'fields.phone_missing'],
    [' ( - ) ', 'fields.phone_missing'],
    ['+7 016 123-45-67', 'fields.phone_format'],
    ['8 016 123-45-67', 'fields.phone_format'],
    ['+7 916 123-45-6', 'fields.phone_format'],
    ['+7 916 123-45-678', 'fields.phone_format'],
    ['0161234567', 'fields.phone_format'],
    ['123', 'fields.phone_format'],
    ['+7 916 123-45-67 доб. 2', 'fields.phone_format'],
    ['+7916123456a', 'fields.phone_format'],
    ['7+9161234567', 'fields.phone_format'],
    ['+79161234567\r\n+79160000000', 'fields.phone_format'],
    ['+999 123 456 789', 'fields.phone_foreign'],
    ['+44 1', 'fields.phone_foreign'],
    ['+7'.padEnd(100_000, '9'), 'fields.phone_format'],
    [' '.repeat(100_000), 'fields.phone_format'],
  ])('%.60s is refused', (input, code) => {
    expect(parsePhone(input)).toEqual({ ok: false, code })
  })

  test('is read again from every form that we print', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1_000_000_000, max: 9_999_999_999 }), (national) => {
        const phone = `+7${national}`
        expect(parsePhone(phone)).toEqual({ ok: true, value: phone })
        expect(parsePhone(formatPhone(phone))).toEqual({ ok: true, value: phone })
      }),
    )
  })

  test('is E.164 or refused, whatever comes in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (input) => {
        const parsed = parsePhone(input)
        if (parsed.ok) expect(parsed.value).toMatch(/^\+[1-9]\d{1,14}$/)
      }),
    )
  })

  test.each([
    ['+79161234567', '+7\u00a0916\u00a0123-45-67', '+7\u00a0•••\u00a0•••-45-67'],
    ['+442079460958', '+44\u00a020\u00a07946\u00a00958', '+44\u00a0••\u00a0••••\u00a00958'],
  ])('%s is shown whole or without its middle, and never breaks over lines', (phone, formatted, masked) => {
    expect(formatPhone(phone)).toBe(formatted)
    expect(maskPhone(phone)).toBe(masked)
  })
})
