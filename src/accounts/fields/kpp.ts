import { withoutSeparators } from './digits.ts'
import { fieldErrors } from './errors.ts'
import { accepted, type Parsed, refused } from './parsed.ts'

const LONGEST_INPUT = 100
const KPP = /^\d{4}[\dA-Z]{2}\d{3}$/

/**
 * Reads the KPP of an organisation: tax office, reason of the registration, number. It has no check digit.
 * @returns 9 characters, the 5th and 6th of which may be capital Latin letters
 */
export function parseKpp(input: string): Parsed<string> {
  if (input.length > LONGEST_INPUT) return refused(fieldErrors.kpp_format)
  const text = withoutSeparators(input).toUpperCase()
  if (text === '') return refused(fieldErrors.kpp_missing)
  if (/\p{Script=Cyrillic}/u.test(text)) return refused(fieldErrors.kpp_script)
  return KPP.test(text) ? accepted(text) : refused(fieldErrors.kpp_format)
}
