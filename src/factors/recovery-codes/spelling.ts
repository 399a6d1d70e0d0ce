import { inGroups, randomCrockford, readCrockford } from '#src/kernel/crockford.ts'

/** Eighty random bits; R-B7 asks for 64. */
const CHARACTERS = 16
const GROUP = 4

export const newCode = () => randomCrockford(CHARACTERS)

/** As it is shown and printed: `K7QM-02VX-…`. */
export const grouped = (code: string) => inGroups(code, GROUP)

/** What was typed, in whatever case, with or without separators; undefined when it cannot be a code. */
export const codeOf = (typed: string) => readCrockford(typed, CHARACTERS)
