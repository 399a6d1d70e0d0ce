import { inGroups, randomCrockford, readCrockford } from '#src/kernel/crockford.ts'
import { type AccountId, constantTimeEqual } from '#src/kernel/ids.ts'
import { keyedHash } from '#src/store/seal.ts'

/** Fifty bits: with five tries, a guess is right once in 2 × 10¹⁴ letters. */
const CHARACTERS = 10
const GROUP = 5

/** Of one letter. */
interface Which {
  readonly oid: AccountId
  readonly id: string
}

export const newLetterCode = () => randomCrockford(CHARACTERS)

/** As it is printed: `K7QM0-2VX4T`. */
export const printedCode = (code: string) => inGroups(code, GROUP)

/** What is stored in its place; of the same code in another letter it is another. @param key `letters` of the keyring */
export const letterCodeHash = (key: Buffer, { oid, id }: Which, code: string) =>
  keyedHash(key, 'letter', `${oid}:${id}:${code}`)

/** @param typed as typed: dashes, spaces and case do not matter, Cyrillic letters that look like Latin ones are these */
export function isLetterCode(key: Buffer, which: Which, typed: string, hash: string): boolean {
  const code = readCrockford(typed, CHARACTERS)
  return code !== undefined && constantTimeEqual(letterCodeHash(key, which, code), hash)
}
