import { readDigits } from './digits.ts'
import { fieldErrors } from './errors.ts'
import type { Parsed } from './parsed.ts'

const ERRORS = {
  missing: fieldErrors.postcode_missing,
  characters: fieldErrors.postcode_characters,
  length: fieldErrors.postcode_length,
}

/** @returns 6 digits, as it is written on letters too */
export function parsePostcode(input: string): Parsed<string> {
  return readDigits(input, ERRORS, 6)
}
