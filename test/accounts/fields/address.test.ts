import { describe, expect, test } from 'vitest'
import { formatAddress, maskAddress, parseAddress } from '#src/accounts/fields/address.ts'

const text = 'г. Казань, ул. Баумана, д. 1, кв. 2'

describe('an address', () => {
  test('needs to be registered or actual, and a text; all its problems are told at once', () => {
    const input = { kind: 'other', postcode: '42011O', house: '1'.repeat(31), text: '' }
    expect(parseAddress(input)).toEqual({
      ok: false,
      problems: [
        { field: 'kind', code: 'fields.address_kind_missing' },
        { field: 'text', code: 'fields.address_missing' },
        { field: 'postcode', code: 'fields.postcode_characters' },
        { field: 'house', code: 'fields.address_house_format' },
      ],
    })
    expect(parseAddress({})).toMatchObject({ ok: false, problems: [{ field: 'kind' }, { field: 'text' }] })
  })

  test.each([
    ['text', 'д. 1', 'fields.address_too_short'],
    ['text', 'я'.repeat(501), 'fields.address_too_long'],
    ['text', 'Казань\u0000, Баумана', 'fields.address_characters'],
    ['text', 'я'.repeat(100_000), 'fields.address_too_long'],
    ['postcode', '42011', 'fields.postcode_length'],
    ['region', 'Татарстан<br>', 'fields.address_region_format'],
    ['city', 'я'.repeat(101), 'fields.address_city_format'],
    ['street', '🙂', 'fields.address_street_format'],
    ['house', '---', 'fields.address_house_format'],
    ['flat', '1'.repeat(100_000), 'fields.address_flat_format'],
  ])('%s %.30j is refused', (field, value, code) => {
    expect(parseAddress({ kind: 'registered', text, [field]: value })).toEqual({
      ok: false,
      problems: [{ field, code }],
    })
  })

  test('may be free text alone', () => {
    const expected = { ok: true, address: { kind: 'actual', text } }
    expect(parseAddress({ kind: 'actual', text: ` ${text}\n`, postcode: ' ', city: '', other: 'x' })).toEqual(expected)
  })

  test('may come by its parts', () => {
    const parts = {
      postcode: '420111',
      region: 'Татарстан',
      city: 'Казань',
      street: 'Баумана',
      house: '1/2',
      flat: '2',
    }
    expect(parseAddress({ kind: 'registered', text, ...parts, postcode: '420 111' })).toEqual({
      ok: true,
      address: { kind: 'registered', text, ...parts },
    })
  })

  test('is shown in one line with its postcode, once', () => {
    expect(formatAddress({ text })).toBe(text)
    expect(formatAddress({ postcode: '420111', text })).toBe(`420111, ${text}`)
    expect(formatAddress({ postcode: '420111', text: `420111, ${text}` })).toBe(`420111, ${text}`)
  })

  test.each([
    [text, '••• кв. 2'],
    ['г. Казань, ул. Баумана, д. 1', '••• д. 1'],
    ['г. Казань ул. Баумана 1', '•••'],
    ['г. Казань, Петербургская улица 1', '•••'],
    ['г. Казань,', '•••'],
  ])('%s is masked to its end, where that is short: %s', (whole, masked) => {
    expect(maskAddress({ text: whole })).toBe(masked)
  })
})
