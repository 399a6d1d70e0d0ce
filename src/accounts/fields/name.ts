import type { DefinedError } from '#src/kernel/errors.ts'
import { fieldErrors } from './errors.ts'
import { accepted, type Parsed, refused } from './parsed.ts'
import { CYRILLIC, LATIN, scriptOf } from './scripts.ts'

export type NameField = 'familyName' | 'givenName' | 'patronymic'

interface NameErrors {
  readonly letters: DefinedError
  readonly script: DefinedError
  readonly too_long: DefinedError
}

const LONGEST_NAME = 100
/** Letters of either script, joined by single spaces, hyphens and apostrophes. */
const SHAPE = new RegExp(`^[${CYRILLIC}${LATIN}]+(?:[ '-][${CYRILLIC}${LATIN}]+)*$`)

const ERRORS: Readonly<Record<NameField, NameErrors>> = {
  familyName: {
    letters: fieldErrors.family_name_letters,
    script: fieldErrors.family_name_script,
    too_long: fieldErrors.family_name_too_long,
  },
  givenName: {
    letters: fieldErrors.given_name_letters,
    script: fieldErrors.given_name_script,
    too_long: fieldErrors.given_name_too_long,
  },
  patronymic: {
    letters: fieldErrors.patronymic_letters,
    script: fieldErrors.patronymic_script,
    too_long: fieldErrors.patronymic_too_long,
  },
}

/**
 * Reads one part of a name: NFC, outer spaces dropped, inner ones single, the many apostrophes and dashes of keyboards made one.
 * @returns 1 … 100 characters, all Cyrillic or all Latin; `''` for a patronymic that was left out
 */
export function parseName(field: NameField, input: string): Parsed<string> {
  // Four times the limit is room for spaces and combining marks; beyond it nothing is worth normalising.
  if (input.length > LONGEST_NAME * 4) return refused(ERRORS[field].too_long)
  const name = input
    .normalize('NFC')
    .trim()
    .replace(/[’‘ʼ`´]/g, "'")
    .replace(/\s*[\u2010-\u2015-]\s*/g, '-')
    .replace(/\s+/g, ' ')
  if (name === '') return missing(field)
  if (name.length > LONGEST_NAME) return refused(ERRORS[field].too_long)
  if (!SHAPE.test(name)) return refused(ERRORS[field].letters)
  return scriptOf(name) ? accepted(name) : refused(ERRORS[field].script)
}

function missing(field: NameField): Parsed<string> {
  if (field === 'patronymic') return accepted('')
  return refused(field === 'familyName' ? fieldErrors.family_name_missing : fieldErrors.given_name_missing)
}

/**
 * Whether one part of a name is in the script of the family name: Cyrillic as in a Russian passport, Latin as in a foreign one.
 * Both must have passed `parseName`.
 */
export function matchScript(field: 'givenName' | 'patronymic', name: string, familyName: string): Parsed<string> {
  if (name === '' || scriptOf(name) === scriptOf(familyName)) return accepted(name)
  return refused(field === 'givenName' ? fieldErrors.given_name_other_script : fieldErrors.patronymic_other_script)
}
