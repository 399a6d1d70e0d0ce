import { z } from 'zod'

/**
 * The form of a factor or an enrolment, whose inputs it names itself. What is nothing of the kind, however long, is the factor's to refuse,
 * with its own words.
 * @param boxes further inputs that a browser leaves out unless they are ticked
 */
export function shapeOf(fields: readonly string[], boxes: readonly string[] = []) {
  return z.object({
    ...Object.fromEntries(boxes.map((box) => [box, z.string().optional()])),
    ...Object.fromEntries(fields.map((field) => [field, z.string().default('')])),
  }) as unknown as z.ZodType<Record<string, string>> & { shape: Record<string, unknown> }
}
