import fc from 'fast-check'

// Made-up numbers with the right check digits, by the published rules and not by our code.

const sum = (digits: string, weights: readonly number[]) =>
  weights.reduce((total, weight, index) => total + weight * Number(digits[index]), 0)

/** Before its last two digits are taken: 0 … 100. */
export const snilsRemainder = (digits: string) => sum(digits, [9, 8, 7, 6, 5, 4, 3, 2, 1]) % 101
/** Before their last digit is taken: 0 … 10. */
export const organisationInnRemainder = (digits: string) => sum(digits, [2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11
export const innRemainders = (digits: string) => [
  sum(digits, [7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11,
  sum(digits, [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11,
]
/** 0 … 10 for the OGRN, 0 … 12 for the OGRNIP. */
export const ogrnRemainder = (digits: string) => Number(digits.slice(0, 12)) % 11
export const ogrnipRemainder = (digits: string) => Number(digits.slice(0, 14)) % 13

const digits = (count: number) => fc.stringMatching(new RegExp(`^\\d{${count}}$`))
const lastOf = (remainder: number) => String(remainder % 10)

export const anySnils = digits(9)
  .filter((number) => number > '001001998')
  .map((number) => number + String(snilsRemainder(number) % 100).padStart(2, '0'))

export const anyOrganisationInn = digits(9)
  .filter((number) => !number.startsWith('00'))
  .map((number) => number + lastOf(organisationInnRemainder(number)))

export const anyInn = digits(10)
  .filter((number) => !number.startsWith('00'))
  .map((number) => number + lastOf(innRemainders(number)[0]!))
  .map((number) => number + lastOf(innRemainders(number)[1]!))

export const anyOgrn = digits(12)
  .filter((number) => !number.startsWith('0'))
  .map((number) => number + lastOf(ogrnRemainder(number)))

export const anyOgrnip = digits(14)
  .filter((number) => !number.startsWith('0'))
  .map((number) => number + lastOf(ogrnipRemainder(number)))

/** What stands between digits when people type or copy them. */
const separator = fc.constantFrom(
  '',
  '',
  ' ',
  '-',
  '\u00a0',
  '\u2009',
  '\u2011',
  '\u2013',
  '\u2212',
  '\t',
  '.',
  '\u200b',
  ' - ',
)

/** The same number with separators and full-width digits strewn in. */
export function typed(number: string): fc.Arbitrary<string> {
  const digit = fc.boolean()
  return fc
    .array(fc.tuple(separator, digit), { minLength: number.length, maxLength: number.length })
    .map((noise) =>
      [...number].map((plain, index) => noise[index]![0] + (noise[index]![1] ? fullWidth(plain) : plain)).join(''),
    )
}

const fullWidth = (digit: string) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0)

/** Every number that differs in one digit. */
export function misread(number: string): string[] {
  return [...number].flatMap((digit, at) =>
    [...'0123456789']
      .filter((other) => other !== digit)
      .map((other) => number.slice(0, at) + other + number.slice(at + 1)),
  )
}

/** Every number in which two different neighbours have changed places. */
export function swapped(number: string): string[] {
  return [...number].flatMap((digit, at) => {
    const next = number[at + 1]
    return next === undefined || next === digit ? [] : [number.slice(0, at) + next + digit + number.slice(at + 2)]
  })
}
