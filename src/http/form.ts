import type { z } from 'zod'
import type { MessageValues } from '#src/kernel/errors.ts'
import type { Ctx, FieldError } from './context.ts'
import { httpErrors } from './errors.ts'

export type FormResult<T> =
  | { readonly ok: true; readonly values: T }
  | { readonly ok: false; readonly errors: readonly FieldError[]; readonly typed: Readonly<Record<string, string>> }

/** Fields that every form may carry beside its own. */
const COMMON_FIELDS = new Set(['csrf'])

/**
 * Reads a urlencoded form against a zod object of strings. The message of each zod issue is the message key of the refusal
 * (`{ message: 'person.name_missing' }`), its `params.values` fill the text. Repeated, nested and unknown fields, and
 * strings that PostgreSQL or a page cannot hold (NUL, lone surrogates), are refused under the name of the field.
 */
export function readForm<T>(ctx: Ctx, shape: z.ZodType<T> & { shape: Record<string, unknown> }): FormResult<T> {
  const body = (ctx.request.body ?? {}) as Record<string, unknown>
  const typed: Record<string, string> = {}
  const errors: FieldError[] = []
  for (const [field, value] of Object.entries(body)) {
    if (COMMON_FIELDS.has(field)) continue
    if (!Object.hasOwn(shape.shape, field))
      errors.push({ field, code: httpErrors.unknown_field.code, values: { field } })
    else if (typeof value !== 'string') errors.push({ field, code: httpErrors.repeated_field.code, values: { field } })
    else if (value.includes('\0') || !value.isWellFormed()) errors.push({ field, code: httpErrors.bad_characters.code })
    else typed[field] = value
  }
  if (errors.length > 0) return { ok: false, errors, typed }
  const parsed = shape.safeParse(typed)
  if (parsed.success) return { ok: true, values: parsed.data }
  return { ok: false, errors: firstIssuePerField(parsed.error), typed }
}

function firstIssuePerField(error: z.ZodError): FieldError[] {
  const byField = new Map<string, FieldError>()
  for (const issue of error.issues) {
    const field = String(issue.path[0] ?? '')
    const values = 'params' in issue ? (issue.params as { values?: MessageValues } | undefined)?.values : undefined
    if (!byField.has(field)) byField.set(field, { field, code: issue.message, ...(values && { values }) })
  }
  return [...byField.values()]
}
