import { inGroups, randomCrockford, readCrockford } from '#src/kernel/crockford.ts'
import { constantTimeEqual } from '#src/kernel/ids.ts'
import { keyedHash } from '#src/store/seal.ts'
import type { Which } from './letter-store.ts'

/** Fifty bits: with five tries, a guess is right once in 2 × 10¹⁴ letters. */
const CHARACTERS = 10
const GROUP = 5

export const newLetterCode = () => randomCrockford(CHARACTERS)

/** As it is printed: `K7QM0-2VX4T`. */
export const printedCode = (code: string) => inGroups(code, GROUP)

/** What is stored in its place; of the same code in another letter it is another. @param key `letters` of the keyring */
export const letterCodeHash = (key: Buffer, { oid, id }: Which, code: string) =>
  keyedHash(key, 'letter', `${oid}:${id}:${code}`)

/** What was typed, whatever its dashes, spaces and case; undefined when it cannot be a code. */
export const readLetterCode = (typed: string) => readCrockford(typed, CHARACTERS)

export const isLetterCode = (key: Buffer, which: Which, code: string, hash: string) =>
  constantTimeEqual(letterCodeHash(key, which, code), hash)
