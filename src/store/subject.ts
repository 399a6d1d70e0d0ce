import { createHmac } from 'node:crypto'

const FIRST = 1_000_000_000
const LAST = 2_147_483_647
const SIZE = LAST - FIRST + 1
const ROUNDS = 10

/** What one round mixes into the other half: 16 bits for 16 bits. */
type Mix = (round: number, right: number) => number

/**
 * The account number of the n-th registration: a keyed permutation of 1 000 000 000 … 2 147 483 647, so numbers never collide and
 * do not tell the order or the count of registrations. A Feistel network over 32 bits, walked until it lands in the range.
 * @param key 32 bytes that never change in the life of the installation
 * @param sequence 0 … 1 147 483 647, each used once
 * @throws RangeError outside that range
 */
export function subjectOf(key: Buffer, sequence: number): number {
  return walk(mixOf(key), sequence)
}

/** `subjectOf` for very many: what the rounds mix is computed once for each of its 655 360 inputs, in 2.6 MB. */
export function makeSubjects(key: Buffer): (sequence: number) => number {
  const mix = mixOf(key)
  const known = new Int32Array(ROUNDS * 0x10000).fill(-1)
  return (sequence) =>
    walk((round, right) => {
      const at = round * 0x10000 + right
      if (known[at]! < 0) known[at] = mix(round, right)
      return known[at]!
    }, sequence)
}

function walk(mix: Mix, sequence: number): number {
  if (!Number.isInteger(sequence) || sequence < 0 || sequence >= SIZE)
    throw new RangeError(`sequence ${sequence} is used up`)
  let value = sequence
  do value = permute(mix, value)
  while (value >= SIZE)
  return FIRST + value
}

function permute(mix: Mix, value: number): number {
  let left = value >>> 16
  let right = value & 0xffff
  for (let round = 0; round < ROUNDS; round++) [left, right] = [right, left ^ mix(round, right)]
  return left * 0x10000 + right
}

function mixOf(key: Buffer): Mix {
  return (round, right) =>
    createHmac('sha256', key)
      .update(Buffer.of(round, right >>> 8, right & 0xff))
      .digest()
      .readUInt16BE(0)
}
