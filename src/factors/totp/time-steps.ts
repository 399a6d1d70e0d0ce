import { generateURI, ScureBase32Plugin, verifySync } from 'otplib'
import { randomBytes } from '#src/kernel/random.ts'

/** RFC 4226, section 4, R6 recommends 160 bits. */
const SECRET_BYTES = 20
const PERIOD_SECONDS = 30
const DIGITS = 6
/** One step either way (RFC 6238, section 5.2). */
const DRIFT_SECONDS = PERIOD_SECONDS

const base32 = new ScureBase32Plugin()

export function newSecret(): Buffer {
  return randomBytes(SECRET_BYTES)
}

/**
 * The time step whose code this is: SHA-1, six digits, steps of 30 s from the epoch (RFC 6238).
 * @param code six ASCII digits
 * @param at Unix seconds
 * @returns undefined when it is the code of neither now nor one step before or after
 */
export function stepOfCode(secret: Buffer, code: string, at: number): number | undefined {
  const result = verifySync({
    secret,
    token: code,
    epoch: at,
    epochTolerance: DRIFT_SECONDS,
    period: PERIOD_SECONDS,
    digits: DIGITS,
  })
  return result.valid && 'timeStep' in result ? result.timeStep : undefined
}

/** The secret as people type it: Base32 without padding, in groups of four. */
export function groupsOf(secret: Buffer): string[] {
  return base32.encode(secret, { padding: false }).match(/.{1,4}/g) ?? []
}

/** What an authenticator app reads (Key URI Format of Google Authenticator). */
export function keyUri(secret: Buffer, { issuer, label }: { readonly issuer: string; readonly label: string }): string {
  return generateURI({
    issuer,
    label,
    secret: base32.encode(secret, { padding: false }),
    digits: DIGITS,
    period: PERIOD_SECONDS,
  })
}

/** Six digits as people type them, with spaces between; undefined for anything else. */
export function digitsOf(typed: string): string | undefined {
  const code = typed.replace(/[\s\u00a0-]/g, '')
  return /^\d{6}$/.test(code) ? code : undefined
}
