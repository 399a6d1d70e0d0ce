import { hash } from 'node:crypto'
import { sql } from 'kysely'

/** An event as it is stored: what it says stays sealed, so that erasing the account's key changes nothing here. */
export interface StoredEvent {
  readonly seq: number
  readonly account: number
  /** `2026-11-23T04:05:06.123456Z` */
  readonly at: string
  readonly type: string
  /** `2027-11-23` */
  readonly expires: string
  readonly payload: Uint8Array
}

/** Columns of a `StoredEvent`, but for `seq` being text. */
export const storedColumns = sql`seq::text as seq, oid as account, type, payload, to_char(expires_on, 'YYYY-MM-DD') as expires,
  to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at`

/** What `leafBytes` answers, made by the database: the rows themselves need not travel. */
export const leafColumn = sql`int8send(seq) || int4send(expires_on - date '1970-01-01') ||
  sha256(int4send(oid) || int8send((extract(epoch from at) * 1000000)::bigint)
    || int4send(octet_length(convert_to(type, 'UTF8'))) || convert_to(type, 'UTF8') || payload) as leaf`

/** What a tree tells of an event: enough to say which one is missing, and whether it had to go. */
export interface Leaf {
  readonly seq: number
  /** Days since 1970-01-01. */
  readonly expiryDay: number
  /** Of everything else in the row. */
  readonly digest: Uint8Array
}

const DIGEST_BYTES = 32
const LEAF_BYTES = 8 + 4 + DIGEST_BYTES
const MOMENT = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.(\d{6})Z$/

export const dayNumber = (date: string): number => Date.parse(date) / 86_400_000

/**
 * SHA-256 over account (4 bytes), microseconds since 1970 (8 bytes), length of the type (4 bytes), type (UTF-8), payload; numbers are signed
 * and big-endian.
 * @returns undefined for a time that this program never wrote
 */
function digestOf({ account, at, type, payload }: StoredEvent): Buffer | undefined {
  const moment = MOMENT.exec(at)
  if (!moment) return undefined
  const typeBytes = Buffer.from(type)
  const head = Buffer.alloc(16)
  head.writeInt32BE(account, 0)
  head.writeBigInt64BE(BigInt(Date.parse(`${moment[1]}Z`)) * 1000n + BigInt(moment[2]!), 4)
  head.writeInt32BE(typeBytes.length, 12)
  return hash('sha256', Buffer.concat([head, typeBytes, payload]), 'buffer')
}

/** @returns undefined for an event that this program never wrote */
export function leafOf(event: StoredEvent): Leaf | undefined {
  const digest = digestOf(event)
  return digest && { seq: event.seq, expiryDay: dayNumber(event.expires), digest }
}

/** What is hashed into the tree: number (8 bytes), day of expiry (4 bytes), digest. */
export function leafBytes({ seq, expiryDay, digest }: Leaf): Buffer {
  const head = Buffer.alloc(LEAF_BYTES - DIGEST_BYTES)
  head.writeBigInt64BE(BigInt(seq), 0)
  head.writeInt32BE(expiryDay, 8)
  return Buffer.concat([head, digest])
}

/** @returns undefined when these are not whole leaves */
export function leavesIn(bytes: Uint8Array): Leaf[] | undefined {
  if (bytes.length % LEAF_BYTES !== 0) return undefined
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  return Array.from({ length: all.length / LEAF_BYTES }, (_, index) => {
    const leaf = all.subarray(index * LEAF_BYTES, (index + 1) * LEAF_BYTES)
    return { seq: Number(leaf.readBigInt64BE(0)), expiryDay: leaf.readInt32BE(8), digest: leaf.subarray(12) }
  })
}
