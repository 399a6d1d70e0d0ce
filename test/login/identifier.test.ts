import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatSnils, parseSnils } from '#src/accounts/fields/snils.ts'
import { attemptKey, readIdentifier } from '#src/login/identifier.ts'

/** Passes as either: `8 991 000-00-CC` with the check number of 899-100-000. */
const BOTH = snilsOf('899100000')
const ITS_PHONE = `+7${BOTH.slice(1)}`

function snilsOf(nine: string): string {
  for (let check = 0; check < 100; check++) {
    const snils = `${nine}${String(check).padStart(2, '0')}`
    if (parseSnils(snils).ok) return snils
  }
  throw new Error(`no check number for ${nine}`)
}

describe('what an identifier stands for', () => {
  test.each([
    ['Anna@Example.ru', 'email', 'anna@example.ru'],
    ['+7 916 123-45-67', 'phone', '+79161234567'],
    ['8 (916) 123-45-67', 'phone', '+79161234567'],
    ['9161234567', 'phone', '+79161234567'],
    ['112-233-445 95', 'snils', '11223344595'],
    ['11223344595', 'snils', '11223344595'],
    ['112 233 445 95', 'snils', '11223344595'],
    ['№ 112–233–445 95', 'snils', '11223344595'],
    // A wrong check number leaves a telephone number, or nothing.
    ['89161234567', 'phone', '+79161234567'],
    ['891-612-345-67', 'phone', '+79161234567'],
    ['112-233-445 96', 'phone', ''],
    ['anna', 'phone', ''],
    // A plus, brackets and ten digits are no SNILS.
    [ITS_PHONE, 'phone', ITS_PHONE],
    [`8(${BOTH.slice(1, 4)})${BOTH.slice(4)}`, 'phone', ITS_PHONE],
    [BOTH.slice(1), 'phone', ITS_PHONE],
    [formatSnils(BOTH), 'snils', BOTH],
    [BOTH.replace(/^(...)(...)(...)/, '$1 $2 $3 '), 'snils', BOTH],
  ])('%s', (typed, kind, value) => {
    expect(readIdentifier(typed).meanings).toEqual([{ kind, value }])
  })

  test.each([BOTH, BOTH.replace(/^(.)(...)(...)(..)/, '$1 $2 $3-$4-')])(
    'the telephone number first where it may be either: %s',
    (typed) => {
      expect(readIdentifier(typed).meanings).toEqual([
        { kind: 'phone', value: ITS_PHONE },
        { kind: 'snils', value: BOTH },
      ])
    },
  )
})

describe('what wrong passwords are counted under', () => {
  test('is one for all spellings, of what may be a telephone number as well', () => {
    const spellings = [BOTH, formatSnils(BOTH), ITS_PHONE, BOTH.slice(1), `8 ${BOTH.slice(1)}`]
    expect(new Set(spellings.map((typed) => readIdentifier(typed).key))).toEqual(new Set([ITS_PHONE]))
    expect(attemptKey('snils', BOTH)).toBe(ITS_PHONE)
    const snils = ['112-233-445 95', '11223344595', '112.233.445.95'].map((typed) => readIdentifier(typed).key)
    expect(new Set(snils)).toEqual(new Set([attemptKey('snils', '11223344595')]))
  })

  test('is what the owner unlocks, whatever the number', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1_002_000, max: 999_999_999 }), fc.boolean(), (number, grouped) => {
        const snils = snilsOf(String(number).padStart(9, '0'))
        expect(readIdentifier(grouped ? formatSnils(snils) : snils).key).toBe(attemptKey('snils', snils))
      }),
    )
  })
})
