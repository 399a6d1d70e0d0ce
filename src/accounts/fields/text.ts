import type { DefinedError } from '#src/kernel/errors.ts'
import { fieldErrors } from './errors.ts'
import { accepted, type Parsed, refused } from './parsed.ts'
import { CYRILLIC, LATIN } from './scripts.ts'

interface TextErrors {
  readonly missing: DefinedError
  readonly characters: DefinedError
  readonly too_long: DefinedError
}

/** As long as a column of the forms that institutions exchange. */
const LONGEST = 255
const ISSUER_ERRORS = {
  missing: fieldErrors.issuer_missing,
  characters: fieldErrors.issuer_characters,
  too_long: fieldErrors.issuer_too_long,
}
const BIRTH_PLACE_ERRORS = {
  missing: fieldErrors.birth_place_missing,
  characters: fieldErrors.birth_place_characters,
  too_long: fieldErrors.birth_place_too_long,
}
/** Words of either script or both, digits, and the punctuation of documents and addresses. */
const WORDS = new RegExp(`^[${CYRILLIC}${LATIN}\\d .,;:()/\\\\"'«»„“”’№&+\\p{Pd}]+$`, 'u')

/**
 * Reads free text: invisible characters of copying dropped, NFC, outer spaces dropped, inner ones and line breaks made one space.
 * Control characters, other alphabets, emoji and markup are refused.
 * @param longest limit in UTF-16 units, of which a letter here is one
 */
export function readText(input: string, errors: TextErrors, longest: number): Parsed<string> {
  // Four times the limit is room for spaces and combining marks; beyond it nothing is worth normalising.
  if (input.length > longest * 4) return refused(errors.too_long)
  const text = input
    .replace(/\p{Cf}/gu, '')
    .normalize('NFC')
    .trim()
    .replace(/\s+/g, ' ')
  if (text === '') return refused(errors.missing)
  if (text.length > longest) return refused(errors.too_long)
  return WORDS.test(text) && /[\p{L}\d]/u.test(text) ? accepted(text) : refused(errors.characters)
}

/** Reads who issued a document, as printed in it: 1 … 255 characters. */
export function parseIssuer(input: string): Parsed<string> {
  return readText(input, ISSUER_ERRORS, LONGEST)
}

/** Reads a place of birth, as printed in the document: 1 … 255 characters. */
export function parseBirthPlace(input: string): Parsed<string> {
  return readText(input, BIRTH_PLACE_ERRORS, LONGEST)
}

/** Free text has no end that would say something to its owner only; nothing of it is shown, nor its length. */
export function maskText(): string {
  return '•••'
}
