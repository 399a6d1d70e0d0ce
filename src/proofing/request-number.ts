import { createHmac } from 'node:crypto'

const FIRST = 1_000_000_000
const SIZE = 9_000_000_000
/** Ten digits in two halves. */
const HALF = 100_000
const ROUNDS = 10

/**
 * The number of the n-th request: a keyed permutation of 1 000 000 000 … 9 999 999 999, so numbers never collide and tell neither the order
 * nor the count of requests. A Feistel network over two halves of five digits, walked until it lands in the range.
 * @param key 32 bytes that never change in the life of the installation
 * @param sequence 0 … 8 999 999 999, each used once
 * @throws RangeError outside that range
 */
export function requestNumber(key: Buffer, sequence: number): string {
  if (!Number.isInteger(sequence) || sequence < 0 || sequence >= SIZE)
    throw new RangeError(`sequence ${sequence} is used up`)
  let value = sequence
  do value = permute(key, value)
  while (value >= SIZE)
  return String(FIRST + value)
}

/** For reading aloud: `1234 567 890`. */
export function groupedNumber(number: string): string {
  return number.replace(/^(\d{4})(\d{3})(\d{3})$/, '$1\u00a0$2\u00a0$3')
}

function permute(key: Buffer, value: number): number {
  let [left, right] = [Math.floor(value / HALF), value % HALF]
  for (let round = 0; round < ROUNDS; round++) {
    const mix = createHmac('sha256', key).update(`${round}:${right}`).digest().readUInt32BE(0)
    ;[left, right] = [right, (left + mix) % HALF]
  }
  return left * HALF + right
}
