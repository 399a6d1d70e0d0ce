import type { DefinedError } from '#src/kernel/errors.ts'
import { accepted, type Parsed, refused } from './parsed.ts'

/** What can be wrong with any number that is all digits; its file adds what is its own. */
interface DigitErrors {
  readonly missing: DefinedError
  /** Something that is neither digit nor separator, such as the letter О for a zero. */
  readonly characters: DefinedError
  readonly length: DefinedError
}

const LONGEST_INPUT = 100
/** Spaces of every kind, dashes, the minus sign, dots, and the invisible characters that copying from a document brings along. */
const PUNCTUATION = /[\s\p{Pd}\p{Cf}\u2212.]/gu

/**
 * Reads a number as people write it: full-width digits count as digits, separators are dropped.
 * @returns ASCII digits, as many as were typed unless `length` says how many they have to be
 */
export function readDigits(input: string, errors: DigitErrors, length?: number): Parsed<string> {
  if (input.length > LONGEST_INPUT) return refused(errors.length)
  const text = withoutSeparators(input)
  if (text === '') return refused(errors.missing)
  if (!/^\d+$/.test(text)) return refused(errors.characters)
  return length === undefined || text.length === length ? accepted(text) : refused(errors.length)
}

/** Compatibility forms made plain (NFKC), separators and the number sign dropped. Bound the length before. */
export function withoutSeparators(input: string): string {
  // Before NFKC, which turns the sign into the letters "No".
  return input.replaceAll('№', '').normalize('NFKC').replace(PUNCTUATION, '')
}

/** Σ digit × weight, from the left; digits beyond the weights are left out. */
export function weightedSum(digits: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, index) => sum + weight * Number(digits[index]), 0)
}

/** For people who know the number already: all but the last `shown` letters and digits hidden, separators kept. */
export function maskBut(shown: number, formatted: string): string {
  let hidden = formatted.replace(/[^\p{L}\d]/gu, '').length - shown
  return formatted.replace(/[\p{L}\d]/gu, (character) => (hidden-- > 0 ? '•' : character))
}
