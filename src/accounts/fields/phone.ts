import { parsePhoneNumberFromString } from 'libphonenumber-js'
import { fieldErrors } from './errors.ts'
import { accepted, type Parsed, refused } from './parsed.ts'

const LONGEST_INPUT = 64
/** Spaces of every kind, brackets, dashes, the minus sign, and the invisible marks of direction that address books copy along. */
const PUNCTUATION = /[\s()[\]\p{Pd}\p{Cf}\u2212]/gu
const RUSSIAN = /^\+7[1-9]\d{9}$/
const NO_BREAK_SPACE = '\u00a0'

/**
 * Reads a telephone number as people write it.
 * @param input for Russia with +7, 8, 7 or just ten digits; from elsewhere with + and the country's code
 * @returns E.164, e.g. `+79161234567`
 */
export function parsePhone(input: string): Parsed<string> {
  if (input.length > LONGEST_INPUT) return refused(fieldErrors.phone_format)
  const text = input.normalize('NFKC').replace(PUNCTUATION, '')
  if (text === '') return refused(fieldErrors.phone_missing)
  const number = international(text)
  if (number === undefined) return refused(fieldErrors.phone_format)
  if (number.startsWith('+7')) return RUSSIAN.test(number) ? accepted(number) : refused(fieldErrors.phone_format)
  const foreign = parsePhoneNumberFromString(number)
  // Only the length is checked: numbering plans change more often than a library, and the code proves the number.
  return foreign?.isPossible() ? accepted(foreign.number) : refused(fieldErrors.phone_foreign)
}

function international(text: string): string | undefined {
  if (/^\+\d{1,15}$/.test(text)) return text
  if (/^[78]\d{10}$/.test(text)) return `+7${text.slice(1)}`
  if (/^[1-9]\d{9}$/.test(text)) return `+7${text}`
  return undefined
}

/** For reading: `+7 916 123-45-67`. No line breaks in it: spaces are no-break ones, and none may follow a hyphen before a digit. */
export function formatPhone(phone: string): string {
  return layOut(phone, 0)
}

/** For people who know the number already: `+7 ••• •••-45-67`. */
export function maskPhone(phone: string): string {
  const national = parsePhoneNumberFromString(phone)?.nationalNumber ?? ''
  return layOut(phone, Math.max(national.length - 4, Math.ceil(national.length / 2)))
}

function layOut(phone: string, hiddenDigits: number): string {
  const parsed = parsePhoneNumberFromString(phone)
  if (!parsed) return phone
  const code = `+${parsed.countryCallingCode}`
  const written = parsed.formatInternational().slice(code.length).trim()
  // Russian numbers are read in groups of 3-3-2-2, the last ones joined by hyphens.
  const grouped = code === '+7' ? written.replace(/^(\d+) (\d+) (\d+) (\d+)$/, '$1 $2-$3-$4') : written
  let digit = 0
  const masked = grouped.replace(/\d/g, (shown) => (digit++ < hiddenDigits ? '•' : shown))
  return `${code} ${masked}`.replaceAll(' ', NO_BREAK_SPACE)
}
