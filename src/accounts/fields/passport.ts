import { maskBut, readDigits } from './digits.ts'
import { fieldErrors } from './errors.ts'
import type { Parsed } from './parsed.ts'

// Parts of the Russian passport that are numbers. They carry no check digits.

const SERIES_ERRORS = {
  missing: fieldErrors.passport_series_missing,
  characters: fieldErrors.passport_series_characters,
  length: fieldErrors.passport_series_length,
}
const NUMBER_ERRORS = {
  missing: fieldErrors.passport_number_missing,
  characters: fieldErrors.passport_number_characters,
  length: fieldErrors.passport_number_length,
}
const DEPARTMENT_ERRORS = {
  missing: fieldErrors.department_code_missing,
  characters: fieldErrors.department_code_characters,
  length: fieldErrors.department_code_length,
}
const NO_BREAK_SPACE = '\u00a0'

/** @returns 4 digits */
export function parsePassportSeries(input: string): Parsed<string> {
  return readDigits(input, SERIES_ERRORS, 4)
}

/** For reading, as it is printed: `45 10`. */
export function formatPassportSeries(series: string): string {
  return series.replace(/^(..)(..)$/, `$1${NO_BREAK_SPACE}$2`)
}

/** `•• ••`: two of its digits are the region, the others a year, which would tell too much. */
export function maskPassportSeries(series: string): string {
  return maskBut(0, formatPassportSeries(series))
}

/** @returns 6 digits */
export function parsePassportNumber(input: string): Parsed<string> {
  return readDigits(input, NUMBER_ERRORS, 6)
}

/** `•••456` */
export function maskPassportNumber(number: string): string {
  return maskBut(3, number)
}

/** @returns 6 digits */
export function parseDepartmentCode(input: string): Parsed<string> {
  return readDigits(input, DEPARTMENT_ERRORS, 6)
}

/** For reading, as it is printed: `770-045`. */
export function formatDepartmentCode(code: string): string {
  return code.replace(/^(...)(...)$/, '$1-$2')
}

/** `•••-045` */
export function maskDepartmentCode(code: string): string {
  return maskBut(3, formatDepartmentCode(code))
}
