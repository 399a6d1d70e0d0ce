import { maskBut, readDigits, withoutSeparators } from '../fields/digits.ts'
import { accepted, type Parsed, refused } from '../fields/parsed.ts'
import { documentErrors } from './errors.ts'

// Numbers of documents other than the Russian passport. Their forms differ by country and year: the tax service's templates (order of 13 October
// 2006, САЭ-3-04/706@) give the codes 10, 12 and 14 any 25 characters. So the rules are wide, and the registry knows better: a residence permit of
// today has a series of 2 digits and a number of 7, a machine-readable passport 9 characters at most (ICAO Doc 9303-4), older ones have others.
// The passport by which Russians travel (2 and 7 digits) is none of these kinds.

const LONGEST_INPUT = 100
const LONGEST_SERIES = 4
const CYRILLIC = /\p{Script=Cyrillic}/u
const CERTIFICATE_NUMBER = /^[\dА-ЯЁ]{1,25}$/
const FOREIGN_NUMBER = /^[\dA-Z]{3,25}$/
const PERMIT_NUMBER = /^\d{5,9}$/
const SERIES_ERRORS = {
  // Never asked for: an empty series is a permit without one.
  missing: documentErrors.permit_series_length,
  characters: documentErrors.permit_series_characters,
  length: documentErrors.permit_series_length,
}
const PERMIT_ERRORS = {
  missing: documentErrors.permit_number_missing,
  characters: documentErrors.permit_number_characters,
  length: documentErrors.permit_number_length,
}

/** @returns 1 … 25 digits and capital Cyrillic letters, a digit among them */
export function parseCertificateNumber(input: string): Parsed<string> {
  if (input.length > LONGEST_INPUT) return refused(documentErrors.certificate_number_format)
  const number = withoutSeparators(input).toUpperCase()
  if (number === '') return refused(documentErrors.certificate_number_missing)
  const valid = CERTIFICATE_NUMBER.test(number) && /\d/.test(number)
  return valid ? accepted(number) : refused(documentErrors.certificate_number_format)
}

/** @returns 3 … 25 digits and capital Latin letters, a digit among them */
export function parseForeignNumber(input: string): Parsed<string> {
  if (input.length > LONGEST_INPUT) return refused(documentErrors.foreign_number_format)
  const number = withoutSeparators(input).toUpperCase()
  if (number === '') return refused(documentErrors.foreign_number_missing)
  if (CYRILLIC.test(number)) return refused(documentErrors.foreign_number_script)
  const valid = FOREIGN_NUMBER.test(number) && /\d/.test(number)
  return valid ? accepted(number) : refused(documentErrors.foreign_number_format)
}

/** @returns 1 … 4 digits, or `''` for a permit without a series */
export function parsePermitSeries(input: string): Parsed<string> {
  if (input.trim() === '') return accepted('')
  const digits = readDigits(input, SERIES_ERRORS)
  return digits.ok && digits.value.length > LONGEST_SERIES ? refused(documentErrors.permit_series_length) : digits
}

/** @returns 5 … 9 digits */
export function parsePermitNumber(input: string): Parsed<string> {
  const digits = readDigits(input, PERMIT_ERRORS)
  return !digits.ok || PERMIT_NUMBER.test(digits.value) ? digits : refused(documentErrors.permit_number_length)
}

/** For people who know the number already: `•••456`, or fewer of a short one. Its length is not told, as it tells the country. */
export function maskNumber(number: string): string {
  const shown = Math.min(3, Math.floor(number.length / 2))
  return `•••${maskBut(shown, number).replaceAll('•', '')}`
}
