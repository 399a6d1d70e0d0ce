import { maskBut, readDigits, weightedSum } from './digits.ts'
import { fieldErrors } from './errors.ts'
import { accepted, type Parsed, refused } from './parsed.ts'

const PERSON_LENGTH = 12
const ORGANISATION_LENGTH = 10
const TAIL_LENGTH = 4
/** No region has the code 00: the Federal Tax Service's own schemas refuse such numbers, which would pass the check digits. */
const NO_REGION = '00'
const ORGANISATION_WEIGHTS = [2, 4, 10, 3, 5, 9, 4, 6, 8]
const PERSON_WEIGHTS = [
  [7, 2, 4, 10, 3, 5, 9, 4, 6, 8],
  [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8],
]
const PERSON_ERRORS = {
  missing: fieldErrors.inn_missing,
  characters: fieldErrors.inn_characters,
  length: fieldErrors.inn_length,
}
const TAIL_ERRORS = {
  missing: fieldErrors.inn_tail_missing,
  characters: fieldErrors.inn_tail_characters,
  length: fieldErrors.inn_tail_length,
}
const ORGANISATION_ERRORS = {
  missing: fieldErrors.organisation_inn_missing,
  characters: fieldErrors.organisation_inn_characters,
  length: fieldErrors.organisation_inn_length,
}

/**
 * Reads the INN of a person. A check digit finds every wrong digit and every swap of neighbours, except where the remainder is 10: that is
 * written 0, as the remainder 0 is.
 * @returns 12 digits
 */
export function parseInn(input: string): Parsed<string> {
  const digits = readDigits(input, PERSON_ERRORS)
  if (!digits.ok) return digits
  const { value } = digits
  if (value.length === ORGANISATION_LENGTH) return refused(fieldErrors.inn_of_organisation)
  if (value.length !== PERSON_LENGTH) return refused(fieldErrors.inn_length)
  const valid = PERSON_WEIGHTS.every((weights) => checks(value, weights))
  return valid ? accepted(value) : refused(fieldErrors.inn_checksum)
}

/**
 * Reads the INN of an organisation; the check digit finds what those of a person find.
 * @returns 10 digits
 */
export function parseOrganisationInn(input: string): Parsed<string> {
  const digits = readDigits(input, ORGANISATION_ERRORS)
  if (!digits.ok) return digits
  const { value } = digits
  if (value.length === PERSON_LENGTH) return refused(fieldErrors.organisation_inn_of_person)
  if (value.length !== ORGANISATION_LENGTH) return refused(fieldErrors.organisation_inn_length)
  return checks(value, ORGANISATION_WEIGHTS) ? accepted(value) : refused(fieldErrors.organisation_inn_checksum)
}

/** Reads the last four digits of a person's INN, by which a registry can find the others. */
export function parseInnTail(input: string): Parsed<string> {
  return readDigits(input, TAIL_ERRORS, TAIL_LENGTH)
}

/** The digit after the weighted ones is their sum's remainder by 11, or the last digit of that. */
function checks(digits: string, weights: readonly number[]): boolean {
  const check = (weightedSum(digits, weights) % 11) % 10
  return Number(digits[weights.length]) === check && !digits.startsWith(NO_REGION)
}

/**
 * For people who know the number already: `••••••••••59`. It is written without separators, so it needs no other form.
 * Two digits only: the last four stand for the whole number where a registry is asked.
 */
export function maskInn(inn: string): string {
  return maskBut(2, inn)
}
