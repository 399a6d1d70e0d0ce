import { fieldErrors } from './errors.ts'
import { accepted, type Parsed, refused } from './parsed.ts'

/** As in the identity document. */
export const genders = ['female', 'male'] as const
export type Gender = (typeof genders)[number]

export function parseGender(input: string): Parsed<Gender> {
  const gender = genders.find((known) => known === input)
  return gender ? accepted(gender) : refused(fieldErrors.gender_missing)
}
