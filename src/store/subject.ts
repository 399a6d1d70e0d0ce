import { createHmac } from 'node:crypto'

const FIRST = 1_000_000_000
const LAST = 2_147_483_647
const SIZE = LAST - FIRST + 1
const ROUNDS = 10

/**
 * The account number of the n-th registration: a keyed permutation of 1 000 000 000 … 2 147 483 647, so numbers never collide and
 * do not tell the order or the count of registrations. A Feistel network over 32 bits, walked until it lands in the range.
 * @param key 32 bytes that never change in the life of the installation
 * @param sequence 0 … 1 147 483 647, each used once
 * @throws RangeError outside that range
 */
export function subjectOf(key: Buffer, sequence: number): number {
  if (!Number.isInteger(sequence) || sequence < 0 || sequence >= SIZE)
    throw new RangeError(`sequence ${sequence} is used up`)
  let value = sequence
  do value = permute(key, value)
  while (value >= SIZE)
  return FIRST + value
}

function permute(key: Buffer, value: number): number {
  let left = value >>> 16
  let right = value & 0xffff
  for (let round = 0; round < ROUNDS; round++) {
    const mix = createHmac('sha256', key)
      .update(Buffer.of(round, right >>> 8, right & 0xff))
      .digest()
      .readUInt16BE(0)
    ;[left, right] = [right, left ^ mix]
  }
  return left * 0x10000 + right
}
