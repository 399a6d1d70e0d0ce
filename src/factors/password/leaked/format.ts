import type { FileHandle } from 'node:fs/promises'

/**
 * The file that a list of leaked passwords is looked up in: SHA-1 hashes cut to 64 bits, sorted. The first 16 bits are the bucket and stand
 * nowhere; the other 48 bits are an entry. Little-endian but for the entries, which are bytes of the hash as they come.
 *
 *     0       8 bytes   "PPLEAKED"
 *     8       4 bytes   version
 *     12      4 bytes   zero
 *     16      8 bytes   number of entries
 *     24      32 bytes  SHA-256 of everything from byte 64 on
 *     56      8 bytes   zero
 *     64      65537 × 4 entries before each bucket, and all of them
 *     262212  entries, 6 bytes each
 *
 * A password that is not in a list of a thousand million is taken for leaked by mistake once in 18 thousand million times (n ÷ 2^64).
 */
export const LIST_FILE = 'leaked.bin'

const MAGIC = 'PPLEAKED'
const VERSION = 1
export const HEADER_BYTES = 64
export const BUCKETS = 65_536
export const INDEX_BYTES = (BUCKETS + 1) * 4
export const ENTRY_BYTES = 6
export const ENTRIES_AT = HEADER_BYTES + INDEX_BYTES
/** What an index of 32 bits can count. */
export const MOST_ENTRIES = 2 ** 32 - 1

export interface ListHeader {
  readonly entries: number
  /** SHA-256 in hex. */
  readonly checksum: string
}

export function encodeHeader({ entries, checksum }: ListHeader): Buffer {
  const header = Buffer.alloc(HEADER_BYTES)
  header.write(MAGIC, 0, 'latin1')
  header.writeUInt32LE(VERSION, 8)
  header.writeBigUInt64LE(BigInt(entries), 16)
  header.write(checksum, 24, 'hex')
  return header
}

/** @throws Error when the file is no list of this version, or is cut off */
export function decodeHeader(header: Buffer, fileBytes: number): ListHeader {
  if (header.toString('latin1', 0, MAGIC.length) !== MAGIC) throw new Error('is not a list of leaked passwords')
  const version = header.readUInt32LE(8)
  if (version !== VERSION) throw new Error(`is of version ${version}, not ${VERSION}: import it anew`)
  const entries = Number(header.readBigUInt64LE(16))
  if (fileBytes !== ENTRIES_AT + entries * ENTRY_BYTES) throw new Error('is cut off: import it anew')
  return { entries, checksum: header.toString('hex', 24, 56) }
}

/** An index as it stands in the file; our machines are little-endian. */
export function indexBytes(index: Uint32Array): Buffer {
  return Buffer.from(index.buffer, index.byteOffset, index.byteLength)
}

export async function readFully(file: FileHandle, into: Buffer, position: number): Promise<void> {
  const { bytesRead } = await file.read(into, 0, into.length, position)
  if (bytesRead !== into.length) throw new Error('is cut off')
}
