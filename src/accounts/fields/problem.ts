import type { DefinedError, MessageValues } from '#src/kernel/errors.ts'
import type { Parsed } from './parsed.ts'

/** Why one field of a form is refused; `code` is the message key. */
export interface Problem {
  readonly field: string
  readonly code: string
  readonly values?: MessageValues
}

export function problem(field: string, error: DefinedError, values?: MessageValues): Problem {
  return { field, code: error.code, ...(values && { values }) }
}

/**
 * Reads all fields of a form, each by its rule; one that was not sent counts as empty.
 * @returns the values of those that passed, and a problem for each that did not, in the order of the rules
 */
export function readFields<F extends string>(
  rules: Readonly<Record<F, (input: string) => Parsed<string>>>,
  input: Readonly<Record<string, string>>,
): { readonly values: Partial<Record<F, string>>; readonly problems: Problem[] } {
  const values: Partial<Record<F, string>> = {}
  const problems: Problem[] = []
  for (const [name, parse] of Object.entries(rules) as [F, (input: string) => Parsed<string>][]) {
    const parsed = parse(Object.hasOwn(input, name) ? (input[name] ?? '') : '')
    if (parsed.ok) values[name] = parsed.value
    else problems.push({ field: name, code: parsed.code, ...(parsed.values && { values: parsed.values }) })
  }
  return { values, problems }
}
