import { hash, randomInt, timingSafeEqual } from 'node:crypto'
import { randomBytes } from './random.ts'

/** The account number and subject: 1 000 000 000 … 2 147 483 647, so that 32-bit clients can hold it. */
export type AccountId = number

/** The `oid` of journal events that concern no account. */
export const NOBODY: AccountId = 0

/** 256 random bits as 43 base64url characters: for tickets, drafts and everything else that is looked up by possession. */
export function randomTicket(): string {
  return randomBytes(32).toString('base64url')
}

/** What is stored in place of a ticket: SHA-256, base64url. Enough for 256-bit secrets; short ones need a keyed hash. */
export function ticketHash(ticket: string): string {
  return hash('sha256', ticket, 'base64url')
}

/** `digits` uniformly random decimal digits. */
export function randomDigits(digits: number): string {
  return String(randomInt(0, 10 ** digits)).padStart(digits, '0')
}

const INCIDENT_ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'

/** Eight unambiguous characters that a citizen can read out to support; also the request id in the logs. */
export function incidentId(): string {
  let id = ''
  for (const byte of randomBytes(8)) id += INCIDENT_ALPHABET[byte % INCIDENT_ALPHABET.length]
  return id
}

/** Compares two strings in a time that tells nothing about where they differ. */
export function constantTimeEqual(a: string, b: string): boolean {
  const digest = (value: string) => hash('sha256', value, 'buffer')
  return timingSafeEqual(digest(a), digest(b))
}
