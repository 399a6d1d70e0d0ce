import { z } from 'zod'
import type { DefinedError, MessageValues } from '#src/kernel/errors.ts'

/** What a field rule makes of typed text: the value as it is kept, or why not; `code` is the message key of the refusal. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly code: string; readonly values?: MessageValues }

export function accepted<T>(value: T): Parsed<T> {
  return { ok: true, value }
}

export function refused(error: DefinedError, values?: MessageValues): Parsed<never> {
  return { ok: false, code: error.code, ...(values && { values }) }
}

/** A field rule as a zod schema for `readForm`; a field that was not sent at all counts as empty. */
export function field<T>(parse: (input: string) => Parsed<T>): z.ZodType<T> {
  return z
    .string()
    .default('')
    .transform((input, context) => {
      const parsed = parse(input)
      if (parsed.ok) return parsed.value
      context.addIssue({ code: 'custom', message: parsed.code, params: { values: parsed.values } })
      return z.NEVER
    })
}
