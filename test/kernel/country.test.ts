import { describe, expect, test } from 'vitest'
import { countryName, makeCountryOf } from '#src/kernel/country.ts'
import { locales } from '#src/kernel/locale.ts'

const countryOf = makeCountryOf()

describe('the country of an address', () => {
  test.each([
    ['77.88.55.88', 'RU'],
    ['2a02:6b8::1', 'RU'],
    ['8.8.8.8', 'US'],
  ])('%s is %s', (address, country) => {
    expect(countryOf(address)).toBe(country)
  })

  test.each([
    '127.0.0.1',
    '10.1.2.3',
    '192.168.0.1',
    '::1',
    'fe80::1',
    '0.0.0.0',
    '',
    'localhost',
    '77.88.55.88:443',
    '::ffff:77.88.55.88.',
  ])('%j has none', (address) => {
    expect(countryOf(address)).toBeUndefined()
  })

  test('has a name in every language', () => {
    expect(locales.map((locale) => countryName('RU', locale))).toEqual(['Россия', 'Russia'])
    expect(countryName('QQ', 'ru')).toBe('QQ')
  })

  test('comes from the operator’s own table where there is one', () => {
    expect(() => makeCountryOf('/nowhere.mmdb')('8.8.8.8')).toThrow(/nowhere/)
  })
})
