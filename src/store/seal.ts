import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto'
import { randomBytes } from '#src/kernel/random.ts'

const IV_BYTES = 12
const TAG_BYTES = 16
const FORMAT = 1

/** Bytes made by `seal`; unreadable without the key of their row. PGlite answers Uint8Array, pg Buffer. */
export type Sealed = Uint8Array

/** Where a sealed value lives; bound to it as associated data, so that a value moved to another row does not open. */
export interface Place {
  readonly table: string
  readonly column: string
  /** The row's key, as text. */
  readonly key: string | number
}

/**
 * Encrypts `plaintext` with AES-256-GCM for one place in the database.
 * @param key 32 bytes
 * @returns format byte, 12-byte IV, 16-byte tag, ciphertext
 */
export function seal(key: Buffer, place: Place, plaintext: string | Buffer): Buffer {
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, iv)
  cipher.setAAD(associatedData(place))
  const body = typeof plaintext === 'string' ? cipher.update(plaintext, 'utf8') : cipher.update(plaintext)
  const rest = cipher.final()
  return Buffer.concat([Buffer.of(FORMAT), iv, cipher.getAuthTag(), body, rest])
}

/**
 * Opens what `seal` made.
 * @throws Error when the key, the place or any byte differs
 */
export function open(key: Buffer, place: Place, sealed: Uint8Array): Buffer {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength)
  if (bytes[0] !== FORMAT) throw new Error(`sealed ${place.table}.${place.column} has an unknown format`)
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(1, 1 + IV_BYTES))
  decipher.setAAD(associatedData(place))
  decipher.setAuthTag(bytes.subarray(1 + IV_BYTES, 1 + IV_BYTES + TAG_BYTES))
  return Buffer.concat([decipher.update(bytes.subarray(1 + IV_BYTES + TAG_BYTES)), decipher.final()])
}

function associatedData(place: Place): string {
  return `${place.table}\0${place.column}\0${place.key}`
}

/** HMAC-SHA-256 as base64url: how values of low entropy (phones, codes) are looked up or compared without being stored. */
export function keyedHash(key: Buffer, purpose: string, value: string): string {
  return createHmac('sha256', key).update(`${purpose}\0${value}`).digest('base64url')
}
