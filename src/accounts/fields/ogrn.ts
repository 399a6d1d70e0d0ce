import { readDigits } from './digits.ts'
import { fieldErrors } from './errors.ts'
import { accepted, type Parsed, refused } from './parsed.ts'

// Numbers of the open registers of organisations and entrepreneurs: written without separators, and nothing to hide.

const OGRN_LENGTH = 13
const OGRNIP_LENGTH = 15
const OGRN_ERRORS = {
  missing: fieldErrors.ogrn_missing,
  characters: fieldErrors.ogrn_characters,
  length: fieldErrors.ogrn_length,
}
const OGRNIP_ERRORS = {
  missing: fieldErrors.ogrnip_missing,
  characters: fieldErrors.ogrnip_characters,
  length: fieldErrors.ogrnip_length,
}

/**
 * Reads the OGRN of an organisation. The check digit finds every wrong digit and every swap of neighbours, except where the remainder is 10,
 * which is written 0.
 * @returns 13 digits
 */
export function parseOgrn(input: string): Parsed<string> {
  const digits = readDigits(input, OGRN_ERRORS)
  if (!digits.ok) return digits
  const { value } = digits
  if (value.length === OGRNIP_LENGTH) return refused(fieldErrors.ogrn_of_entrepreneur)
  if (value.length !== OGRN_LENGTH) return refused(fieldErrors.ogrn_length)
  return checks(value, 11) ? accepted(value) : refused(fieldErrors.ogrn_checksum)
}

/**
 * Reads the OGRNIP of an entrepreneur. As with the OGRN, but remainders 10, 11 and 12 are written 0, 1 and 2, so somewhat more goes unseen.
 * @returns 15 digits
 */
export function parseOgrnip(input: string): Parsed<string> {
  const digits = readDigits(input, OGRNIP_ERRORS)
  if (!digits.ok) return digits
  const { value } = digits
  if (value.length === OGRN_LENGTH) return refused(fieldErrors.ogrnip_of_organisation)
  if (value.length !== OGRNIP_LENGTH) return refused(fieldErrors.ogrnip_length)
  return checks(value, 13) ? accepted(value) : refused(fieldErrors.ogrnip_checksum)
}

/** The last digit is that of the remainder of all before it, as one number; the first one tells kinds of records apart and is never 0. */
function checks(digits: string, divisor: number): boolean {
  const check = (Number(digits.slice(0, -1)) % divisor) % 10
  return Number(digits.at(-1)) === check && !digits.startsWith('0')
}
