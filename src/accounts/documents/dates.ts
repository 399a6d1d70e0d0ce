import { birthday, dateOf, parseDate } from '../fields/date.ts'
import type { Parsed } from '../fields/parsed.ts'
import { type Problem, problem } from '../fields/problem.ts'
import type { Holder } from './document.ts'
import { documentErrors } from './errors.ts'

/** What a document's dates are measured by. */
export interface ParseContext {
  /** The family name as in the account: its script is that of all parts. */
  readonly person: Holder & { readonly familyName: string }
  /** Its date in Moscow is today. */
  readonly now: Date
}

const ISSUED_ON_ERRORS = {
  missing: documentErrors.issued_on_missing,
  format: documentErrors.issued_on_format,
  calendar: documentErrors.issued_on_calendar,
}
const VALID_UNTIL_ERRORS = {
  missing: documentErrors.valid_until_missing,
  format: documentErrors.valid_until_format,
  calendar: documentErrors.valid_until_calendar,
}

export function parseIssuedOn(input: string): Parsed<string> {
  return parseDate(input, ISSUED_ON_ERRORS)
}

export function parseValidUntil(input: string): Parsed<string> {
  return parseDate(input, VALID_UNTIL_ERRORS)
}

/**
 * Whether a document can have been issued on that day: not yet to come, after the birth, not before an age.
 * The day of birth itself is refused: it is what people type into the wrong field.
 */
export function issueProblems(
  issuedOn: string | undefined,
  { person, now }: ParseContext,
  youngestYears = 0,
): Problem[] {
  if (issuedOn === undefined) return []
  if (issuedOn > dateOf(now)) return [problem('issuedOn', documentErrors.issued_on_future)]
  if (issuedOn <= person.birthDate) return [problem('issuedOn', documentErrors.issued_on_before_birth)]
  if (issuedOn < birthday(person.birthDate, youngestYears))
    return [problem('issuedOn', documentErrors.issued_on_too_young, { years: youngestYears })]
  return []
}

/** Whether a printed last day can be right: after the issue, and not over yet. */
export function expiryProblems(
  validUntil: string | undefined,
  issuedOn: string | undefined,
  { now }: ParseContext,
): Problem[] {
  if (validUntil === undefined || validUntil === '') return []
  if (issuedOn !== undefined && validUntil <= issuedOn)
    return [problem('validUntil', documentErrors.valid_until_before_issue)]
  if (validUntil < dateOf(now)) return [problem('validUntil', documentErrors.valid_until_past)]
  return []
}
