import { describe, expect, test } from 'vitest'
import { refused } from './checking.ts'

/** One registration with a fault: what is set, the field that is named, and a word of the remedy. */
export type Case = readonly [set: Record<string, unknown>, field: string, remedy: string]
/** A test for each case: the field is named, the remedy told, and nothing else refused. */
export const faulty = (title: string, cases: readonly Case[]) =>
  describe(title, () => {
    test.each(cases.map(([set, field, remedy]) => [JSON.stringify(set).slice(0, 90), set, field, remedy] as const))(
      '%s',
      async (_title, set, field, remedy) => {
        const [first, ...more] = await refused(set)
        expect(first?.startsWith(`${field}: `), first).toBe(true)
        expect(first).toContain(remedy)
        expect(more).toEqual([])
      },
    )
  })
