import { maskBut, readDigits, weightedSum } from './digits.ts'
import { fieldErrors } from './errors.ts'
import { accepted, type Parsed, refused } from './parsed.ts'

const LENGTH = 11
const WEIGHTS = [9, 8, 7, 6, 5, 4, 3, 2, 1]
/** Numbers up to this one were given out before there was a check number. */
const LAST_UNCHECKED = '001001998'
const NOBODY = '000000000'
const NO_BREAK_SPACE = '\u00a0'
const ERRORS = {
  missing: fieldErrors.snils_missing,
  characters: fieldErrors.snils_characters,
  length: fieldErrors.snils_length,
}

/**
 * Reads a SNILS. The check number finds every wrong digit and every swap of neighbours, with two exceptions: remainders 0 and 100 are both
 * written 00, and a mistake that makes the number one of those up to 001-001-998 goes unseen.
 * @returns 11 digits
 */
export function parseSnils(input: string): Parsed<string> {
  const digits = readDigits(input, ERRORS, LENGTH)
  if (!digits.ok) return digits
  const [number, check] = [digits.value.slice(0, 9), digits.value.slice(9)]
  if (number === NOBODY) return refused(fieldErrors.snils_checksum)
  if (number <= LAST_UNCHECKED || Number(check) === checkNumber(number)) return accepted(digits.value)
  return refused(fieldErrors.snils_checksum)
}

/** The remainder by 101, of which only the last two digits are written. @param number nine digits */
export function checkNumber(number: string): number {
  return (weightedSum(number, WEIGHTS) % 101) % 100
}

/** For reading: `112-233-445 95`. */
export function formatSnils(snils: string): string {
  return snils.replace(/^(...)(...)(...)(..)$/, `$1-$2-$3${NO_BREAK_SPACE}$4`)
}

/** For people who know the number already: `•••-•••-•45 95`. */
export function maskSnils(snils: string): string {
  return maskBut(4, formatSnils(snils))
}
