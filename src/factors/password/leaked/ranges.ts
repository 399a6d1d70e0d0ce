/** Takes one hash: its first 16 bits and the 48 that follow. */
export type TakeHash = (bucket: number, tail: number) => void

const SHA1_NIBBLES = 40
const BUCKET_NIBBLES = 4
/** The 64 bits that are kept. */
const KEPT_NIBBLES = 16
const [LF, CR, COLON, ZERO, NINE] = [0x0a, 0x0d, 0x3a, 0x30, 0x39]

/** Byte → value of a hexadecimal digit in either case; 255 for what is none. */
const NIBBLES = Uint8Array.from({ length: 256 }, (_, byte) => {
  const value = Number.parseInt(String.fromCharCode(byte), 16)
  return Number.isNaN(value) ? 255 : value
})

/**
 * Reads lines `SUFFIX:COUNT` of the public range format, or whole `HASH:COUNT`, ended by LF or CRLF. Lines with a count of 0 are padding
 * that the public service adds on demand, and are left out.
 * @param prefix the hexadecimal digits that the suffixes lack; '' for whole hashes
 * @throws Error naming the first wrong line
 */
export function readRange(bytes: Buffer, prefix: string, take: TakeHash): void {
  const leading = Array.from(prefix, (digit) => NIBBLES[digit.charCodeAt(0)]!)
  const suffixNibbles = SHA1_NIBBLES - leading.length
  let at = 0
  for (let line = 1; at < bytes.length; line++) {
    const found = bytes.indexOf(LF, at)
    const next = found === -1 ? bytes.length : found + 1
    let end = found === -1 ? bytes.length : found
    if (end > at && bytes[end - 1] === CR) end--
    if (end > at && !readLine(bytes, at, end, leading, suffixNibbles, take))
      throw new Error(
        `line ${line} is not a SHA-1 hash with a count: "${bytes.toString('latin1', at, Math.min(end, at + 60))}"`,
      )
    at = next
  }
}

/** @returns false for a line that is wrong */
function readLine(
  bytes: Buffer,
  at: number,
  end: number,
  leading: readonly number[],
  suffixNibbles: number,
  take: TakeHash,
): boolean {
  if (end - at < suffixNibbles) return false
  let [bucket, tail] = [0, 0]
  for (let nibble = 0; nibble < SHA1_NIBBLES; nibble++) {
    const value = nibble < leading.length ? leading[nibble]! : NIBBLES[bytes[at + nibble - leading.length]!]!
    if (value > 15) return false
    if (nibble < BUCKET_NIBBLES) bucket = bucket * 16 + value
    else if (nibble < KEPT_NIBBLES) tail = tail * 16 + value
  }
  const counted = countIsPositive(bytes, at + suffixNibbles, end)
  if (counted) take(bucket, tail)
  return counted !== undefined
}

/** @returns undefined for what is no count; a line without one counts */
function countIsPositive(bytes: Buffer, at: number, end: number): boolean | undefined {
  if (at === end) return true
  if (bytes[at] !== COLON || at + 1 === end) return undefined
  let positive = false
  for (let digit = at + 1; digit < end; digit++) {
    const byte = bytes[digit]!
    if (byte < ZERO || byte > NINE) return undefined
    if (byte !== ZERO) positive = true
  }
  return positive
}
